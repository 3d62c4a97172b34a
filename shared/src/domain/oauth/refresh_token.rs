//! The value of a refresh token (RFC 6749 §1.5), while it is in memory.

use crate::domain::primitives::base62;
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Prefix of every refresh token, so that secret scanners find it.
pub const PREFIX: &str = "lkr_";
const DIGITS: usize = 43;
const CHECKSUM_DIGITS: usize = 6;
const SECRET_START: usize = PREFIX.len() + DIGITS;
const CHECKSUM_START: usize = SECRET_START + DIGITS;
/// The length of every refresh token, in bytes.
pub const LENGTH: usize = CHECKSUM_START + CHECKSUM_DIGITS;

/// A refresh token: `lkr_`, a handle that all tokens of one family share, a secret of its own (256 random bits each, in base
/// 62), and a CRC-32 of all.
///
/// The handle tells a rotated token of the family from an invented one. It has no `Clone` and no `Serialize`, its `Debug` is
/// redacted, and its memory is zeroized.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct RefreshToken(String);

/// Error of a text that is no refresh token of Latchkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed refresh token")]
pub struct InvalidRefreshToken;

fn checksum(text: &str) -> String {
    base62::encode(&crc32fast::hash(text.as_bytes()).to_be_bytes(), CHECKSUM_DIGITS)
}

impl RefreshToken {
    /// The first token of a new family.
    #[must_use]
    pub fn first(mut handle: [u8; 32], secret: [u8; 32]) -> Self {
        let mut digits = base62::encode(&handle, DIGITS);
        let token = Self::assemble(&digits, secret);
        handle.zeroize();
        digits.zeroize();
        token
    }

    /// A token that replaces this one in its family.
    #[must_use]
    pub fn successor(&self, secret: [u8; 32]) -> Self {
        Self::assemble(self.handle(), secret)
    }

    fn assemble(handle: &str, mut secret: [u8; 32]) -> Self {
        let mut digits = base62::encode(&secret, DIGITS);
        let mut text = String::with_capacity(LENGTH);
        text.push_str(PREFIX);
        text.push_str(handle);
        text.push_str(&digits);
        text.push_str(&checksum(&text));
        secret.zeroize();
        digits.zeroize();
        Self(text)
    }

    /// Parses a presented token: prefix, length, characters and checksum. This needs no read.
    pub fn parse(text: &str) -> Result<Self, InvalidRefreshToken> {
        let well_formed = text.len() == LENGTH
            && text.starts_with(PREFIX)
            && text.bytes().skip(PREFIX.len()).all(|byte| byte.is_ascii_alphanumeric());
        if !well_formed {
            return Err(InvalidRefreshToken);
        }
        let (body, sum) = text.split_at(CHECKSUM_START);
        if checksum(body) == sum { Ok(Self(text.to_owned())) } else { Err(InvalidRefreshToken) }
    }

    /// The text, for the response that contains it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The part that all tokens of the family share, to compute its digest.
    #[must_use]
    pub fn handle(&self) -> &str {
        &self.0[PREFIX.len()..SECRET_START]
    }

    /// The part that is unique to the token, to compute its digest.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0[SECRET_START..CHECKSUM_START]
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn debug_is_redacted() {
        assert_eq!(format!("{:?}", RefreshToken::first([7; 32], [8; 32])), "RefreshToken(…)");
    }

    proptest! {
        #[test]
        fn a_successor_has_the_same_handle_and_another_secret(handle: [u8; 32], one: [u8; 32], two: [u8; 32]) {
            prop_assume!(one != two);
            let first = RefreshToken::first(handle, one);
            let second = first.successor(two);
            prop_assert_eq!(first.handle(), second.handle());
            prop_assert_ne!(first.secret(), second.secret());
            prop_assert!(RefreshToken::parse(first.expose()).is_ok());
            prop_assert!(RefreshToken::parse(second.expose()).is_ok());
        }

        #[test]
        fn other_text_is_rejected_without_panic(text in "\\PC{0,110}") {
            prop_assert!(RefreshToken::parse(&text).is_err());
            let prefixed = format!("{PREFIX}{text}");
            prop_assert!(RefreshToken::parse(&prefixed).is_err());
        }

        #[test]
        fn a_changed_character_is_rejected(handle: [u8; 32], secret: [u8; 32], position in 4..LENGTH) {
            let token = RefreshToken::first(handle, secret);
            let mut changed = token.expose().as_bytes().to_vec();
            changed[position] = if changed[position] == b'a' { b'b' } else { b'a' };
            prop_assert!(RefreshToken::parse(std::str::from_utf8(&changed).expect("ASCII")).is_err());
        }
    }
}
