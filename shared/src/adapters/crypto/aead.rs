//! Opaque values that a caller keeps for Latchkey: encrypted, bound to their purpose, and rejected when changed.

use crate::adapters::crypto::random::random;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The longest sealed text that is opened, in bytes.
const MAX_SEALED: usize = 2_048;

fn key(bytes: &[u8; 32]) -> LessSafeKey {
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes).expect("32 bytes are an AES-256 key"))
}

/// Seals `plaintext` with the associated data `aad`: only [`open`] with the same key and `aad` reads it back.
///
/// # Panics
///
/// Never for values of a cursor's size.
#[must_use]
pub fn seal(sealing_key: &[u8; 32], aad: &str, plaintext: &[u8]) -> String {
    let nonce: [u8; NONCE_LEN] = random();
    let mut buffer = plaintext.to_vec();
    key(sealing_key)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut buffer)
        .expect("a cursor is far below AES-GCM's limit");
    let mut sealed = nonce.to_vec();
    sealed.append(&mut buffer);
    URL_SAFE_NO_PAD.encode(sealed)
}

/// The plaintext; `None` if the sealed text, the key or `aad` is not the one of [`seal`].
#[must_use]
pub fn open(sealing_key: &[u8; 32], aad: &str, sealed: &str) -> Option<Vec<u8>> {
    if sealed.len() > MAX_SEALED {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, body) = bytes.split_first_chunk::<NONCE_LEN>()?;
    let mut buffer = body.to_vec();
    let plaintext = key(sealing_key)
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut buffer)
        .ok()?;
    Some(plaintext.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_sealed_text_opens_for_its_aad_only() {
        let sealed = seal(&KEY, "clients of T1", b"after this one");
        assert_eq!(open(&KEY, "clients of T1", &sealed).as_deref(), Some(&b"after this one"[..]));
        assert_eq!(open(&KEY, "clients of T2", &sealed), None);
        assert_eq!(open(&[8; 32], "clients of T1", &sealed), None);
    }

    proptest! {
        #[test]
        fn a_changed_or_invented_one_is_refused(text in "\\PC{0,80}", position: prop::sample::Index) {
            prop_assert_eq!(open(&KEY, "p", &text), None);
            let mut sealed = seal(&KEY, "p", b"plain").into_bytes();
            let index = position.index(sealed.len());
            sealed[index] = if sealed[index] == b'A' { b'B' } else { b'A' };
            prop_assert_eq!(open(&KEY, "p", std::str::from_utf8(&sealed).expect("ASCII")), None);
        }
    }
}
