//! SHA-256, for keys that must not tell what they were made of, and for comparing bodies.

use aws_lc_rs::digest::{self, Context, SHA256};
use std::fmt::Write;

/// SHA-256 of the bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(digest::digest(&SHA256, bytes).as_ref());
    digest
}

/// SHA-256 over the parts, each preceded by its length so that no two lists of parts run together;
/// in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(parts: &[&[u8]]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.finish().as_ref().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(sha256_hex(&[b"ab", b"c"]), sha256_hex(&[b"a", b"bc"]));
        assert_eq!(sha256_hex(&[b"a"]).len(), 64);
    }
}
