//! The value of a client secret, while it is in memory.

use crate::domain::primitives::base62;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Prefix of every secret, so that secret scanners find it in source code and logs.
pub const PREFIX: &str = "lks_";
const RANDOM_DIGITS: usize = 43;
const CHECKSUM_DIGITS: usize = 6;
/// The length of every secret, in bytes.
pub const LENGTH: usize = PREFIX.len() + RANDOM_DIGITS + CHECKSUM_DIGITS;

/// A client secret: `lks_`, 256 random bits in base 62, and a CRC-32 of both.
///
/// It has no `Clone` and no `Serialize`, its `Debug` is redacted, and its memory is zeroized when it is dropped.
/// [`ClientSecret::expose`] is the only way to its text.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ClientSecret(String);

/// Error of a text that is no secret of Latchkey. It has no details, because the text may be a secret of another system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed client secret")]
pub struct InvalidSecret;

fn checksum(text: &str) -> String {
    base62::encode(&crc32fast::hash(text.as_bytes()).to_be_bytes(), CHECKSUM_DIGITS)
}

impl ClientSecret {
    /// A secret of 256 random bits.
    #[must_use]
    pub fn from_random_bytes(mut bytes: [u8; 32]) -> Self {
        let mut text = String::with_capacity(LENGTH);
        let mut digits = base62::encode(&bytes, RANDOM_DIGITS);
        text.push_str(PREFIX);
        text.push_str(&digits);
        text.push_str(&checksum(&text));
        bytes.zeroize();
        digits.zeroize();
        Self(text)
    }

    /// Parses a presented secret: prefix, length, characters and checksum. This needs no read, and its result tells an
    /// attacker nothing that is not in this file.
    pub fn parse(text: &str) -> Result<Self, InvalidSecret> {
        let well_formed = text.len() == LENGTH
            && text.starts_with(PREFIX)
            && text.bytes().skip(PREFIX.len()).all(|byte| byte.is_ascii_alphanumeric());
        if !well_formed {
            return Err(InvalidSecret);
        }
        let (body, sum) = text.split_at(LENGTH - CHECKSUM_DIGITS);
        if checksum(body) == sum { Ok(Self(text.to_owned())) } else { Err(InvalidSecret) }
    }

    /// The text. To be called only to show it to its owner, to store it in Secrets Manager, and to compute its digest.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four characters, by which its owner tells it from another one. They are part of the checksum: 232 bits stay
    /// unknown.
    #[must_use]
    pub fn hint(&self) -> String {
        self.0[LENGTH - 4..].to_owned()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn debug_is_redacted() {
        let secret = ClientSecret::from_random_bytes([7; 32]);
        assert_eq!(format!("{secret:?}"), "ClientSecret(…)");
    }

    proptest! {
        #[test]
        fn a_generated_secret_can_be_parsed(bytes: [u8; 32]) {
            let secret = ClientSecret::from_random_bytes(bytes);
            prop_assert!(ClientSecret::parse(secret.expose()).is_ok());
            prop_assert!(secret.expose().ends_with(&secret.hint()));
        }

        #[test]
        fn a_changed_character_is_rejected(bytes: [u8; 32], position in 4..LENGTH) {
            let secret = ClientSecret::from_random_bytes(bytes);
            let mut changed = secret.expose().as_bytes().to_vec();
            changed[position] = if changed[position] == b'a' { b'b' } else { b'a' };
            prop_assert!(ClientSecret::parse(std::str::from_utf8(&changed).expect("ASCII")).is_err());
        }

        #[test]
        fn other_text_is_rejected_without_panic(text in "\\PC{0,60}") {
            prop_assert!(ClientSecret::parse(&text).is_err());
            let prefixed = format!("{PREFIX}{text}");
            prop_assert!(ClientSecret::parse(&prefixed).is_err());
        }
    }
}
