//! The cookie of a browser that people have signed in with, and the digests of the sources that they signed in from.

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::crypto::random::random_hex;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::sign_in::code_limits::source;
use crate::domain::sign_in::known_browser::KnownBrowser;
use aws_lc_rs::hmac;
use std::net::IpAddr;

/// Associated data of a cookie.
const AAD: &str = "known browser";

/// A browser that no one has signed in with.
#[must_use]
pub fn new_browser() -> KnownBrowser {
    KnownBrowser::new(random_hex())
}

/// The cookie's value: encrypted, because it holds addresses.
#[must_use]
pub fn seal_browser(peppers: &Peppers, browser: &KnownBrowser) -> String {
    peppers.seal(AAD, &serde_json::to_vec(browser).unwrap_or_default())
}

/// The browser of a cookie; `None` if the cookie is not one of [`seal_browser`].
#[must_use]
pub fn open_browser(peppers: &Peppers, cookie: &str) -> Option<KnownBrowser> {
    serde_json::from_slice(&peppers.open(AAD, cookie)?).ok()
}

/// The digest of an address and a source. It is keyed, because all IPv4 addresses can be tried.
#[must_use]
pub fn hash_known_source(peppers: &Peppers, email: &EmailAddress, client_ip: Option<IpAddr>) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, peppers.known_source_key());
    let source = source(client_ip);
    let mut context = hmac::Context::with_key(&key);
    for part in [email.as_str(), source.as_str()] {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    hex::encode(context.sign())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "fedcba9876543210fedcba9876543210";

    fn peppers(json: &str) -> Peppers {
        Peppers::parse(json).expect("legal")
    }

    #[test]
    fn a_cookie_outlives_a_change_of_pepper_and_cannot_be_forged() {
        let old = peppers(&format!(r#"{{"pepper_id":"p1","pepper":"{OLD}"}}"#));
        let new = peppers(&format!(
            r#"{{"pepper_id":"p2","pepper":"{NEW}","previous":[{{"pepper_id":"p1","pepper":"{OLD}"}}]}}"#
        ));
        let email = EmailAddress::parse("ann@acme.example").expect("legal");
        let browser = new_browser().with_sign_in(&email, jiff::Timestamp::UNIX_EPOCH);
        let cookie = seal_browser(&old, &browser);
        assert_eq!(open_browser(&old, &cookie), Some(browser.clone()));
        assert_eq!(open_browser(&new, &cookie), Some(browser.clone()));
        assert_eq!(open_browser(&old, &seal_browser(&new, &browser)), None);
        assert_eq!(open_browser(&old, &cookie[1..]), None);
        assert!(cookie.len() < 1_000 && !cookie.contains("ann"), "{cookie}");
    }
}
