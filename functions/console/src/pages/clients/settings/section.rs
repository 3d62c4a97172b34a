//! The settings of a client as forms have them: parts that are saved each by itself.

use crate::forms::{Form, lifetime};
use serde_json::{Map, Value, json};
use shared::domain::client::Client;
use shared::domain::client::GrantType;
use shared::domain::primitives::validation::{Field, FieldError, FromJson, Validator};
use shared::services::clients::{ClientChange, ClientMetadata};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A part of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Section {
    Lifetimes,
    Addresses,
    Redirects,
    Grants,
    Secrets,
}

impl Section {
    /// All of them, in the order of the page.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Its name in forms.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Its members, as the API calls them.
    pub const fn members(self) -> &'static [&'static str] {
        match self {
            Self::Lifetimes => &["access_token_lifetime", "refresh_token_lifetime"],
            Self::Addresses => &["allowed_ips"],
            Self::Redirects => &["redirect_uris"],
            Self::Grants => &["grant_types"],
            Self::Secrets => &["secret_storage", "secret_display"],
        }
    }

    /// The members of a client, as the API shows them.
    pub fn to_json(self, client: &Client) -> Map<String, Value> {
        let value = |member: &str| match member {
            "access_token_lifetime" => json!(client.access_token_lifetime),
            "refresh_token_lifetime" => json!(client.refresh_token_lifetime),
            "allowed_ips" => json!(client.allowed_ips),
            "redirect_uris" => json!(client.redirect_uris),
            "grant_types" => json!(client.grant_types),
            "secret_storage" => json!(client.secret_storage),
            _ => json!(client.secret_display),
        };
        self.members().iter().map(|member| ((*member).to_owned(), value(member))).collect()
    }

    /// The fields of a form with the members of a client: lists with one value a line, lifetimes in the largest unit that
    /// says them exactly.
    pub fn fields(self, client: &Client) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for (member, value) in self.to_json(client) {
            match value {
                Value::Number(seconds) => {
                    let seconds =
                        seconds.as_u64().and_then(|seconds| u32::try_from(seconds).ok()).unwrap_or(0);
                    fields.extend(lifetime::fields(&member, seconds));
                }
                Value::Array(values) if self == Self::Grants => {
                    fields.extend(
                        values.iter().filter_map(Value::as_str).map(|text| (member.clone(), text.to_owned())),
                    );
                }
                Value::Array(values) => {
                    let lines: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
                    fields.push((member, lines.join("\n")));
                }
                other => fields.push((member, other.as_str().unwrap_or_default().to_owned())),
            }
        }
        fields
    }

    /// The fields of this part in a form that was sent.
    pub fn sent(self, form: &Form) -> Vec<(String, String)> {
        let of = |member: &str| -> Vec<(String, String)> {
            let unit = format!("{member}{}", lifetime::UNIT_FIELD);
            let names = [member.to_owned(), unit];
            names
                .into_iter()
                .flat_map(|name| {
                    form.all(&name).map(|value| (name.clone(), value.to_owned())).collect::<Vec<_>>()
                })
                .collect()
        };
        self.members().iter().flat_map(|member| of(member)).collect()
    }

    /// The change that a form makes.
    pub fn change(self, form: &Form) -> ClientChange {
        let mut metadata = ClientMetadata::default();
        match self {
            Self::Lifetimes => {
                metadata.access_token_lifetime = seconds(form, "access_token_lifetime");
                metadata.refresh_token_lifetime = seconds(form, "refresh_token_lifetime");
            }
            Self::Addresses => metadata.allowed_ips = lines(form, "allowed_ips"),
            Self::Redirects => metadata.redirect_uris = lines(form, "redirect_uris"),
            Self::Grants => {
                let grants: Vec<&str> = form.all("grant_types").collect();
                metadata.grant_types = Field::Present(Vec::<GrantType>::from_json(&json!(grants)));
            }
            Self::Secrets => {
                metadata.secret_display = name(form, "secret_display");
                metadata.secret_storage = name(form, "secret_storage");
            }
        }
        ClientChange { metadata, errors: Validator::new() }
    }
}

/// A lifetime; one that the form does not have stays.
fn seconds(form: &Form, member: &str) -> Field<u32> {
    let unit = format!("{member}{}", lifetime::UNIT_FIELD);
    if form.get(member).is_none() && form.get(&unit).is_none() {
        return Field::Missing;
    }
    let error = || vec![FieldError::new("", "must be a whole number")];
    Field::Present(lifetime::seconds(form, member).ok_or_else(error))
}

/// A list with one value a line. An error says in which line it is.
fn lines<T: FromJson>(form: &Form, member: &str) -> Field<Vec<T>> {
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for (index, line) in form.get(member).unwrap_or_default().lines().map(str::trim).enumerate() {
        if line.is_empty() {
            continue;
        }
        match T::from_json(&json!(line)) {
            Ok(value) => values.push(value),
            Err(found) => errors.extend(
                found
                    .into_iter()
                    .map(|error| FieldError::new("", format!("line {}: {}", index + 1, error.detail))),
            ),
        }
    }
    Field::Present(if errors.is_empty() { Ok(values) } else { Err(errors) })
}

/// One of several names; a member that the form does not have stays.
fn name<T: FromJson>(form: &Form, member: &str) -> Field<T> {
    form.get(member).map_or(Field::Missing, |name| Field::Present(T::from_json(&json!(name))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use shared::domain::primitives::display_text::Name;
    use shared::domain::primitives::ids::{AccountId, ClientId};

    fn client() -> Client {
        let (id, account) =
            (ClientId::parse("c1").expect("legal"), AccountId::parse("T12345678").expect("legal"));
        Client::new(id, account, Name::parse("Order sync").expect("legal"), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn form_that_is_sent_as_it_was_shown_changes_nothing() {
        for (access, refresh) in [(3_600, 1_209_600), (61, 86_401), (259_200, 3_600), (60, 60)] {
            let client =
                Client { access_token_lifetime: access, refresh_token_lifetime: refresh, ..client() };
            for section in Section::ALL {
                let form: Form = section.fields(&client).into_iter().collect();
                let metadata = section.change(&form).metadata;
                let same = |field: &Field<u32>, value| match field {
                    Field::Missing => true,
                    Field::Present(read) => *read == Ok(value),
                };
                assert!(same(&metadata.access_token_lifetime, access), "{access}");
                assert!(same(&metadata.refresh_token_lifetime, refresh), "{refresh}");
                if *section == Section::Grants {
                    assert!(
                        matches!(&metadata.grant_types, Field::Present(Ok(grants)) if *grants == client.grant_types)
                    );
                }
            }
        }
    }

    #[test]
    fn error_of_a_list_names_its_line() {
        let text = "203.0.113.9\r\n\r\nnowhere\r\n";
        let form: Form = [("allowed_ips".to_owned(), text.to_owned())].into_iter().collect();
        let Field::Present(Err(errors)) = Section::Addresses.change(&form).metadata.allowed_ips else {
            panic!("an address is wrong");
        };
        assert!(errors.len() == 1 && errors[0].detail.starts_with("line 3: "), "{errors:?}");
    }
}
