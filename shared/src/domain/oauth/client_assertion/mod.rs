//! Client assertions (RFC 7521 §4.2, RFC 7523 §3, RFC 10070): reading one, before and apart from verifying its
//! signature. A claim of the wrong type is refused, and never counts as absent.

use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::jwt::{self, CompactJwt, InvalidJwt};
use serde_json::Value;

/// The one `client_assertion_type` (RFC 7523 §2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest assertion that is looked at, in bytes.
pub const MAX_ASSERTION_LENGTH: usize = 16 * 1024;
/// The explicit type of a client's own assertion (RFC 10070).
const OWN_TYP: &str = "client-authentication+jwt";

/// An assertion as it was sent. Nothing in it is true before its signature is verified.
#[derive(Clone, PartialEq)]
pub struct Assertion {
    /// `alg`.
    pub alg: JwsAlgorithm,
    /// `kid`.
    pub kid: Option<String>,
    /// Whether it says that it was made for client authentication.
    pub typed: bool,
    /// `iss`.
    pub iss: String,
    /// `sub`.
    pub sub: String,
    /// `aud`: the one audience.
    pub aud: String,
    /// `exp`, in seconds since 1970.
    pub exp: f64,
    /// `iat`, likewise.
    pub iat: Option<f64>,
    /// `nbf`, likewise.
    pub nbf: Option<f64>,
    /// `jti`.
    pub jti: Option<String>,
    /// Header and claims as they were signed.
    pub signed: String,
    /// The signature, in base64url.
    pub signature: String,
}

impl std::fmt::Debug for Assertion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assertion").field("alg", &self.alg).finish_non_exhaustive()
    }
}

/// It is not one, or says something that none may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAssertion;

impl From<InvalidJwt> for InvalidAssertion {
    fn from(_: InvalidJwt) -> Self {
        Self
    }
}

type Read<T> = Result<T, InvalidAssertion>;

impl Assertion {
    /// Reads the compact form. `parse_json` must refuse an object in which a name stands twice. Keys come from
    /// the client's registration only.
    pub fn parse(text: &str, parse_json: impl Fn(&[u8]) -> Option<Value>) -> Read<Self> {
        if text.len() > MAX_ASSERTION_LENGTH {
            return Err(InvalidAssertion);
        }
        let CompactJwt { header, claims, signed, signature } = CompactJwt::read(text, parse_json)?;
        let alg = jwt::text(&header, "alg")?.as_deref().and_then(JwsAlgorithm::parse);
        Ok(Self {
            alg: alg.ok_or(InvalidAssertion)?,
            kid: jwt::text(&header, "kid")?,
            typed: typed(jwt::text(&header, "typ")?.as_deref())?,
            iss: jwt::required(&claims, "iss")?,
            sub: jwt::required(&claims, "sub")?,
            aud: only_audience(claims.get("aud"))?,
            exp: jwt::instant(&claims, "exp")?.ok_or(InvalidAssertion)?,
            iat: jwt::instant(&claims, "iat")?,
            nbf: jwt::instant(&claims, "nbf")?,
            jti: jwt::text(&claims, "jti")?,
            signed: signed.to_owned(),
            signature: signature.to_owned(),
        })
    }
}

/// One audience, alone: as text or as a list of one.
fn only_audience(aud: Option<&Value>) -> Read<String> {
    match aud {
        Some(Value::String(one)) => Ok(one.clone()),
        Some(Value::Array(list)) => match list.as_slice() {
            [Value::String(one)] => Ok(one.clone()),
            _ => Err(InvalidAssertion),
        },
        _ => Err(InvalidAssertion),
    }
}

/// Whether it says what it is. A JWT that says that it is something else, such as an access token, is no
/// assertion (RFC 8725 §3.11).
fn typed(typ: Option<&str>) -> Read<bool> {
    let Some(typ) = typ else { return Ok(false) };
    let name = jwt::media_type(typ);
    if name.eq_ignore_ascii_case(OWN_TYP) {
        Ok(true)
    } else if name.eq_ignore_ascii_case("jwt") {
        Ok(false)
    } else {
        Err(InvalidAssertion)
    }
}

#[cfg(test)]
mod tests;
pub mod validation;
