//! Verification of Latchkey's own access tokens (RFC 9068 §4), for the management API, introspection and revocation.

use crate::adapters::signing::verification_keys::VerificationKeys;
use crate::domain::oauth::access_token::{AccessTokenClaims, TYP};
use crate::domain::resource::TokenSigningAlg;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};

/// Why a token is not a valid access token of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// Not a JWT with the header of an access token.
    #[error("malformed")]
    Malformed,
    /// No key has the token's `kid`.
    #[error("unknown key")]
    UnknownKey,
    /// Signature, issuer, audience or a claim's type is wrong.
    #[error("not valid here")]
    NotValid,
    /// Past its `exp`, or before its `nbf`.
    #[error("expired")]
    Expired,
}

impl InvalidToken {
    /// The reason's name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed_token",
            Self::UnknownKey => "unknown_key",
            Self::NotValid => "token_not_valid",
            Self::Expired => "token_expired",
        }
    }
}

/// The audience that a token must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedAudience<'a> {
    /// This resource, for an API that grants access by the token.
    Only(&'a str),
    /// Any resource, for introspection and revocation.
    Any,
}

/// Verifies signature, `typ`, issuer, audience and times. Without leeway, because this server issued the token.
pub fn verify(
    token: &str,
    keys: &VerificationKeys,
    issuer: &str,
    audience: ExpectedAudience<'_>,
    now: Timestamp,
) -> Result<AccessTokenClaims, InvalidToken> {
    let header = decode_header(token).map_err(|_| InvalidToken::Malformed)?;
    if header.typ.as_deref() != Some(TYP) {
        return Err(InvalidToken::Malformed);
    }
    let kid = header.kid.as_deref().ok_or(InvalidToken::Malformed)?;
    let (alg, key) = keys.get(kid).ok_or(InvalidToken::UnknownKey)?;
    let mut validation = Validation::new(match alg {
        TokenSigningAlg::RS256 => Algorithm::RS256,
        TokenSigningAlg::ES256 => Algorithm::ES256,
    });
    validation.set_issuer(&[issuer]);
    match audience {
        ExpectedAudience::Only(audience) => validation.set_audience(&[audience]),
        ExpectedAudience::Any => validation.validate_aud = false,
    }
    validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
    // The clock is an argument, so the times are compared below.
    validation.validate_exp = false;
    let claims =
        decode::<AccessTokenClaims>(token, key, &validation).map_err(|_| InvalidToken::NotValid)?.claims;
    let second = now.as_second();
    if (claims.nbf..claims.exp).contains(&second) { Ok(claims) } else { Err(InvalidToken::Expired) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::signing::{KeyRing, KeyRingDocument};
    use crate::domain::primitives::ids::{AccountId, ClientId};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const NOW: Timestamp = Timestamp::constant(1_000_000, 0);
    const ISSUER: &str = "https://id.example.com";
    const A1: ExpectedAudience<'_> = ExpectedAudience::Only("a1");

    fn ring() -> KeyRing {
        let document = KeyRingDocument::generate(NOW).expect("keys");
        KeyRing::parse(&document.to_json().expect("JSON")).expect("a ring")
    }

    fn claims() -> AccessTokenClaims {
        AccessTokenClaims {
            iss: ISSUER.into(),
            sub: "c1".into(),
            aud: "a1".into(),
            exp: 1_000_060,
            iat: 1_000_000,
            nbf: 1_000_000,
            jti: "j1".into(),
            client_id: ClientId::parse("c1").expect("legal"),
            scope: "x".into(),
            account_id: AccountId::parse("T1").expect("legal"),
            grant_id: None,
            account_claims: BTreeMap::new(),
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    #[test]
    fn tokens_of_both_algorithms_are_verified() {
        let ring = ring();
        for alg in [TokenSigningAlg::RS256, TokenSigningAlg::ES256] {
            let token = ring.active(alg).sign(&claims()).expect("signed");
            for audience in [A1, ExpectedAudience::Any] {
                assert_eq!(
                    verify(&token, ring.verification_keys(), ISSUER, audience, NOW),
                    Ok(claims()),
                    "{alg:?}"
                );
            }
        }
    }

    #[test]
    fn times_issuer_audience_and_key_are_checked() {
        let ring = ring();
        let token = ring.active(TokenSigningAlg::ES256).sign(&claims()).expect("signed");
        assert_eq!(
            verify(&token, ring.verification_keys(), ISSUER, A1, at(1_000_060)),
            Err(InvalidToken::Expired)
        );
        assert_eq!(
            verify(&token, ring.verification_keys(), ISSUER, A1, at(999_999)),
            Err(InvalidToken::Expired)
        );
        assert_eq!(
            verify(&token, ring.verification_keys(), "https://other.example", A1, NOW),
            Err(InvalidToken::NotValid)
        );
        assert_eq!(
            verify(&token, ring.verification_keys(), ISSUER, ExpectedAudience::Only("a2"), NOW),
            Err(InvalidToken::NotValid)
        );
        assert_eq!(
            verify(&token, self::ring().verification_keys(), ISSUER, A1, NOW),
            Err(InvalidToken::UnknownKey)
        );
    }

    #[test]
    fn any_audience_still_checks_times_issuer_and_key() {
        let (ring, any) = (ring(), ExpectedAudience::Any);
        let token = ring.active(TokenSigningAlg::ES256).sign(&claims()).expect("signed");
        assert_eq!(
            verify(&token, ring.verification_keys(), ISSUER, any, at(1_000_060)),
            Err(InvalidToken::Expired)
        );
        assert_eq!(
            verify(&token, ring.verification_keys(), "https://other.example", any, NOW),
            Err(InvalidToken::NotValid)
        );
        assert_eq!(
            verify(&token, self::ring().verification_keys(), ISSUER, any, NOW),
            Err(InvalidToken::UnknownKey)
        );
    }

    proptest! {
        #[test]
        fn no_text_is_a_token_or_panics(text in "[A-Za-z0-9_.-]{0,80}|\\PC{0,40}") {
            static RING: std::sync::OnceLock<KeyRing> = std::sync::OnceLock::new();
            prop_assert!(verify(&text, RING.get_or_init(ring).verification_keys(), ISSUER, ExpectedAudience::Any, NOW).is_err());
        }
    }

    #[test]
    fn a_changed_token_is_rejected() {
        let ring = ring();
        let token = ring.active(TokenSigningAlg::RS256).sign(&claims()).expect("signed");
        let mut parts = token.split('.');
        let (header, body, signature) = (parts.next(), parts.next(), parts.next());
        let (header, body, signature) = (header.expect("1"), body.expect("2"), signature.expect("3"));
        let other = ring.active(TokenSigningAlg::ES256).sign(&claims()).expect("signed");
        let other_header = other.split('.').next().expect("a header");
        for forged in [
            format!("{header}.{body}."),
            format!("{header}.{body}"),
            format!("{other_header}.{body}.{signature}"),
            format!("eyJhbGciOiJub25lIn0.{body}."),
            String::new(),
            "a.b.c".to_owned(),
        ] {
            assert!(verify(&forged, ring.verification_keys(), ISSUER, A1, NOW).is_err(), "{forged}");
        }
    }
}
