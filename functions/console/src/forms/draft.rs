//! What is kept of a form while its person proves who they are: not what proves or opens anything.

use crate::forms::retry::RetryForm;
use crate::forms::{DRAFT_FIELD, Form};
use shared::adapters::crypto::key_reader::read_text;
use shared::web::cross_site::CSRF_FIELD;

/// The fields that hold keys. Only what is nothing but public keys is kept, and of files and sets nothing.
const KEY_FIELD: &str = "public_key_pem";
const KEY_SETS: [&str; 2] = ["file", "jwks"];

impl Form {
    /// What was filled in, encoded, without what must not be stored: tokens, codes, secrets, and keys that may be private.
    /// `None` if nothing is left.
    pub fn to_draft(&self) -> Option<String> {
        let is_kept = |name: &str, value: &str| {
            !value.is_empty()
                && ![CSRF_FIELD, DRAFT_FIELD].contains(&name)
                && !KEY_SETS.contains(&name)
                && !RetryForm::is_secret(name, value)
                && (name != KEY_FIELD || is_public(value))
        };
        let kept = self.pairs().filter(|(name, value)| is_kept(name, value));
        let fields = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
        (!fields.is_empty()).then_some(fields)
    }

    /// The form of what was kept.
    pub fn from_draft(fields: &str) -> Self {
        form_urlencoded::parse(fields.as_bytes()).into_owned().collect()
    }
}

/// Whether a text is public keys and nothing else.
fn is_public(text: &str) -> bool {
    read_text(text).is_ok_and(|read| read.ignored.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_kept_without_what_proves_or_opens_anything() {
        let pem = "-----BEGIN PUBLIC KEY-----\n\
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7Ltk\
            BoN79R9Q==\n-----END PUBLIC KEY-----\n";
        let fields = [
            (CSRF_FIELD, "marked"),
            (DRAFT_FIELD, "marked"),
            ("client_name", "Ann & Ben"),
            ("scope", "api one"),
            ("scope", "api two"),
            ("client_secret", "marked"),
            ("token", "marked"),
            ("code", "marked"),
            ("description", "-----BEGIN PRIVATE KEY-----marked"),
            ("jwks", "{\"keys\":[{\"k\":\"marked\"}]}"),
            ("file", "marked"),
            ("label", ""),
        ];
        let form = |key: &str| -> Form {
            let fields = fields.into_iter().chain([(KEY_FIELD, key)]);
            fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let kept = form("{\"kty\":\"oct\",\"k\":\"marked\"}").to_draft().expect("something is kept");
        assert_eq!(kept, "client_name=Ann+%26+Ben&scope=api+one&scope=api+two");
        let kept = Form::from_draft(&form(pem).to_draft().expect("something is kept"));
        assert_eq!(kept.get(KEY_FIELD), Some(pem));
        let nothing: Form = [(CSRF_FIELD.to_owned(), "x".to_owned())].into_iter().collect();
        assert_eq!(nothing.to_draft(), None);
    }
}
