//! Whether a ring may come into force: every key signs and verifies, and no key is missing that a token may
//! still need.

use crate::error::RotationError;
use jiff::Timestamp;
use shared::adapters::signing::{ExpectedAudience, KeyRing, KeyRingDocument, verify};
use shared::domain::oauth::access_token::AccessTokenClaims;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::resource::TokenSigningAlg;

const ISSUER: &str = "https://rotation.invalid";
const AUDIENCE: &str = "nobody";

/// Checks a pending ring against the one in force.
pub fn check(pending: &str, current: &str, now: Timestamp) -> Result<(), RotationError> {
    check_keys(pending, now)?;
    let (pending, in_force) = (KeyRing::parse(pending)?, KeyRing::parse(current)?);
    let needed = KeyRingDocument::from_json(current)?.needed_kids(now)?;
    if needed.iter().any(|kid| pending.verifying(kid).is_none()) {
        return Err(RotationError::Unsound("a key is missing that tokens may still need"));
    }
    let claims = claims(now)?;
    for alg in ALGS {
        let token = in_force.active(alg).sign(&claims)?;
        if verify(&token, &pending, ISSUER, ExpectedAudience::Only(AUDIENCE), now).as_ref() != Ok(&claims) {
            return Err(RotationError::Unsound("it does not verify a token of the ring in force"));
        }
    }
    Ok(())
}

/// Checks that every key of a ring that is to sign does, and that its tokens verify.
pub fn check_keys(ring: &str, now: Timestamp) -> Result<(), RotationError> {
    let ring = KeyRing::parse(ring)?;
    let claims = claims(now)?;
    for alg in ALGS {
        for key in [ring.active(alg), ring.next(alg)] {
            if verify(&key.sign(&claims)?, &ring, ISSUER, ExpectedAudience::Only(AUDIENCE), now).as_ref()
                != Ok(&claims)
            {
                return Err(RotationError::Unsound("a token that it signs does not verify"));
            }
        }
    }
    Ok(())
}

const ALGS: [TokenSigningAlg; 2] = [TokenSigningAlg::RS256, TokenSigningAlg::ES256];

/// Those of a token that nobody would accept.
fn claims(now: Timestamp) -> Result<AccessTokenClaims, RotationError> {
    let illegal = |_| RotationError::Unsound("the claims of the test are not legal");
    let second = now.as_second();
    Ok(AccessTokenClaims {
        iss: ISSUER.to_owned(),
        sub: "rotation".to_owned(),
        aud: AUDIENCE.to_owned(),
        exp: second + 1,
        iat: second,
        nbf: second,
        jti: "rotation".to_owned(),
        client_id: ClientId::parse("rotation").map_err(illegal)?,
        scope: String::new(),
        account_id: AccountId::parse("rotation").map_err(illegal)?,
        grant_id: None,
    })
}
