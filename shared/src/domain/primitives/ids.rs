//! Identifiers. All consist of unreserved URL characters (RFC 3986 §2.3) without `~`, which Secrets Manager does not allow
//! in a name, so that none needs escaping in a path, a key or a log.

use crate::domain::client::client_secret;
use crate::domain::oauth::refresh_token;
use crate::domain::primitives::base62;
use crate::domain::primitives::validation::{FieldError, FromJson, from_string, invalid};
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

/// Starts of ids that cannot be chosen, in any case: those of generated ids and of secrets, those of Latchkey's own clients
/// and actors, and URLs, which are ids of clients that publish their metadata.
const RESERVED_PREFIXES: [&str; 8] =
    ["member_", "user_", "lk_", "lks_", "lkr_", "latchkey", "http:", "https:"];

fn has_reserved_prefix(text: &str) -> bool {
    RESERVED_PREFIXES
        .iter()
        .any(|prefix| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

/// An identifier that a caller chooses for something new. Stored ones may be older than its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenId<T>(T);

impl<T> ChosenId<T> {
    /// The identifier.
    pub fn into_inner(self) -> T {
        self.0
    }
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

            /// Whether it starts with what only Latchkey itself uses, or what looks like a URL.
            #[must_use]
            pub fn is_reserved(&self) -> bool {
                has_reserved_prefix(&self.0)
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

        impl FromJson for ChosenId<$name> {
            fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
                let id = $name::from_json(value)?;
                if id.is_reserved() { invalid(RESERVED) } else { Ok(Self(id)) }
            }
        }
    };
}

const RESERVED: &str = "must not start with member_, user_, lk_, lks_, lkr_, latchkey, http: or https:, in any case: these are reserved";

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
identifier! {
    /// Id of a template.
    TemplateId
}

impl ClientId {
    /// A new id of 128 random bits: `lk_` and 22 characters.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        Self(format!("lk_{}", base62::encode(&bytes, 22)))
    }
}

impl ClientId {
    /// Whether it is among the ids that callers of this account may choose: the account's id, a separator and more. So no
    /// account can try or take the ids of another.
    #[must_use]
    pub fn is_within(&self, account: &AccountId) -> bool {
        let rest = self.0.strip_prefix(account.as_str());
        rest.is_some_and(|rest| rest.len() > 1 && rest.starts_with(['-', '.', '_']))
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

    #[test]
    fn reserved_prefixes_cannot_be_chosen_in_any_case() {
        for prefix in RESERVED_PREFIXES {
            for text in [prefix.to_owned(), format!("{prefix}x"), prefix.to_uppercase()] {
                assert!(has_reserved_prefix(&text), "{text}");
            }
        }
        for text in ["Latchkey-Operator", "latchkey.expiry", "LK_a", "Member_1", "latchkey"] {
            assert!(ClientId::parse(text).expect("stored ones go on").is_reserved(), "{text}");
            assert!(ChosenId::<ClientId>::from_json(&Value::from(text)).is_err(), "{text}");
        }
        for text in ["T1-latchkey", "lk", "key", "https"] {
            assert!(ChosenId::<ResourceId>::from_json(&Value::from(text)).is_ok(), "{text}");
        }
    }

    #[test]
    fn ids_of_an_account_start_with_its_id() {
        let account = AccountId::parse("T1").expect("legal");
        let is_within = |text| ClientId::parse(text).expect("legal").is_within(&account);
        for text in ["T1-a", "T1.a", "T1_a", "T1-a-b"] {
            assert!(is_within(text), "{text}");
        }
        for text in ["T1", "T1-", "T1a", "T2-a", "t1-a", "a-T1-a", "T11-a"] {
            assert!(!is_within(text), "{text}");
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
