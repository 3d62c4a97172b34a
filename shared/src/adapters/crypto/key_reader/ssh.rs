//! OpenSSH public keys (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4): `ssh-rsa`, `ecdsa-sha2-nistp256`, `ecdsa-sha2-nistp384`,
//! `ssh-ed25519`.

use super::spki::ec_point;
use crate::domain::jose::jwk::{Curve, PublicKey};
use crate::domain::jose::key_finding::KeyFinding;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Beginnings of the names of key types.
const TYPES: [&str; 4] = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];

/// The key of a line of a `.pub` file; `None` if it is no such line.
pub(super) fn read_line(text: &str) -> Option<Result<PublicKey, KeyFinding>> {
    let (kind, rest) = text.split_once(char::is_whitespace)?;
    if !TYPES.iter().any(|known| kind.starts_with(known)) {
        return None;
    }
    let encoded = rest.split_whitespace().next()?;
    Some(STANDARD.decode(encoded).map_err(|_| KeyFinding::Base64).and_then(|blob| read_blob(&blob)))
}

/// The key of the binary form.
pub(super) fn read_blob(blob: &[u8]) -> Result<PublicKey, KeyFinding> {
    let (kind, rest) = string(blob).ok_or(KeyFinding::Damaged)?;
    match kind {
        b"ssh-rsa" => {
            let (e, rest) = string(rest).ok_or(KeyFinding::Damaged)?;
            let (n, _) = string(rest).ok_or(KeyFinding::Damaged)?;
            Ok(PublicKey::rsa(n, e)?)
        }
        b"ssh-ed25519" => Ok(PublicKey::ed25519(string(rest).ok_or(KeyFinding::Damaged)?.0)?),
        b"ecdsa-sha2-nistp256" | b"ecdsa-sha2-nistp384" => {
            let (_curve, rest) = string(rest).ok_or(KeyFinding::Damaged)?;
            let (point, _) = string(rest).ok_or(KeyFinding::Damaged)?;
            let key = if kind.ends_with(b"256") {
                ec_point(Curve::P256, &ECDSA_P256_SHA256_FIXED, point)
            } else {
                ec_point(Curve::P384, &ECDSA_P384_SHA384_FIXED, point)
            };
            key.ok_or(KeyFinding::Damaged)
        }
        b"ecdsa-sha2-nistp521" => Err(KeyFinding::OtherKind("an EC key on P-521".to_owned())),
        b"ssh-dss" => Err(KeyFinding::OtherKind("a DSA key".to_owned())),
        _ => Err(KeyFinding::SshKind),
    }
}

/// A string of the format: its length in four bytes, then its bytes. And what follows.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
