//! ID tokens (OpenID Connect Core 1.0 §2): reading one, and what it must say (§3.1.3.7).

use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::jwt::{self, CompactJwt, InvalidJwt};
use crate::domain::oauth::client_assertion::validation::LEEWAY;
use crate::domain::sign_in::idp_error::IdpError;
use crate::domain::sign_in::standard_claims::StandardClaims;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// How long ago an ID token may have been issued: as long as a sign-in may take, which is also how long its nonce
/// is remembered. Microsoft Entra dates its tokens back by five minutes.
pub const MAX_AGE: SignedDuration = SignedDuration::from_mins(10);
/// The longest one that is looked at, in bytes: some providers list a person's groups in it.
pub const MAX_LENGTH: usize = 64 * 1024;

/// An ID token as it came. Nothing in it is true before its signature is verified.
pub struct IdToken {
    /// `alg`.
    pub alg: JwsAlgorithm,
    /// `kid`.
    pub kid: Option<String>,
    iss: String,
    aud: Vec<String>,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    /// `at_hash`: what the access token that came with it must have (§3.1.3.6).
    pub at_hash: Option<String>,
    /// Whom it is about.
    pub person: StandardClaims,
    /// Header and claims as they were signed.
    pub signed: String,
    /// The signature, in base64url.
    pub signature: String,
}

/// What an ID token must say.
#[derive(Clone, Copy)]
pub struct IdTokenExpectations<'a> {
    /// `iss`, to the letter.
    pub issuer: &'a str,
    /// `aud`.
    pub client_id: &'a str,
    /// `nonce`.
    pub nonce: &'a str,
    /// The time.
    pub now: Timestamp,
}

impl IdToken {
    /// Reads the compact form. `parse_json` must refuse an object in which a name stands twice.
    pub fn parse(text: &str, parse_json: impl Fn(&[u8]) -> Option<Value>) -> Result<Self, IdpError> {
        if text.len() > MAX_LENGTH {
            return Err(IdpError::MalformedIdToken);
        }
        let CompactJwt { header, claims, signed, signature } = CompactJwt::read(text, parse_json)?;
        let typ = jwt::text(&header, "typ")?;
        // One that says that it is something else is no ID token (RFC 8725 §3.11).
        if typ.is_some_and(|typ| !jwt::media_type(&typ).eq_ignore_ascii_case("jwt")) {
            return Err(IdpError::MalformedIdToken);
        }
        let alg = JwsAlgorithm::parse(&jwt::required(&header, "alg")?);
        Ok(Self {
            alg: alg.ok_or(IdpError::AlgNotAllowed)?,
            kid: jwt::text(&header, "kid")?,
            iss: jwt::required(&claims, "iss")?,
            aud: audiences(claims.get("aud"))?,
            azp: jwt::text(&claims, "azp")?,
            exp: jwt::instant(&claims, "exp")?.ok_or(InvalidJwt)?,
            iat: jwt::instant(&claims, "iat")?.ok_or(InvalidJwt)?,
            nbf: jwt::instant(&claims, "nbf")?,
            nonce: jwt::text(&claims, "nonce")?,
            at_hash: jwt::text(&claims, "at_hash")?,
            person: StandardClaims::read(&claims)?,
            signed: signed.to_owned(),
            signature: signature.to_owned(),
        })
    }

    /// Whether it says what it must. Its signature is another matter.
    ///
    /// No audience but our own client is trusted, so there may be no other (rule 3), and `azp` can only be that
    /// client too (rules 4 and 5). Clocks may be off by [`LEEWAY`].
    pub fn check(&self, expected: &IdTokenExpectations<'_>) -> Result<(), IdpError> {
        if self.iss != expected.issuer {
            return Err(IdpError::WrongIssuer);
        }
        if self.aud.is_empty() || self.aud.iter().any(|aud| aud != expected.client_id) {
            return Err(IdpError::WrongAudience);
        }
        if self.azp.as_deref().is_some_and(|azp| azp != expected.client_id) {
            return Err(IdpError::WrongParty);
        }
        let (now, leeway) = (expected.now.as_duration().as_secs_f64(), LEEWAY.as_secs_f64());
        if now >= self.exp + leeway {
            return Err(IdpError::Expired);
        }
        if self.iat > now + leeway || self.nbf.is_some_and(|nbf| nbf > now + leeway) {
            return Err(IdpError::NotYetValid);
        }
        if self.iat < now - MAX_AGE.as_secs_f64() - leeway {
            return Err(IdpError::Stale);
        }
        if self.nonce.as_deref() != Some(expected.nonce) {
            return Err(IdpError::WrongNonce);
        }
        Ok(())
    }
}

/// One audience as text, or a list of them.
fn audiences(aud: Option<&Value>) -> Result<Vec<String>, InvalidJwt> {
    match aud {
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(Value::Array(list)) => {
            list.iter().map(|aud| aud.as_str().map(str::to_owned).ok_or(InvalidJwt)).collect()
        }
        _ => Err(InvalidJwt),
    }
}

#[cfg(test)]
mod tests;
