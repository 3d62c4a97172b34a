//! The person for whom a client acts: a member of its account, as tokens know them.

use crate::domain::primitives::email::EmailAddress;
use serde::{Deserialize, Serialize};
use std::fmt;

/// `sub` of a person's tokens (RFC 9068 §2.2): opaque, and the same for as long as they are a member. Somebody who
/// joins again, or who gets the address of somebody who left, is another person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

/// What every subject starts with. A client's id is the subject of tokens without a person; none starts so when
/// Latchkey made it, and a chosen one cannot be as long.
const PREFIX: &str = "member_";
/// 256 bits in hexadecimal.
const DIGITS: usize = 64;

/// Not a subject that Latchkey made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed subject")]
pub struct InvalidSubject;

impl Subject {
    /// Of a digest over what makes a member this one.
    #[must_use]
    pub fn of_digest(hex: &str) -> Self {
        Self(format!("{PREFIX}{hex}"))
    }

    /// Takes a text that has the form of one.
    pub fn parse(text: &str) -> Result<Self, InvalidSubject> {
        let digits = text.strip_prefix(PREFIX).ok_or(InvalidSubject)?;
        let formed =
            digits.len() == DIGITS && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if formed { Ok(Self(text.to_owned())) } else { Err(InvalidSubject) }
    }

    /// As text.
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

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndUser {
    /// Who they are in tokens.
    pub sub: Subject,
    /// Who they are among the members of their account.
    pub email: EmailAddress,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_never_a_client_id() {
        use crate::domain::primitives::ids::ClientId;
        let subject = Subject::of_digest(&"a".repeat(DIGITS));
        assert_eq!(Subject::parse(subject.as_str()), Ok(subject.clone()));
        assert!(ClientId::parse(subject.as_str()).is_err(), "too long for one");
        for text in ["", "member_", "member_abc", "lk_abc", &format!("member_{}", "G".repeat(DIGITS))] {
            assert_eq!(Subject::parse(text), Err(InvalidSubject), "{text}");
        }
    }
}
