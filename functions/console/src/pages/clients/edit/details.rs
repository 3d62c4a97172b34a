//! The details of a client as a form has them.

use crate::forms::Form;
use serde_json::{Map, Value, json};
use shared::domain::client::Client;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::validation::{Field, FromJson, Validator};
use shared::services::clients::{ClientChange, ClientMetadata};

/// What the details were when the page was loaded: hidden fields with this prefix.
const BEFORE_PREFIX: &str = "was_";

/// A detail: the member of the API that the field is called after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    Name,
    Description,
    Website,
    Contacts,
}

/// The details of a client as text, one for each [`Detail`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details([String; 4]);

impl Detail {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Name, Self::Description, Self::Website, Self::Contacts];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "client_name",
            Self::Description => "description",
            Self::Website => "client_uri",
            Self::Contacts => "contacts",
        }
    }

    /// Id of its label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "label-client-name",
            Self::Description => "label-description",
            Self::Website => "label-client-uri",
            Self::Contacts => "label-contacts",
        }
    }
}

impl Details {
    /// Those of a client.
    pub fn of(client: &Client) -> Self {
        let contacts: Vec<_> = client.contacts.iter().map(EmailAddress::as_str).collect();
        Self([
            client.client_name.to_string(),
            client.description.to_string(),
            client.client_uri.as_ref().map(|uri| uri.as_str().to_owned()).unwrap_or_default(),
            contacts.join("\n"),
        ])
    }

    /// Those that a form has filled in.
    pub fn filled_in(form: &Form) -> Self {
        Self(Detail::ALL.map(|detail| tidy(form.get(detail.name()))))
    }

    /// Those that the page had when it was loaded.
    pub fn before(form: &Form) -> Self {
        Self(Detail::ALL.map(|detail| tidy(form.get(&format!("{BEFORE_PREFIX}{}", detail.name())))))
    }

    /// One of them.
    pub fn get(&self, detail: Detail) -> &str {
        &self.0[detail as usize]
    }

    /// Those that differ.
    pub fn differing(&self, other: &Self) -> Vec<Detail> {
        Detail::ALL.into_iter().filter(|detail| self.get(*detail) != other.get(*detail)).collect()
    }

    /// These, with some of the others'.
    pub fn with(mut self, others: &Self, which: &[Detail]) -> Self {
        for detail in which {
            others.get(*detail).clone_into(&mut self.0[*detail as usize]);
        }
        self
    }

    /// The fields of a form.
    pub fn fields(&self) -> Form {
        Detail::ALL.iter().map(|detail| (detail.name().to_owned(), self.get(*detail).to_owned())).collect()
    }

    /// Names and values of the hidden fields that keep them.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let hidden =
            |detail: &Detail| (format!("{BEFORE_PREFIX}{}", detail.name()), self.get(*detail).to_owned());
        Detail::ALL.iter().map(hidden).collect()
    }

    /// The members that are changed, as the API takes them.
    pub fn to_json(&self, changed: &[Detail]) -> Map<String, Value> {
        let value = |detail: Detail| match (detail, self.get(detail)) {
            (Detail::Contacts, text) => json!(text.lines().collect::<Vec<_>>()),
            (Detail::Website, "") => Value::Null,
            (_, text) => json!(text),
        };
        changed.iter().map(|detail| (detail.name().to_owned(), value(*detail))).collect()
    }

    /// The change of the client that sets these members.
    pub fn to_change(&self, changed: &[Detail]) -> ClientChange {
        let json = self.to_json(changed);
        let metadata = ClientMetadata {
            client_name: read(&json, Detail::Name),
            description: read(&json, Detail::Description),
            client_uri: read(&json, Detail::Website),
            contacts: read(&json, Detail::Contacts),
            ..ClientMetadata::default()
        };
        ClientChange { metadata, errors: Validator::new() }
    }
}

fn read<T: FromJson>(json: &Map<String, Value>, detail: Detail) -> Field<T> {
    json.get(detail.name()).map_or(Field::Missing, |value| Field::Present(T::from_json(value)))
}

/// A text without spaces at its ends and those of its lines, and without empty lines.
fn tidy(text: Option<&str>) -> String {
    let lines = text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Form {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_differs_from_the_loaded_page_is_changed() {
        let form = form(&[
            ("client_name", "New"),
            ("was_client_name", "Old"),
            ("description", "Same "),
            ("was_description", "Same"),
            ("contacts", " a@x.example\r\n\r\nb@x.example "),
            ("was_contacts", "a@x.example\nb@x.example"),
            ("was_client_uri", "https://x.example"),
        ]);
        let (filled, before) = (Details::filled_in(&form), Details::before(&form));
        let changed = filled.differing(&before);
        assert_eq!(changed, [Detail::Name, Detail::Website]);
        assert_eq!(
            Value::from(filled.to_json(&changed)),
            json!({ "client_name": "New", "client_uri": null })
        );
        assert_eq!(filled.to_json(&[Detail::Contacts])["contacts"], json!(["a@x.example", "b@x.example"]));
    }

    #[test]
    fn what_another_person_changed_stays_unless_it_was_changed_here_too() {
        let theirs = Details::filled_in(&form(&[("client_name", "Theirs"), ("description", "Theirs")]));
        let mine = Details::filled_in(&form(&[("client_name", "Mine")]));
        let kept = theirs.clone().with(&mine, &[Detail::Name]);
        assert_eq!((kept.get(Detail::Name), kept.get(Detail::Description)), ("Mine", "Theirs"));
    }
}
