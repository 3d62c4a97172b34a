//! Signing in to one client, once: from its request to the code that it gets, or to the error.

pub mod consent;
pub mod end_user;
pub mod id_token;
pub mod idp_error;
pub mod one_time_code;
pub mod standard_claims;

use crate::domain::oauth::authorization::request::AuthorizationRequest;
use crate::domain::oauth::lifetime::is_before_end;
use crate::domain::primitives::base62;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::end_user::EndUser;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a person may take for all of it.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// How long a one-time code can be typed in.
pub const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// How often it may be guessed. With the five codes an hour that one address gets, somebody who knows only the
/// address guesses right once in 40,000 hours.
pub const MAX_ATTEMPTS: u8 = 5;

/// How many codes one address gets in each [`CODES_WINDOW`], whether it is a member's or not.
pub const CODES_TO_ADDRESS: u32 = 5;

/// How many codes can be asked for from one source, which may be a whole office.
pub const CODES_FROM_SOURCE: u32 = 30;

/// What the numbers of codes are for.
pub const CODES_WINDOW: SignedDuration = SignedDuration::from_hours(1);

const DIGITS: usize = 22;

/// Names one sign-in, in the addresses of its pages. Of no use without the cookie of the browser that began it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInId(String);

/// Not an id that Latchkey made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed sign-in id")]
pub struct InvalidSignInId;

impl SignInId {
    /// Makes an id of 128 random bits.
    #[must_use]
    pub fn from_random_bytes(bytes: [u8; 16]) -> Self {
        Self(base62::encode(&bytes, DIGITS))
    }

    /// Takes a text that has the form of one.
    pub fn parse(text: &str) -> Result<Self, InvalidSignInId> {
        if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSignInId)
        }
    }

    /// As text.
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

/// What is kept of a sign-in, under the digest of its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Digest of the secret in the cookie of the one browser that may go on with it.
    pub browser: String,
    /// What it is for.
    pub request: AuthorizationRequest,
    /// How far it has come.
    pub step: Step,
    /// Whether somebody had signed in before, and gave way to somebody else.
    #[serde(rename = "gave_way", default)]
    pub switched_user: bool,
    /// It is nothing any more from then on.
    pub expires_at: Timestamp,
    /// Counts its steps: each is written over the one that was read, or not at all.
    pub version: u64,
}

/// How far a sign-in has come.
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
        /// The address that the provider vouches for.
        email: EmailAddress,
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

/// A one-time code that was sent, or would have been if the address were a member's: nobody can tell from this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailCode {
    /// Where to.
    pub email: EmailAddress,
    /// What is kept of the code: an HMAC, because a million codes are tried in no time.
    pub digest: String,
    /// It can be typed in until then.
    pub expires_at: Timestamp,
    /// How often it was guessed.
    #[serde(rename = "tries")]
    pub attempts: u8,
}

impl EmailCode {
    /// How often it may still be guessed.
    #[must_use]
    pub fn attempts_left(&self, now: Timestamp) -> u8 {
        if self.is_live(now) { MAX_ATTEMPTS.saturating_sub(self.attempts) } else { 0 }
    }

    /// Whether it can still be typed in, however often it was guessed.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        is_before_end(self.expires_at, CODE_LIFETIME, now)
    }
}

impl SignIn {
    /// A sign-in that begins now.
    #[must_use]
    pub fn begin(browser: String, request: AuthorizationRequest, step: Step, now: Timestamp) -> Self {
        let expires_at = now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
        Self { browser, request, step, switched_user: false, expires_at, version: 1 }
    }

    /// Whether it still counts.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        is_before_end(self.expires_at, LIFETIME, now)
    }

    /// The same at another step. Its version is one more than what was read.
    #[must_use]
    pub fn at(&self, step: Step) -> Self {
        let had_signed_in = matches!(self.step, Step::Consent { .. } | Step::NotAMember { .. });
        let switched_user = self.switched_user || had_signed_in;
        Self { step, switched_user, version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_22_letters_and_digits() {
        let id = SignInId::from_random_bytes([0xff; 16]);
        assert_eq!(SignInId::parse(id.as_str()), Ok(id.clone()));
        for text in ["", "abc", &format!("{id}x"), &id.as_str().replace('z', "-"), &"ä".repeat(11)] {
            assert!(SignInId::parse(text).is_err() || text == id.as_str(), "{text}");
        }
    }

    #[test]
    fn a_code_can_be_guessed_five_times_within_its_time() {
        let (begun, end) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + CODE_LIFETIME);
        let email = EmailAddress::parse("ann@acme.example").expect("legal");
        let code =
            |attempts| EmailCode { email: email.clone(), digest: String::new(), expires_at: end, attempts };
        assert_eq!(code(0).attempts_left(begun), 5);
        assert_eq!(code(4).attempts_left(begun), 1);
        assert_eq!((code(5).attempts_left(begun), code(0).attempts_left(end)), (0, 0));
        let set_back = begun - CODE_LIFETIME * 2;
        assert_eq!(code(0).attempts_left(set_back), 0, "sent by a clock that was ahead");
    }
}
