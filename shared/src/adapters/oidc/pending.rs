//! The state of a pending authorization.

use crate::adapters::crypto::digest::sha256;
use crate::adapters::crypto::random::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The state between [`authorization_url`](crate::adapters::oidc::OidcClient::authorization_url) and
/// [`exchange`](crate::adapters::oidc::OidcClient::exchange). It is kept secret from the browser, for at most ten minutes,
/// and used once.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct PendingAuthorization {
    /// `nonce`, which the ID token must repeat (OpenID Connect Core 1.0 §3.1.2.1): 256 random bits.
    pub(super) nonce: String,
    /// `code_verifier` (RFC 7636 §4.1): 256 random bits.
    pub(super) pkce_verifier: String,
}

impl fmt::Debug for PendingAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingAuthorization").finish_non_exhaustive()
    }
}

impl PendingAuthorization {
    /// A new one, with random values.
    pub(super) fn begin() -> Self {
        let random = || URL_SAFE_NO_PAD.encode(random::<32>());
        Self { nonce: random(), pkce_verifier: random() }
    }

    /// `code_challenge` for the method `S256` (RFC 7636 §4.2).
    pub(super) fn code_challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(sha256(self.pkce_verifier.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_the_rfc() {
        // RFC 7636, Appendix B.
        let pkce_verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let pending = PendingAuthorization { nonce: String::new(), pkce_verifier };
        assert_eq!(pending.code_challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn values_are_random_and_debug_is_redacted() {
        let (one, two) = (PendingAuthorization::begin(), PendingAuthorization::begin());
        assert_ne!(one.nonce, two.nonce);
        assert_ne!(one.pkce_verifier, two.pkce_verifier);
        assert_ne!(one.nonce, one.pkce_verifier);
        assert_eq!(one.pkce_verifier.len(), 43);
        assert_eq!(format!("{one:?}"), "PendingAuthorization { .. }");
    }

    #[test]
    fn it_can_be_stored() {
        let pending = PendingAuthorization::begin();
        let kept = serde_json::to_string(&pending).expect("JSON");
        let read: PendingAuthorization = serde_json::from_str(&kept).expect("what was written");
        assert_eq!((&read.nonce, &read.pkce_verifier), (&pending.nonce, &pending.pkce_verifier));
    }
}
