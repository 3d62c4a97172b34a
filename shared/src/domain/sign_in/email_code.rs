//! A one-time code that was requested by e-mail.

use crate::domain::oauth::lifetime::is_before_expiry;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Lifetime of a one-time code.
pub const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// Attempts per one-time code. With the e-mails that others can request for an address in a day
/// ([`PER_ADDRESS`](super::code_limits::PER_ADDRESS)), they guess the code of one address once in 2,700 years on average.
pub const MAX_ATTEMPTS: u8 = 5;

/// A requested one-time code. It is stored also if the address is no member's and so no code was sent, so that both cases
/// behave alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailCode {
    /// The address.
    pub email: EmailAddress,
    /// HMAC of the code: a plain hash would be reversible by trying all codes. Random where no e-mail is sent, so that no
    /// code matches it.
    pub digest: String,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Attempts so far.
    #[serde(rename = "tries")]
    pub attempts: u8,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

impl EmailCode {
    /// Attempts that are left.
    #[must_use]
    pub fn attempts_left(&self, now: Timestamp) -> u8 {
        if self.is_live(now) { MAX_ATTEMPTS.saturating_sub(self.attempts) } else { 0 }
    }

    /// Whether it has not expired. It may have no attempts left.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        is_before_expiry(self.expires_at, CODE_LIFETIME, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_five_attempts_until_it_expires() {
        let (begun, end) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH + CODE_LIFETIME);
        let email = EmailAddress::parse("ann@acme.example").expect("legal");
        let code = |attempts| EmailCode {
            email: email.clone(),
            digest: String::new(),
            expires_at: end,
            attempts,
            unknown: UnknownAttributes::default(),
        };
        assert_eq!(code(0).attempts_left(begun), 5);
        assert_eq!(code(4).attempts_left(begun), 1);
        assert_eq!((code(5).attempts_left(begun), code(0).attempts_left(end)), (0, 0));
        let set_back = begun - CODE_LIFETIME * 2;
        assert_eq!(code(0).attempts_left(set_back), 0, "the clock was set back");
    }
}
