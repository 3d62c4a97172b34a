//! The secret of Latchkey's client at the provider.

use serde::Deserialize;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The client secret, as the provider issued it.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct ProviderSecret(String);

/// The stored secret has neither of the two forms. Repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the client secret alone, or JSON with client_secret")]
pub(super) struct InvalidProviderSecret;

/// Other members are ignored.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
struct Document {
    client_secret: String,
}

impl ProviderSecret {
    /// Parses the bare secret, or JSON whose member `client_secret` it is. Surrounding white space is ignored.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidProviderSecret> {
        let text = text.trim();
        let secret = if text.starts_with('{') {
            let document: Document = serde_json::from_str(text).map_err(|_| InvalidProviderSecret)?;
            document.client_secret.clone()
        } else {
            text.to_owned()
        };
        if secret.is_empty() { Err(InvalidProviderSecret) } else { Ok(Self(secret)) }
    }

    /// The text, for the token request and nothing else.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ProviderSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProviderSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_the_text_or_a_member_of_json() {
        for text in [
            "s3cret",
            " s3cret\n",
            r#"{"client_secret":"s3cret"}"#,
            r#"{"client_id":"a","client_secret":"s3cret"}"#,
        ] {
            assert_eq!(ProviderSecret::parse(text).expect(text).expose(), "s3cret");
        }
        for text in
            ["", "  ", "{", "{}", r#"{"client_secret":""}"#, r#"{"client_secret":7}"#, r#"{"secret":"x"}"#]
        {
            assert_eq!(ProviderSecret::parse(text).err(), Some(InvalidProviderSecret), "{text}");
        }
    }

    #[test]
    fn debug_is_redacted() {
        let secret = ProviderSecret::parse("s3cret").expect("legal");
        assert_eq!(format!("{secret:?}"), "ProviderSecret(…)");
    }
}
