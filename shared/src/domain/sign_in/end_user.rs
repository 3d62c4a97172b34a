//! The person that a client acts for, with the subject of its tokens: a member of the client's account or, where that account
//! lets everyone sign in, any other end user.

use crate::domain::oauth::token_generation::is_first_generation;
use crate::domain::primitives::email::EmailAddress;
use serde::{Deserialize, Serialize};
use std::fmt;
use strum::IntoStaticStr;

/// What a subject identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SubjectType {
    /// A member of the client's account.
    Member,
    /// A person who is no member, as one account sees them.
    EndUser,
}

impl SubjectType {
    /// The name in JSON and in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The prefix of its subjects. The subject of tokens without a person is a client id: a generated one has another
    /// prefix, and a chosen one can have neither of these and cannot be as long.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Member => "member_",
            Self::EndUser => "user_",
        }
    }
}

/// `sub` of a person's tokens (RFC 9068 §2.2): opaque.
///
/// A member's is unchanged while the membership lasts. A member who is removed and added again, or who gets the address of a
/// former member, is another subject. An end user's is the same for the same account and the same user of the provider, or
/// the same mailbox.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

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
        Self(format!("{}{hex}", SubjectType::Member.prefix()))
    }

    /// The subject of an end user who is no member, from a keyed digest of 256 bits.
    #[must_use]
    pub fn of_end_user(digest: &[u8; 32]) -> Self {
        Self(format!("{}{}", SubjectType::EndUser.prefix(), hex::encode(digest)))
    }

    /// The subject of a new member.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 32]) -> Self {
        Self::of_digest(&hex::encode(bytes))
    }

    /// Parses a subject: prefix, length and digits.
    pub fn parse(text: &str) -> Result<Self, InvalidSubject> {
        let prefixes = [SubjectType::Member.prefix(), SubjectType::EndUser.prefix()];
        let digits =
            prefixes.into_iter().find_map(|prefix| text.strip_prefix(prefix)).ok_or(InvalidSubject)?;
        let well_formed =
            digits.len() == DIGITS && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidSubject) }
    }

    /// What it identifies.
    #[must_use]
    pub fn subject_type(&self) -> SubjectType {
        if self.0.starts_with(SubjectType::EndUser.prefix()) {
            SubjectType::EndUser
        } else {
            SubjectType::Member
        }
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

/// A person who has signed in (OpenID Connect Core 1.0 §1.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndUser {
    /// The subject in tokens.
    pub sub: Subject,
    /// The address of the member, or the one that the end user has proved.
    pub email: EmailAddress,
    /// The member's `token_generation` at the sign-in. One of an earlier generation is not signed in any more.
    #[serde(default, skip_serializing_if = "is_first_generation")]
    pub token_generation: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_tells_its_type_and_is_no_valid_client_id() {
        use crate::domain::primitives::ids::ClientId;
        for (subject, subject_type) in [
            (Subject::of_digest(&"a".repeat(DIGITS)), SubjectType::Member),
            (Subject::of_end_user(&[0xaa; 32]), SubjectType::EndUser),
        ] {
            assert_eq!(Subject::parse(subject.as_str()), Ok(subject.clone()));
            assert_eq!(subject.subject_type(), subject_type);
            assert!(ClientId::parse(subject.as_str()).is_err(), "too long for one");
        }
        for text in
            ["", "member_", "member_abc", "user_abc", "lk_abc", &format!("user_{}", "G".repeat(DIGITS))]
        {
            assert_eq!(Subject::parse(text), Err(InvalidSubject), "{text}");
        }
    }
}
