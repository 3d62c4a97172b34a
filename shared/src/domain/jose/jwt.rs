//! Parsing of signed JWTs in compact form (RFC 7515 §7.1, RFC 7519), without verifying the signature. A claim of the wrong
//! type is an error; it is not treated as absent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// The parts of a JWT. They must not be trusted before the signature is verified.
pub struct CompactJwt<'a> {
    /// The members of the header.
    pub header: Map<String, Value>,
    /// The claims.
    pub claims: Map<String, Value>,
    /// The signing input: encoded header and claims.
    pub signed: &'a str,
    /// The signature, in base64url.
    pub signature: &'a str,
}

/// Error of a text that is no JWT, or has a header or claim that is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidJwt;

type Parsed<T> = Result<T, InvalidJwt>;

impl<'a> CompactJwt<'a> {
    /// Parses a JWT. `parse_json` must reject objects with duplicate names.
    ///
    /// `jku`, `jwk`, `x5u`, `x5c` in the header are ignored. A `crit` is an error, because no extension is supported (RFC 7515
    /// §4.1.11).
    pub fn read(text: &'a str, parse_json: impl Fn(&[u8]) -> Option<Value>) -> Parsed<Self> {
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

/// An optional member of type string.
pub fn text(members: &Map<String, Value>, name: &str) -> Parsed<Option<String>> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(InvalidJwt),
    }
}

/// A required member of type string, not empty.
pub fn required(members: &Map<String, Value>, name: &str) -> Parsed<String> {
    text(members, name)?.filter(|text| !text.is_empty()).ok_or(InvalidJwt)
}

/// An optional `NumericDate` (RFC 7519 §2), which may have a fraction.
pub fn instant(members: &Map<String, Value>, name: &str) -> Parsed<Option<f64>> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::Number(number)) => {
            number.as_f64().filter(|seconds| seconds.is_finite()).map(Some).ok_or(InvalidJwt)
        }
        Some(_) => Err(InvalidJwt),
    }
}

/// A media type in `typ` without the optional prefix `application/` (RFC 7515 §4.1.9).
#[must_use]
pub fn media_type(typ: &str) -> &str {
    match typ.split_at_checked("application/".len()) {
        Some((prefix, name)) if prefix.eq_ignore_ascii_case("application/") => name,
        _ => typ,
    }
}
