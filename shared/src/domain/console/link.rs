//! Links that sign a member in to the console once, without a proof of their mailbox.

use crate::domain::audit::Actor;
use crate::domain::console::path::ConsolePath;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::base62;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::end_user::Subject;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How long a link that a program issues can be used: the browser follows it at once.
pub const LIFETIME: SignedDuration = SignedDuration::from_secs(60);

/// How long the link can be used that the bootstrap issues: a person copies it from the output of a command into a browser,
/// perhaps on another computer.
pub const OPERATOR_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

const DIGITS: usize = 43;

/// The last segment of a link: 256 random bits in base 62.
///
/// It has no `Clone` and no `Serialize`, its `Debug` is redacted, and its memory is zeroized.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ConsoleLinkToken(String);

/// Error of a text that is no token of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed token of a link")]
pub struct InvalidLinkToken;

impl ConsoleLinkToken {
    /// A token of 256 random bits.
    #[must_use]
    pub fn from_random_bytes(mut bytes: [u8; 32]) -> Self {
        let token = Self(base62::encode(&bytes, DIGITS));
        bytes.zeroize();
        token
    }

    /// Parses a presented token: length and characters.
    pub fn parse(text: &str) -> Result<Self, InvalidLinkToken> {
        if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidLinkToken)
        }
    }

    /// The text, for the link and to compute its digest.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ConsoleLinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConsoleLinkToken(…)")
    }
}

/// A link, as it is stored under the digest of its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleLink {
    /// The member's account.
    pub account_id: AccountId,
    /// The member.
    pub email: EmailAddress,
    /// The member's `sub`: a person who is removed and added again is another member.
    pub sub: Subject,
    /// The page that it leads to.
    pub to: ConsolePath,
    /// The scopes of its issuer: the session has none beside these.
    pub scopes: BTreeSet<ManagementScope>,
    /// The issuer.
    pub issued_by: Actor,
    /// It can be used while `now < expires_at`.
    pub expires_at: Timestamp,
    /// When it was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// Whether a link can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It can.
    Usable,
    /// It was used.
    Used,
    /// It has expired, unused.
    Expired,
}

impl ConsoleLink {
    /// Whether it can be used at this instant.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> LinkState {
        match self.used_at {
            Some(_) => LinkState::Used,
            None if now < self.expires_at => LinkState::Usable,
            None => LinkState::Expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_parsed_and_not_printed() {
        let token = ConsoleLinkToken::from_random_bytes([7; 32]);
        assert_eq!(ConsoleLinkToken::parse(token.expose()).expect("its own").expose(), token.expose());
        assert_eq!(format!("{token:?}"), "ConsoleLinkToken(…)");
        for text in ["", &"a".repeat(42), &"a".repeat(44), &format!("{}-", "a".repeat(42))] {
            assert!(ConsoleLinkToken::parse(text).is_err(), "{text}");
        }
    }
}
