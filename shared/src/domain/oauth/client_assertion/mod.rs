//! Parsing of client assertions (RFC 7521 §4.2, RFC 7523 §3, RFC 10070), without verifying the signature. A claim of the
//! wrong type is an error; it is not treated as absent.

pub mod comparison;
pub mod validation;

use crate::domain::jose::algorithm::JwsAlgorithm;
use crate::domain::jose::jwt::{self, CompactJwt, InvalidJwt};
use serde_json::{Map, Value};

/// The only supported `client_assertion_type` (RFC 7523 §2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest assertion, in bytes.
pub const MAX_ASSERTION_LENGTH: usize = 16 * 1024;
/// Explicit `typ` of a client's own assertion (RFC 10070).
const CLIENT_AUTHENTICATION_JWT: &str = "client-authentication+jwt";

/// A parsed assertion. It must not be trusted before its signature is verified.
#[derive(Clone, PartialEq)]
pub struct Assertion {
    /// `alg`.
    pub alg: JwsAlgorithm,
    /// `kid`.
    pub kid: Option<String>,
    /// Whether `typ` is that of client authentication.
    pub typed: bool,
    /// `iss`.
    pub iss: String,
    /// `sub`.
    pub sub: String,
    /// `aud`: the only audience.
    pub aud: String,
    /// `exp`, in seconds since 1970.
    pub exp: f64,
    /// `iat`, in seconds since 1970.
    pub iat: Option<f64>,
    /// `nbf`, in seconds since 1970.
    pub nbf: Option<f64>,
    /// `jti`.
    pub jti: Option<String>,
    /// All claims.
    pub claims: Map<String, Value>,
    /// The signing input: encoded header and claims.
    pub signed: String,
    /// The signature, in base64url.
    pub signature: String,
}

impl std::fmt::Debug for Assertion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assertion").field("alg", &self.alg).finish_non_exhaustive()
    }
}

/// Error of a text that is no valid client assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAssertion;

impl From<InvalidJwt> for InvalidAssertion {
    fn from(_: InvalidJwt) -> Self {
        Self
    }
}

type Parsed<T> = Result<T, InvalidAssertion>;

impl Assertion {
    /// Parses the compact form. `parse_json` must reject objects with duplicate names.
    pub fn parse(text: &str, parse_json: impl Fn(&[u8]) -> Option<Value>) -> Parsed<Self> {
        if text.len() > MAX_ASSERTION_LENGTH {
            return Err(InvalidAssertion);
        }
        let CompactJwt { header, claims, signed, signature } = CompactJwt::read(text, parse_json)?;
        let alg = jwt::text(&header, "alg")?.as_deref().and_then(JwsAlgorithm::parse);
        Ok(Self {
            alg: alg.ok_or(InvalidAssertion)?,
            kid: jwt::text(&header, "kid")?,
            typed: is_client_authentication(jwt::text(&header, "typ")?.as_deref())?,
            iss: jwt::required(&claims, "iss")?,
            sub: jwt::required(&claims, "sub")?,
            aud: only_audience(claims.get("aud"))?,
            exp: jwt::instant(&claims, "exp")?.ok_or(InvalidAssertion)?,
            iat: jwt::instant(&claims, "iat")?,
            nbf: jwt::instant(&claims, "nbf")?,
            jti: jwt::text(&claims, "jti")?,
            claims,
            signed: signed.to_owned(),
            signature: signature.to_owned(),
        })
    }
}

/// The only audience: a string, or a list of one.
fn only_audience(aud: Option<&Value>) -> Parsed<String> {
    match aud {
        Some(Value::String(one)) => Ok(one.clone()),
        Some(Value::Array(list)) => match list.as_slice() {
            [Value::String(one)] => Ok(one.clone()),
            _ => Err(InvalidAssertion),
        },
        _ => Err(InvalidAssertion),
    }
}

/// Whether `typ` is that of client authentication. Another type than `JWT`, such as that of an access token, is an error
/// (RFC 8725 §3.11).
fn is_client_authentication(typ: Option<&str>) -> Parsed<bool> {
    let Some(typ) = typ else { return Ok(false) };
    let name = jwt::media_type(typ);
    if name.eq_ignore_ascii_case(CLIENT_AUTHENTICATION_JWT) {
        Ok(true)
    } else if name.eq_ignore_ascii_case("jwt") {
        Ok(false)
    } else {
        Err(InvalidAssertion)
    }
}

#[cfg(test)]
mod tests;
