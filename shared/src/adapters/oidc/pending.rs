//! What a sign-in that is under way must be remembered by.

use crate::adapters::crypto::digest::sha256;
use crate::adapters::crypto::random::random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What must be kept, out of the browser's sight, between [`authorization_url`](crate::adapters::oidc::Upstream::depart) and
/// [`arrive`](crate::adapters::oidc::Upstream::arrive): at most ten minutes, and for one arrival.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct PendingAuthorization {
    /// What the ID token must repeat (OpenID Connect Core 1.0 §3.1.2.1): 256 random bits.
    pub(super) nonce: String,
    /// What proves that the code was asked for here (RFC 7636 §4.1): 256 random bits.
    pub(super) pkce_verifier: String,
}

impl fmt::Debug for PendingAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSignIn").finish_non_exhaustive()
    }
}

impl PendingAuthorization {
    /// A new one, unlike any other.
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
    fn no_two_are_alike_and_neither_shows_itself() {
        let (one, two) = (PendingAuthorization::begin(), PendingAuthorization::begin());
        assert_ne!(one.nonce, two.nonce);
        assert_ne!(one.pkce_verifier, two.pkce_verifier);
        assert_ne!(one.nonce, one.pkce_verifier);
        assert_eq!(one.pkce_verifier.len(), 43);
        assert_eq!(format!("{one:?}"), "PendingSignIn { .. }");
    }

    #[test]
    fn it_can_be_kept_in_between() {
        let pending = PendingAuthorization::begin();
        let kept = serde_json::to_string(&pending).expect("JSON");
        let read: PendingAuthorization = serde_json::from_str(&kept).expect("what was written");
        assert_eq!((&read.nonce, &read.pkce_verifier), (&pending.nonce, &pending.pkce_verifier));
    }
}
