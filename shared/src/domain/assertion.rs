//! Client assertions (RFC 7521 §4.2, RFC 7523 §3, RFC 10070): reading one, before and apart from verifying its
//! signature. A claim of the wrong type is refused, and never counts as absent.

use super::assertion_alg::AssertionAlg;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

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
    pub alg: AssertionAlg,
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
pub struct MalformedAssertion;

type Read<T> = Result<T, MalformedAssertion>;

impl Assertion {
    /// Reads the compact form (RFC 7515 §7.1). `parse_json` must refuse an object in which a name stands
    /// twice.
    ///
    /// `jku`, `jwk`, `x5u`, `x5c` in the header are looked at by nobody: keys come from the client's
    /// registration only. A `crit` names what must be understood, and nothing is (RFC 7515 §4.1.11).
    pub fn parse(text: &str, parse_json: impl Fn(&[u8]) -> Option<Value>) -> Read<Self> {
        if text.len() > MAX_ASSERTION_LENGTH {
            return Err(MalformedAssertion);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(MalformedAssertion)?;
        let (header, claims) =
            signed.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or(MalformedAssertion)?;
        let object = |part: &str| match URL_SAFE_NO_PAD.decode(part).ok().and_then(|bytes| parse_json(&bytes))
        {
            Some(Value::Object(members)) => Ok(members),
            _ => Err(MalformedAssertion),
        };
        let (header, claims) = (object(header)?, object(claims)?);
        URL_SAFE_NO_PAD.decode(signature).map_err(|_| MalformedAssertion)?;
        if header.contains_key("crit") {
            return Err(MalformedAssertion);
        }
        let alg =
            text_of(&header, "alg")?.as_deref().and_then(AssertionAlg::parse).ok_or(MalformedAssertion)?;
        Ok(Self {
            alg,
            kid: text_of(&header, "kid")?,
            typed: typed(text_of(&header, "typ")?.as_deref())?,
            iss: required(&claims, "iss")?,
            sub: required(&claims, "sub")?,
            aud: only_audience(claims.get("aud"))?,
            exp: instant(&claims, "exp")?.ok_or(MalformedAssertion)?,
            iat: instant(&claims, "iat")?,
            nbf: instant(&claims, "nbf")?,
            jti: text_of(&claims, "jti")?,
            signed: signed.to_owned(),
            signature: signature.to_owned(),
        })
    }
}

fn text_of(members: &Map<String, Value>, name: &str) -> Read<Option<String>> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(MalformedAssertion),
    }
}

fn required(members: &Map<String, Value>, name: &str) -> Read<String> {
    text_of(members, name)?.filter(|text| !text.is_empty()).ok_or(MalformedAssertion)
}

/// A `NumericDate` (RFC 7519 §2), which may have a fraction.
fn instant(members: &Map<String, Value>, name: &str) -> Read<Option<f64>> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::Number(number)) => {
            number.as_f64().filter(|seconds| seconds.is_finite()).map(Some).ok_or(MalformedAssertion)
        }
        Some(_) => Err(MalformedAssertion),
    }
}

/// One audience, alone: as text or as a list of one.
fn only_audience(aud: Option<&Value>) -> Read<String> {
    match aud {
        Some(Value::String(one)) => Ok(one.clone()),
        Some(Value::Array(list)) => match list.as_slice() {
            [Value::String(one)] => Ok(one.clone()),
            _ => Err(MalformedAssertion),
        },
        _ => Err(MalformedAssertion),
    }
}

/// Whether it says what it is. A JWT that says that it is something else, such as an access token, is no
/// assertion (RFC 8725 §3.11).
fn typed(typ: Option<&str>) -> Read<bool> {
    let Some(typ) = typ else { return Ok(false) };
    let name = match typ.split_at_checked("application/".len()) {
        Some((prefix, name)) if prefix.eq_ignore_ascii_case("application/") => name,
        _ => typ,
    };
    if name.eq_ignore_ascii_case(OWN_TYP) {
        Ok(true)
    } else if name.eq_ignore_ascii_case("jwt") {
        Ok(false)
    } else {
        Err(MalformedAssertion)
    }
}

#[cfg(test)]
mod tests;
