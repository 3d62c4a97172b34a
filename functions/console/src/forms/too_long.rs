//! A form that is too long: its page shows the longest field, to be shortened, and keeps the others.

use super::filled_form::label_id;
use super::retry::RetryForm;
use crate::error::LongForm;

/// The longest form that its page shows again, in bytes: a response can have 6 MB, and characters become longer in it.
const MAX_SHOWN: usize = 512 * 1024;

/// What the page of a form that is too long shows of it.
pub struct TooLongForm {
    /// Its longest field, if it was read.
    pub longest: Option<LongField>,
    /// All other fields, if they can be sent again.
    pub others: Option<RetryForm>,
}

/// The longest field of a form.
pub struct LongField {
    /// Its name.
    pub name: String,
    /// Id of the text that labels it, if it has one.
    pub label: Option<&'static str>,
    /// What is filled in.
    pub value: String,
    /// How long it may be, beside the others.
    pub room: usize,
}

impl TooLongForm {
    /// That of a form.
    pub fn of(form: &LongForm) -> Self {
        let (mut fields, limit) = (form.fields.clone(), form.limit);
        let length = |(name, value): &(String, String)| name.len() + value.len();
        let all: usize = fields.iter().map(length).sum();
        let index = fields.iter().enumerate().max_by_key(|(_, field)| length(field)).map(|(index, _)| index);
        let Some((name, value)) = index.map(|index| fields.remove(index)) else {
            return Self { longest: None, others: None };
        };
        let room = (limit + value.len()).saturating_sub(all);
        let is_secret = RetryForm::is_secret(&name, &value);
        let others =
            RetryForm::new(&form.path, fields).filter(|_| all <= MAX_SHOWN && !is_secret && room > 0);
        let longest = LongField { label: label_id(&name), name, value, room };
        Self { longest: Some(longest), others }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn long_form(sent: &[(&str, &str)], limit: usize) -> LongForm {
        LongForm { path: "/x".to_owned(), fields: fields(sent), limit }
    }

    #[test]
    fn longest_field_is_shown_and_the_others_are_kept() {
        let form = TooLongForm::of(&long_form(&[("a", "1"), ("title", "12345678"), ("b", "2")], 12));
        let longest = form.longest.expect("a field");
        assert_eq!(
            (longest.name.as_str(), longest.room, longest.label),
            ("title", 3, Some("template-title"))
        );
        assert_eq!(form.others.expect("kept").fields, fields(&[("a", "1"), ("b", "2")]));
    }

    #[test]
    fn what_must_not_be_shown_is_not() {
        let long = "x".repeat(MAX_SHOWN);
        let key = format!("-----BEGIN PRIVATE KEY-----{}", "x".repeat(100));
        for (name, value) in
            [("description", &long), ("public_key_pem", &key), ("client_secret", &"y".repeat(100))]
        {
            assert!(TooLongForm::of(&long_form(&[(name, value.as_str())], 50)).others.is_none(), "{name}");
        }
        let other = [("client_secret", "s"), ("description", "long text")];
        assert!(TooLongForm::of(&long_form(&other, 10)).others.is_none());
        assert!(!format!("{:?}", long_form(&other, 10)).contains("long text"));
    }
}
