//! Validation of a key ring before it becomes current: every key signs and verifies, and no key is missing that tokens may
//! still need.

use crate::error::RotationError;
use jiff::Timestamp;
use shared::adapters::signing::{ExpectedAudience, KeyRing, KeyRingDocument, verify};
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::resource::TokenSigningAlg;
use std::collections::BTreeMap;

const ISSUER: &str = "https://rotation.invalid";
const AUDIENCE: &str = "rotation";

/// Checks a pending key ring against the current one.
pub fn check(pending: &str, current: &str, now: Timestamp) -> Result<(), RotationError> {
    check_keys(pending, now)?;
    let needed = KeyRingDocument::from_json(current)?.needed_kids(now)?;
    let (pending, current) = (KeyRing::parse(pending)?, KeyRing::parse(current)?);
    if needed.iter().any(|kid| pending.verification_keys().get(kid).is_none()) {
        return Err(RotationError::Unsound("a key is missing that tokens may still need"));
    }
    let claims = claims(now)?;
    for alg in ALGS {
        let token = current.active(alg).sign(&claims)?;
        if verify(&token, pending.verification_keys(), ISSUER, ExpectedAudience::Only(AUDIENCE), now).as_ref()
            != Ok(&claims)
        {
            return Err(RotationError::Unsound("it does not verify a token of the ring in force"));
        }
    }
    Ok(())
}

/// Checks that every signing key of a key ring signs, and that its tokens verify.
pub fn check_keys(document: &str, now: Timestamp) -> Result<(), RotationError> {
    let keys = KeyRing::parse(document)?;
    let claims = claims(now)?;
    for alg in ALGS {
        for key in [keys.active(alg), keys.next(alg)] {
            if verify(
                &key.sign(&claims)?,
                keys.verification_keys(),
                ISSUER,
                ExpectedAudience::Only(AUDIENCE),
                now,
            )
            .as_ref()
                != Ok(&claims)
            {
                return Err(RotationError::Unsound("a token that it signs does not verify"));
            }
        }
    }
    Ok(())
}

const ALGS: [TokenSigningAlg; 2] = [TokenSigningAlg::RS256, TokenSigningAlg::ES256];

/// Claims of a token that no API accepts.
fn claims(now: Timestamp) -> Result<AccessTokenClaims, RotationError> {
    let invalid = |_| RotationError::Unsound("the claims of the test are not legal");
    let second = now.as_second();
    Ok(AccessTokenClaims {
        iss: ISSUER.to_owned(),
        sub: "rotation".to_owned(),
        aud: AUDIENCE.to_owned(),
        exp: second + 1,
        iat: second,
        nbf: second,
        jti: "rotation".to_owned(),
        client_id: ClientId::parse("rotation").map_err(invalid)?,
        scope: String::new(),
        account_id: AccountId::parse("rotation").map_err(invalid)?,
        grant_id: None,
        account_claims: BTreeMap::new(),
    })
}
