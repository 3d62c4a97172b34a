//! Sign-ins: from an authorization request to the authorization response, or to a session of the console.

pub mod code_limits;
pub mod consent;
mod email_code;
pub mod end_user;
pub mod id_token;
pub mod idp_error;
pub mod known_browser;
pub mod one_time_code;
pub mod purpose;
pub mod rate_limit;
pub mod standard_claims;

pub use email_code::{CODE_LIFETIME, EmailCode, MAX_ATTEMPTS};

use crate::domain::oauth::lifetime::is_before_expiry;
use crate::domain::primitives::base62;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::end_user::EndUser;
use crate::domain::sign_in::purpose::SignInPurpose;
use crate::domain::sign_in::rate_limit::RateLimit;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Lifetime of a sign-in.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// The most steps of one sign-in. A person takes four, and some more for each code that did not arrive.
pub const MAX_STEPS: u64 = 40;

/// Sign-ins that can be started from one source, or with one browser that people have signed in with.
pub const SIGN_INS_STARTED: RateLimit = RateLimit::hourly("sign-ins from a source", 120);

/// Returns from the upstream provider to one source or one such browser: each makes Latchkey call the provider.
pub const IDP_RETURNS: RateLimit = RateLimit::hourly("returns to a source", 120);

const DIGITS: usize = 22;

/// Id of a sign-in, in the URLs of its pages. It can be used only with the cookie of the browser that started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInId(String);

/// Error of a text that is no sign-in id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed sign-in id")]
pub struct InvalidSignInId;

impl SignInId {
    /// A new id of 128 random bits.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        Self(base62::encode(&bytes, DIGITS))
    }

    /// Parses an id: length and characters.
    pub fn parse(text: &str) -> Result<Self, InvalidSignInId> {
        if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSignInId)
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SignInId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A sign-in, as it is stored under the digest of its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Digest of the cookie of the browser that started it.
    pub browser: String,
    /// What it is for.
    #[serde(flatten)]
    pub purpose: SignInPurpose,
    /// The current step.
    pub step: Step,
    /// Whether a user had signed in before, and another one was chosen.
    #[serde(rename = "gave_way", default)]
    pub switched_user: bool,
    /// The response that the client was sent, once it is completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<SentResponse>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Incremented by each step, as optimistic lock.
    pub version: u64,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// Step of a sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Step {
    /// The sign-in page is shown.
    #[serde(rename = "identify")]
    AwaitIdentity,
    /// A one-time code was requested for an e-mail address.
    EmailCode(EmailCode),
    /// The browser was sent to the upstream provider.
    #[serde(rename = "upstream")]
    AwaitIdp {
        /// The pending authorization (nonce, PKCE verifier), encrypted.
        sealed: String,
    },
    /// The upstream provider refused, or its response was not accepted.
    #[serde(rename = "upstream_failed")]
    IdpFailed,
    /// The provider authenticated the user, who is no member of the client's account.
    #[serde(rename = "stranger")]
    NotAMember {
        /// The address that the provider has verified.
        email: EmailAddress,
        /// Whether it is a member's who has signed in with another identity of the provider before.
        #[serde(default)]
        other_identity: bool,
    },
    /// A member has signed in; the consent page is shown.
    Consent {
        /// The member.
        person: EndUser,
    },
    /// The client has its authorization response.
    #[serde(rename = "over")]
    Completed,
}

/// The authorization response of a completed sign-in, so that a second click, a reload or another tab leads to the client too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SentResponse {
    /// A code (RFC 6749 §4.1.2).
    Code {
        /// The code, encrypted with a key that only the browser's cookie yields.
        sealed: String,
    },
    /// `access_denied` (RFC 6749 §4.1.2.1): the person refused.
    Denied,
}

impl SignIn {
    /// A new sign-in.
    #[must_use]
    pub fn begin(browser: String, purpose: SignInPurpose, step: Step, now: Timestamp) -> Self {
        let expires_at = now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
        let unknown = UnknownAttributes::default();
        Self { browser, purpose, step, switched_user: false, response: None, expires_at, version: 1, unknown }
    }

    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        is_before_expiry(self.expires_at, LIFETIME, now)
    }

    /// The sign-in at another step, with the next version.
    #[must_use]
    pub fn with_step(&self, step: Step) -> Self {
        let had_signed_in = matches!(self.step, Step::Consent { .. } | Step::NotAMember { .. });
        let switched_user = self.switched_user || had_signed_in;
        Self { step, switched_user, version: self.version + 1, ..self.clone() }
    }

    /// The completed sign-in, with the response that the client is sent if a repeated request may get it again.
    #[must_use]
    pub fn completed(&self, response: Option<SentResponse>) -> Self {
        Self { response, ..self.with_step(Step::Completed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_id_is_22_letters_and_digits() {
        let id = SignInId::from_random_bytes([0xff; 16]);
        assert_eq!(SignInId::parse(id.as_str()), Ok(id.clone()));
        for text in ["", "abc", &format!("{id}x"), &id.as_str().replace('z', "-"), &"ä".repeat(11)] {
            assert!(SignInId::parse(text).is_err() || text == id.as_str(), "{text}");
        }
    }
}
