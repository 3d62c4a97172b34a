//! Signing in to one client, once: from its request to the code that it gets, or to the error.

use super::authorization_request::AuthorizationRequest;
use super::base62;
use super::email::EmailAddress;
use super::lifetime::is_before_end;
use super::person::Person;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a person may take for all of it.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// How long a one-time code can be typed in.
pub const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// How often it may be guessed. With the five codes an hour that one address gets, somebody who knows only the
/// address guesses right once in 40,000 hours.
pub const MAX_TRIES: u8 = 5;

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
pub struct MalformedSignInId;

impl SignInId {
    /// Makes an id of 128 random bits.
    #[must_use]
    pub fn from_entropy(bytes: [u8; 16]) -> Self {
        Self(base62::encode(&bytes, DIGITS))
    }

    /// Takes a text that has the form of one.
    pub fn parse(text: &str) -> Result<Self, MalformedSignInId> {
        if text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedSignInId)
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
    #[serde(default)]
    pub gave_way: bool,
    /// It is nothing any more from then on.
    pub expires_at: Timestamp,
    /// Counts its steps: each is written over the one that was read, or not at all.
    pub version: u64,
}

/// How far a sign-in has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Step {
    /// Nobody knows who it is.
    Identify,
    /// Whoever reads the mail of this address can say so.
    EmailCode(EmailCode),
    /// The person is away at the upstream provider.
    Upstream {
        /// What they are known by when they come back, sealed.
        sealed: String,
    },
    /// The provider's answer signed nobody in.
    UpstreamFailed,
    /// The provider knows the person, but they are no member of the client's account.
    Stranger {
        /// The address that the provider vouches for.
        email: EmailAddress,
    },
    /// A member has signed in, and is asked.
    Consent {
        /// Who.
        person: Person,
    },
    /// The client has its answer.
    Over,
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
    pub tries: u8,
}

impl EmailCode {
    /// How often it may still be guessed.
    #[must_use]
    pub fn tries_left(&self, now: Timestamp) -> u8 {
        if self.is_live(now) { MAX_TRIES.saturating_sub(self.tries) } else { 0 }
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
        Self { browser, request, step, gave_way: false, expires_at, version: 1 }
    }

    /// Whether it still counts.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        is_before_end(self.expires_at, LIFETIME, now)
    }

    /// The same at another step. Its version is one more than what was read.
    #[must_use]
    pub fn at(&self, step: Step) -> Self {
        let had_signed_in = matches!(self.step, Step::Consent { .. } | Step::Stranger { .. });
        let gave_way = self.gave_way || had_signed_in;
        Self { step, gave_way, version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_22_letters_and_digits() {
        let id = SignInId::from_entropy([0xff; 16]);
        assert_eq!(SignInId::parse(id.as_str()), Ok(id.clone()));
        for text in ["", "abc", &format!("{id}x"), &id.as_str().replace('z', "-"), &"ä".repeat(11)] {
            assert!(SignInId::parse(text).is_err() || text == id.as_str(), "{text}");
        }
    }

    #[test]
    fn a_code_can_be_guessed_five_times_within_its_time() {
        let (begun, end) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + CODE_LIFETIME);
        let email = EmailAddress::parse("ann@acme.example").expect("legal");
        let code = |tries| EmailCode { email: email.clone(), digest: String::new(), expires_at: end, tries };
        assert_eq!(code(0).tries_left(begun), 5);
        assert_eq!(code(4).tries_left(begun), 1);
        assert_eq!((code(5).tries_left(begun), code(0).tries_left(end)), (0, 0));
        let set_back = begun - CODE_LIFETIME * 2;
        assert_eq!(code(0).tries_left(set_back), 0, "sent by a clock that was ahead");
    }
}
