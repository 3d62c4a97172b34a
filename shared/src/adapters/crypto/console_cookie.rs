//! The cookie of a session of the console, and the tokens of its forms.

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::crypto::session_secret::{SessionSecret, constant_time_eq};
use crate::domain::primitives::email::EmailAddress;
use zeroize::Zeroizing;

/// A digest in hexadecimal.
const DIGITS: usize = 64;

/// What the cookie holds: which person's sessions the session is among, and 256 random bits.
#[derive(Debug)]
pub struct ConsoleCookie {
    /// [`person_digest`] of the person's address.
    person: String,
    secret: SessionSecret,
}

/// The digest of an address, under which a person's sessions are stored.
#[must_use]
pub fn person_digest(email: &EmailAddress) -> String {
    sha256_hex(&[b"console person", email.as_str().as_bytes()])
}

impl ConsoleCookie {
    /// A new cookie for a person.
    #[must_use]
    pub fn generate(email: &EmailAddress) -> Self {
        Self { person: person_digest(email), secret: SessionSecret::generate() }
    }

    /// Parses a cookie's value; `None` if it does not have the form of one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (person, secret) = text.split_once('.')?;
        let legal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_digest = person.len() == DIGITS && person.bytes().all(legal);
        Some(Self { person: is_digest.then(|| person.to_owned())?, secret: SessionSecret::parse(secret)? })
    }

    /// The cookie's value.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}.{}", self.person, self.secret.expose()))
    }

    /// The digest of the person.
    #[must_use]
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The digest under which the session is stored.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(&[b"console session", self.secret.expose().as_bytes()])
    }

    /// The CSRF token of the forms that are sent to a path. Only a page that Latchkey sent to this browser has it.
    #[must_use]
    pub fn form_token(&self, path: &str) -> String {
        sha256_hex(&[b"console form", path.as_bytes(), self.secret.expose().as_bytes()])
    }

    /// Whether a form has the right CSRF token. In constant time.
    #[must_use]
    pub fn verify_csrf_token(&self, path: &str, presented: &str) -> bool {
        constant_time_eq(&self.form_token(path), presented)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_as_it_was_written_and_has_a_token_for_each_path() {
        let ann = EmailAddress::parse("ann@acme.example").expect("legal");
        let cookie = ConsoleCookie::generate(&ann);
        let again = ConsoleCookie::parse(&cookie.expose()).expect("its own");
        assert_eq!((again.person(), again.digest()), (cookie.person(), cookie.digest()));
        assert!(!cookie.expose().contains(&cookie.digest()));
        let token = cookie.form_token("/console/a");
        assert!(again.verify_csrf_token("/console/a", &token));
        assert!(!again.verify_csrf_token("/console/b", &token) && !again.verify_csrf_token("/console/a", ""));
        assert!(!ConsoleCookie::generate(&ann).verify_csrf_token("/console/a", &token));
        for other in ["", ".", &cookie.expose()[1..], &cookie.expose()[..100], &"x".repeat(129)] {
            assert!(ConsoleCookie::parse(other).is_none(), "{other}");
        }
        assert!(!format!("{cookie:?}").contains(&cookie.expose()[65..]));
    }
}
