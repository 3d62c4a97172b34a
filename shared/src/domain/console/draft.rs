//! A form that a person has filled in, kept on the server while they prove who they are.

use crate::domain::primitives::ids::AccountId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a form is kept.
pub const DRAFT_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// The longest form that is kept, encoded, in bytes. A form that is sent is no longer, but for what the encoding adds.
pub const MAX_DRAFT: usize = 128 * 1024;

/// How many forms of a person are kept. One more takes the place of another one.
pub const MAX_DRAFTS: u8 = 8;

/// Hexadecimal digits of an id: 128 random bits.
const DIGITS: usize = 32;

/// The id of a draft. It stands in the URL of the form's page, and opens nothing without a session of the same person.
#[derive(Clone, PartialEq, Eq)]
pub struct DraftId(String);

impl DraftId {
    /// An id of 128 random bits.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; DIGITS / 2]) -> Self {
        Self(hex::encode(bytes))
    }

    /// Parses an id; `None` if the text does not have the form of one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == DIGITS && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// The id, as it stands in the URL.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Which of the places of a person's drafts it has.
    #[must_use]
    pub fn slot(&self) -> u8 {
        u8::from_str_radix(&self.0[..2], 16).unwrap_or_default() % MAX_DRAFTS
    }
}

impl fmt::Debug for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DraftId(…)")
    }
}

/// A form that was filled in, as it is stored below the person's address. No secret, no key and no token is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormDraft {
    /// The digest of its id.
    pub digest: String,
    /// The account that it is about, or is sent in.
    pub account_id: AccountId,
    /// The path of its page, and that it is sent to.
    pub path: String,
    /// What was filled in, as `application/x-www-form-urlencoded`.
    pub fields: String,
    /// It is not shown any more from then on.
    pub expires_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_32_digits_and_has_one_of_eight_places() {
        for byte in 0..=u8::MAX {
            let id = DraftId::from_random_bytes([byte; 16]);
            assert_eq!(DraftId::parse(id.expose()), Some(id.clone()));
            assert!(id.slot() < MAX_DRAFTS);
            assert!(!format!("{id:?}").contains(id.expose()));
        }
        for other in ["", "0", &"g".repeat(32), &"A".repeat(32), &"0".repeat(33)] {
            assert_eq!(DraftId::parse(other), None, "{other}");
        }
    }
}
