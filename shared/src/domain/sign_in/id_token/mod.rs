//! ID tokens (OpenID Connect Core 1.0 §2): parsing, and validation of the claims (§3.1.3.7).

use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::jwt::{self, CompactJwt, InvalidJwt};
use crate::domain::oauth::client_assertion::validation::LEEWAY;
use crate::domain::sign_in::idp_error::IdpError;
use crate::domain::sign_in::standard_claims::StandardClaims;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// How long ago an ID token may have been issued. Microsoft Entra dates its tokens back by five minutes.
pub const MAX_AGE: SignedDuration = SignedDuration::from_mins(10);
/// The longest ID token, in bytes: some providers include a user's groups.
pub const MAX_LENGTH: usize = 64 * 1024;

/// A parsed ID token. It must not be trusted before its signature is verified.
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
    /// `at_hash`: hash of the access token that was issued with it (§3.1.3.6).
    pub at_hash: Option<String>,
    /// Claims about the end user.
    pub person: StandardClaims,
    /// The signing input: encoded header and claims.
    pub signed: String,
    /// The signature, in base64url.
    pub signature: String,
}

/// Expected claims of an ID token.
#[derive(Clone, Copy)]
pub struct IdTokenExpectations<'a> {
    /// `iss`, as an exact string.
    pub issuer: &'a str,
    /// Our client, which must be in `aud`.
    pub client_id: &'a str,
    /// Values that `aud` may hold beside our client.
    pub trusted_audiences: &'a [String],
    /// `nonce`.
    pub nonce: &'a str,
    /// The current time.
    pub now: Timestamp,
}

impl IdToken {
    /// Parses the compact form. `parse_json` must reject objects with duplicate names.
    pub fn parse(text: &str, parse_json: impl Fn(&[u8]) -> Option<Value>) -> Result<Self, IdpError> {
        if text.len() > MAX_LENGTH {
            return Err(IdpError::InvalidIdToken);
        }
        let CompactJwt { header, claims, signed, signature } = CompactJwt::read(text, parse_json)?;
        let typ = jwt::text(&header, "typ")?;
        // A JWT of another type is no ID token (RFC 8725 §3.11).
        if typ.is_some_and(|typ| !jwt::media_type(&typ).eq_ignore_ascii_case("jwt")) {
            return Err(IdpError::InvalidIdToken);
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

    /// Validates the claims, but not the signature.
    ///
    /// Our own client is in `aud`, and every other audience is trusted (rule 3). `azp` is our client, and is there if
    /// there is another audience (rules 4 and 5). The allowed clock skew is [`LEEWAY`].
    pub fn validate(&self, expected: &IdTokenExpectations<'_>) -> Result<(), IdpError> {
        if self.iss != expected.issuer {
            return Err(IdpError::WrongIssuer);
        }
        let is_ours = |audience: &String| audience == expected.client_id;
        let is_known = |audience: &String| is_ours(audience) || expected.trusted_audiences.contains(audience);
        if !self.aud.iter().any(is_ours) || !self.aud.iter().all(is_known) {
            return Err(IdpError::WrongAudience);
        }
        let is_only_ours = self.aud.iter().all(is_ours);
        if !self.azp.as_deref().map_or(is_only_ours, |azp| azp == expected.client_id) {
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

/// The audiences: a string, or a list of strings.
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
