//! The end user that a client acts for: a member of its account, with the subject of its tokens.

use crate::domain::oauth::token_generation::is_first_generation;
use crate::domain::primitives::email::EmailAddress;
use serde::{Deserialize, Serialize};
use std::fmt;

/// `sub` of an end user's tokens (RFC 9068 §2.2): opaque, and unchanged while the membership lasts. A member who is removed
/// and added again, or who gets the address of a former member, is another subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

/// Prefix of every subject of an end user. The subject of tokens without an end user is a client id: a generated one has
/// another prefix, and a chosen one cannot be as long.
const PREFIX: &str = "member_";
/// 256 bits in hexadecimal.
const DIGITS: usize = 64;

/// Error of a text that is no end user's subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed subject")]
pub struct InvalidSubject;

impl Subject {
    /// The subject of a member, from a digest that is unique to the membership, in hexadecimal.
    #[must_use]
    pub fn of_digest(hex: &str) -> Self {
        Self(format!("{PREFIX}{hex}"))
    }

    /// The subject of a new member.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 32]) -> Self {
        Self::of_digest(&hex::encode(bytes))
    }

    /// Parses a subject: prefix, length and digits.
    pub fn parse(text: &str) -> Result<Self, InvalidSubject> {
        let digits = text.strip_prefix(PREFIX).ok_or(InvalidSubject)?;
        let well_formed =
            digits.len() == DIGITS && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidSubject) }
    }

    /// The subject as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An end user who has signed in (OpenID Connect Core 1.0 §1.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndUser {
    /// The subject in tokens.
    pub sub: Subject,
    /// The address of the member.
    pub email: EmailAddress,
    /// The member's `token_generation` at the sign-in. One of an earlier generation is not signed in any more.
    #[serde(default, skip_serializing_if = "is_first_generation")]
    pub token_generation: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_no_valid_client_id() {
        use crate::domain::primitives::ids::ClientId;
        let subject = Subject::of_digest(&"a".repeat(DIGITS));
        assert_eq!(Subject::parse(subject.as_str()), Ok(subject.clone()));
        assert!(ClientId::parse(subject.as_str()).is_err(), "too long for one");
        for text in ["", "member_", "member_abc", "lk_abc", &format!("member_{}", "G".repeat(DIGITS))] {
            assert_eq!(Subject::parse(text), Err(InvalidSubject), "{text}");
        }
    }
}
