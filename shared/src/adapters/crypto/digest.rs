//! SHA-256, for keys that must not reveal their input, and for comparing bodies.

use aws_lc_rs::digest::{self, Context, SHA256};

/// SHA-256 of the bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(digest::digest(&SHA256, bytes).as_ref());
    digest
}

/// SHA-256 over the parts in lower-case hexadecimal. Each part is preceded by its length, so that different lists of
/// parts have different digests.
#[must_use]
pub fn sha256_hex(parts: &[&[u8]]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    hex::encode(context.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_separated() {
        assert_ne!(sha256_hex(&[b"ab", b"c"]), sha256_hex(&[b"a", b"bc"]));
        assert_eq!(sha256_hex(&[b"a"]).len(), 64);
    }
}
