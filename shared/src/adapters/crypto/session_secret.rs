//! The secrets of a sign-in, and the digests and tokens that are derived from them.

use crate::adapters::crypto::aead;
use crate::adapters::crypto::digest::{sha256, sha256_hex};
use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::random::random;
use crate::domain::oauth::authorization::code::AuthorizationCode;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::SignInId;
use crate::domain::sign_in::one_time_code::OneTimeCode;
use aws_lc_rs::{constant_time, hmac};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The secret in the session cookie: 256 random bits in hexadecimal. It authenticates no end user; it identifies the
/// browser that started a sign-in.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SessionSecret(String);

const DIGITS: usize = 64;

impl SessionSecret {
    /// A new one.
    #[must_use]
    pub fn generate() -> Self {
        Self(hex::encode(random::<32>()))
    }

    /// Parses a cookie's value; `None` if it does not have the form of a secret.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let legal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (text.len() == DIGITS && text.bytes().all(legal)).then(|| Self(text.to_owned()))
    }

    /// The text, for the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The digest that is stored with a sign-in.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256_hex(&[b"browser", self.0.as_bytes()])
    }

    /// Whether `digest` is the digest of this secret. In constant time.
    #[must_use]
    pub fn is(&self, digest: &str) -> bool {
        constant_time_eq(&self.digest(), digest)
    }

    /// The CSRF token of the forms of a sign-in. Only a page that Latchkey sent to this browser has it, because no other
    /// site can read the cookie or the page.
    #[must_use]
    pub fn form_token(&self, sign_in: &SignInId) -> String {
        sha256_hex(&[b"form", sign_in.as_str().as_bytes(), self.0.as_bytes()])
    }

    /// Encrypts the code of a sign-in of this browser, so that the table alone does not yield it.
    #[must_use]
    pub fn seal_code(&self, sign_in: &SignInId, code: &AuthorizationCode) -> String {
        aead::seal(&self.code_key(), &code_context(sign_in), code.expose().as_bytes())
    }

    /// The code that was sealed for this browser and sign-in; `None` if the sealed text is not valid.
    #[must_use]
    pub fn open_code(&self, sign_in: &SignInId, sealed: &str) -> Option<AuthorizationCode> {
        let plain = Zeroizing::new(aead::open(&self.code_key(), &code_context(sign_in), sealed)?);
        AuthorizationCode::parse(std::str::from_utf8(&plain).ok()?).ok()
    }

    fn code_key(&self) -> Zeroizing<[u8; 32]> {
        let mut text = Zeroizing::new(String::from("latchkey authorization code key "));
        text.push_str(&self.0);
        Zeroizing::new(sha256(text.as_bytes()))
    }

    /// Whether a form has the right CSRF token. In constant time.
    #[must_use]
    pub fn verify_csrf_token(&self, sign_in: &SignInId, presented: &str) -> bool {
        constant_time_eq(&self.form_token(sign_in), presented)
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

fn code_context(sign_in: &SignInId) -> String {
    format!("authorization code of {sign_in}")
}

/// The digest under which a sign-in is stored.
#[must_use]
pub fn hash_sign_in_id(id: &SignInId) -> String {
    sha256_hex(&[b"sign-in", id.as_str().as_bytes()])
}

/// A new one-time code.
#[must_use]
pub fn one_time_code() -> OneTimeCode {
    OneTimeCode::draw(random)
}

/// The digest of a one-time code that is stored: an HMAC over the sign-in, the address and the code, with a key that is
/// not in the table.
#[must_use]
pub fn hash_one_time_code(
    peppers: &Peppers,
    sign_in: &SignInId,
    email: &EmailAddress,
    code: &OneTimeCode,
) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, peppers.one_time_code_key());
    let mut context = hmac::Context::with_key(&key);
    for part in [sign_in.as_str(), email.as_str(), code.expose()] {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    hex::encode(context.sign())
}

/// Whether two digests are equal. In constant time.
#[must_use]
pub fn constant_time_eq(one: &str, other: &str) -> bool {
    constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_browser_of_a_sign_in_opens_its_code() {
        let (browser, sign_in) = (SessionSecret::generate(), SignInId::from_random_bytes([1; 16]));
        let code = AuthorizationCode::from_random_bytes([2; 32]);
        let sealed = browser.seal_code(&sign_in, &code);
        assert_eq!(browser.open_code(&sign_in, &sealed).expect("its own").expose(), code.expose());
        assert!(SessionSecret::generate().open_code(&sign_in, &sealed).is_none());
        assert!(browser.open_code(&SignInId::from_random_bytes([3; 16]), &sealed).is_none());
    }

    fn peppers(pepper: &str) -> Peppers {
        Peppers::parse(&format!(r#"{{"pepper_id":"p1","pepper":"{}"}}"#, pepper.repeat(32))).expect("legal")
    }

    #[test]
    fn a_csrf_token_is_valid_for_one_sign_in_and_browser() {
        let (own, other) = (SessionSecret::generate(), SessionSecret::generate());
        let (one, two) = (SignInId::from_random_bytes([1; 16]), SignInId::from_random_bytes([2; 16]));
        let token = own.form_token(&one);
        assert!(own.verify_csrf_token(&one, &token));
        assert!(
            !own.verify_csrf_token(&two, &token)
                && !other.verify_csrf_token(&one, &token)
                && !own.verify_csrf_token(&one, "")
        );
        assert!(own.is(&own.digest()) && !other.is(&own.digest()));
        assert_eq!(SessionSecret::parse(own.expose()).expect("its own").digest(), own.digest());
        assert!(SessionSecret::parse("abc").is_none() && SessionSecret::parse(&"G".repeat(64)).is_none());
        assert_eq!(format!("{own:?}"), "SessionSecret(…)");
    }

    #[test]
    fn a_code_digest_depends_on_sign_in_address_and_pepper() {
        let (one, two) = (SignInId::from_random_bytes([1; 16]), SignInId::from_random_bytes([2; 16]));
        let (ann, ben) =
            ["ann@acme.example", "ben@acme.example"].map(|a| EmailAddress::parse(a).expect("legal")).into();
        let code = OneTimeCode::parse("123456").expect("legal");
        let kept = hash_one_time_code(&peppers("a"), &one, &ann, &code);
        assert!(constant_time_eq(&kept, &hash_one_time_code(&peppers("a"), &one, &ann, &code)));
        for other in [
            hash_one_time_code(&peppers("a"), &two, &ann, &code),
            hash_one_time_code(&peppers("a"), &one, &ben, &code),
            hash_one_time_code(&peppers("b"), &one, &ann, &code),
            hash_one_time_code(&peppers("a"), &one, &ann, &one_time_code_unlike(&code)),
        ] {
            assert!(!constant_time_eq(&kept, &other));
        }
        assert!(!kept.contains("123456"));
    }

    fn one_time_code_unlike(code: &OneTimeCode) -> OneTimeCode {
        std::iter::repeat_with(one_time_code).find(|other| other.expose() != code.expose()).expect("endless")
    }
}
