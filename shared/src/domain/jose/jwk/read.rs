//! Reading a JWK as people have it: numbers with or without leading zeros, null for what is absent.

use super::invalid::{InvalidJwk, found};
use super::{Curve, PublicJwk, PublicKey, significant};
use crate::domain::jose::algorithm::JwsAlgorithm;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// The smallest RSA modulus, in bits.
pub const MIN_RSA_BITS: usize = 2_048;
/// The largest RSA modulus, in bits: it bounds the work of a verification.
pub const MAX_RSA_BITS: usize = 4_096;
/// The longest `kid`, in bytes: a URL or name of a key management service.
pub const MAX_KID_LENGTH: usize = 512;
/// From how many digits on a number of hexadecimal digits only is one: base64url of a key is never.
const HEXADECIMAL_FROM: usize = 64;

/// Members of private and symmetric keys only (RFC 7518 §6, RFC 8037 §2).
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

pub(super) fn jwk(value: &Value) -> Result<PublicJwk, InvalidJwk> {
    let member = |name: &str| value.get(name).filter(|value| !value.is_null());
    if PRIVATE_MEMBERS.iter().any(|name| member(name).is_some()) {
        return Err(InvalidJwk::Private);
    }
    let key = key(value)?;
    if let Some(purpose) = member("use").filter(|purpose| *purpose != "sig") {
        return Err(InvalidJwk::Use(found(purpose)));
    }
    let includes_verify = |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"));
    if !member("key_ops").is_none_or(includes_verify) {
        return Err(InvalidJwk::KeyOps);
    }
    let alg = match member("alg") {
        None => None,
        Some(name) => {
            let alg = name.as_str().and_then(JwsAlgorithm::parse).filter(|alg| key.fits(*alg));
            Some(alg.ok_or_else(|| InvalidJwk::Alg(found(name)))?)
        }
    };
    let kid = match member("kid") {
        None => None,
        Some(Value::String(kid)) if (1..=MAX_KID_LENGTH).contains(&kid.len()) => Some(kid.clone()),
        Some(_) => return Err(InvalidJwk::Kid),
    };
    Ok(PublicJwk { key, kid, alg })
}

fn key(value: &Value) -> Result<PublicKey, InvalidJwk> {
    let named = |name: &str| value.get(name).unwrap_or(&Value::Null);
    let missing = ["kty", "crv"].into_iter().find(|name| {
        named(name).is_null() && (*name == "kty" || matches!(named("kty").as_str(), Some("EC" | "OKP")))
    });
    if let Some(name) = missing {
        return Err(InvalidJwk::Missing(name));
    }
    match named("kty").as_str() {
        Some("RSA") => PublicKey::rsa(&number(value, "n")?, &number(value, "e")?),
        Some("EC") => {
            let crv = match named("crv").as_str() {
                Some("P-256") => Curve::P256,
                Some("P-384") => Curve::P384,
                _ => return Err(InvalidJwk::Curve(found(named("crv")))),
            };
            Ok(PublicKey::ec(crv, &coordinate(value, "x", crv)?, &coordinate(value, "y", crv)?))
        }
        Some("OKP") if named("crv") == "Ed25519" => PublicKey::ed25519(&number(value, "x")?),
        Some("OKP") => Err(InvalidJwk::Curve(found(named("crv")))),
        Some("oct") => Err(InvalidJwk::Private),
        _ => Err(InvalidJwk::Kind(found(named("kty")))),
    }
}

/// The bytes of a number, which may be written in either alphabet, padded or not.
fn number(value: &Value, name: &'static str) -> Result<Vec<u8>, InvalidJwk> {
    let text = match value.get(name) {
        None | Some(Value::Null) => return Err(InvalidJwk::Missing(name)),
        Some(Value::String(text)) => text.trim(),
        Some(_) => return Err(InvalidJwk::Text(name)),
    };
    if text.len() >= HEXADECIMAL_FROM && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(InvalidJwk::Hexadecimal(name));
    }
    let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidJwk::Base64(name))?;
    if bytes.is_empty() { Err(InvalidJwk::Missing(name)) } else { Ok(bytes) }
}

/// A coordinate in the curve's width. Some programs write the number without its leading zeros, or with one too many.
fn coordinate(value: &Value, name: &'static str, crv: Curve) -> Result<Vec<u8>, InvalidJwk> {
    let bytes = number(value, name)?;
    let digits = significant(&bytes);
    let zeros = crv.width().checked_sub(digits.len()).ok_or(InvalidJwk::Coordinate(name))?;
    Ok([&vec![0; zeros], digits].concat())
}

/// Checks the numbers of an RSA key, without leading zeros.
pub(super) fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), InvalidJwk> {
    let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits(n)) {
        return Err(InvalidJwk::RsaSize(bits(n)));
    }
    if is_odd(n) && is_odd(e) && (2..=33).contains(&bits(e)) { Ok(()) } else { Err(InvalidJwk::RsaNumbers) }
}

/// Length of a number without leading zeros, in bits.
fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}
