//! Identifiers. All consist of unreserved URL characters (RFC 3986 §2.3) without `~`, which Secrets Manager does not allow
//! in a name, so that none needs escaping in a path, a key or a log.

use crate::domain::client::client_secret;
use crate::domain::oauth::refresh_token;
use crate::domain::primitives::base62;
use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The longest identifier, in bytes.
pub const MAX_ID_LENGTH: usize = 64;

/// Error of a text that is no identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to 64 of the characters A-Z a-z 0-9 . _ -, start with a letter or a digit, and not with lks_ or lkr_"
)]
pub struct InvalidId;

fn check(text: &str) -> Result<(), InvalidId> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let good = !text.is_empty()
        && text.len() <= MAX_ID_LENGTH
        && text.as_bytes()[0].is_ascii_alphanumeric()
        && text.bytes().all(allowed)
        // An id is logged, so a secret that was pasted in its place must not be accepted.
        && !text.starts_with(client_secret::PREFIX)
        && !text.starts_with(refresh_token::PREFIX);
    if good { Ok(()) } else { Err(InvalidId) }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks the characters and the length.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                check(text).map(|()| Self(text.to_owned()))
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                check(&text).map(|()| Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl FromJson for $name {
            fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
                from_string(value, Self::parse)
            }
        }
    };
}

identifier! {
    /// `client_id` (RFC 6749 §2.2). Not reused after its client is deleted.
    ClientId
}
identifier! {
    /// Id of an account: `T` and eight digits if generated, any identifier if chosen by the operator.
    AccountId
}
identifier! {
    /// Id of a secret. 32 hexadecimal digits, because it is also the request token and the staging label of its version in
    /// Secrets Manager.
    SecretId
}
identifier! {
    /// Id of a resource.
    ResourceId
}

impl ClientId {
    /// A new id of 128 random bits: `lk_` and 22 characters.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        Self(format!("lk_{}", base62::encode(&bytes, 22)))
    }
}

impl AccountId {
    /// A new id: `T` and eight digits. Short enough to dictate, so it may already exist.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        let number = u128::from_be_bytes(bytes) % 100_000_000;
        Self(format!("T{number:08}"))
    }
}

impl SecretId {
    /// A new id of 128 random bits.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn generated_ids_are_valid() {
        for byte in [0, 1, 0x7f, 0xff] {
            assert!(ClientId::parse(ClientId::from_random_bytes([byte; 16]).as_str()).is_ok());
            assert_eq!(AccountId::from_random_bytes([byte; 16]).as_str().len(), 9);
            assert_eq!(SecretId::from_random_bytes([byte; 16]).as_str().len(), 32);
        }
    }

    #[test]
    fn key_separators_and_url_syntax_are_rejected() {
        for text in
            ["", "a#b", "a/b", "a b", "a%20", "-a", ".a", "ä", "a~", "lks_a", "lkr_a", &"a".repeat(65)]
        {
            assert_eq!(ClientId::parse(text), Err(InvalidId), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_accepted_id_needs_no_escaping(text in "\\PC{0,70}") {
            if let Ok(id) = ResourceId::parse(&text) {
                prop_assert!(id.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
            }
        }
    }
}
