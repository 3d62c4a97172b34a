//! Signed JWTs in their compact form (RFC 7515 §7.1, RFC 7519): reading one, before and apart from verifying its
//! signature. A claim of the wrong type is refused, and never counts as absent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// A JWT, taken apart. Nothing in it is true before its signature is verified.
pub struct CompactJwt<'a> {
    /// The members of the header.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
    /// Header and claims as they were signed.
    pub signed: &'a str,
    /// The signature, in base64url.
    pub signature: &'a str,
}

/// It is not one, or says something that none may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidJwt;

type Read<T> = Result<T, InvalidJwt>;

impl<'a> CompactJwt<'a> {
    /// Takes it apart. `parse_json` must refuse an object in which a name stands twice.
    ///
    /// `jku`, `jwk`, `x5u`, `x5c` in the header are looked at by nobody. A `crit` names what must be understood,
    /// and nothing is (RFC 7515 §4.1.11).
    pub fn read(text: &'a str, parse_json: impl Fn(&[u8]) -> Option<Value>) -> Read<Self> {
        let (signed, signature) = text.rsplit_once('.').ok_or(InvalidJwt)?;
        let (header, claims) =
            signed.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or(InvalidJwt)?;
        let object = |part: &str| match URL_SAFE_NO_PAD.decode(part).ok().and_then(|bytes| parse_json(&bytes))
        {
            Some(Value::Object(members)) => Ok(members),
            _ => Err(InvalidJwt),
        };
        let (header, claims) = (object(header)?, object(claims)?);
        URL_SAFE_NO_PAD.decode(signature).map_err(|_| InvalidJwt)?;
        if header.contains_key("crit") {
            return Err(InvalidJwt);
        }
        Ok(Self { header, claims, signed, signature })
    }
}

/// A member that is text, if it is there.
pub fn text(members: &Map<String, Value>, name: &str) -> Read<Option<String>> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(InvalidJwt),
    }
}

/// A member that is text, and must be there.
pub fn required(members: &Map<String, Value>, name: &str) -> Read<String> {
    text(members, name)?.filter(|text| !text.is_empty()).ok_or(InvalidJwt)
}

/// A `NumericDate` (RFC 7519 §2), which may have a fraction.
pub fn instant(members: &Map<String, Value>, name: &str) -> Read<Option<f64>> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::Number(number)) => {
            number.as_f64().filter(|seconds| seconds.is_finite()).map(Some).ok_or(InvalidJwt)
        }
        Some(_) => Err(InvalidJwt),
    }
}

/// A media type in `typ` without the prefix that may be left out (RFC 7515 §4.1.9).
#[must_use]
pub fn media_type(typ: &str) -> &str {
    match typ.split_at_checked("application/".len()) {
        Some((prefix, name)) if prefix.eq_ignore_ascii_case("application/") => name,
        _ => typ,
    }
}
