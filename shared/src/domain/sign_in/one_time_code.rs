//! One-time codes: eight digits that are sent by email and entered on a page.

use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The number of different codes.
const COUNT: u32 = 100_000_000;
const DIGITS: usize = 8;
/// The digits of version 0.1.0, whose codes may be entered for ten minutes after an upgrade.
const LEGACY_DIGITS: usize = 6;

/// A one-time code.
///
/// It has no `Clone` and no `Serialize`, its `Debug` is redacted, and its memory is zeroized.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct OneTimeCode(String);

/// Error of a text that has not eight digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed one-time code")]
pub struct InvalidOneTimeCode;

impl OneTimeCode {
    /// A random code, uniformly distributed.
    #[must_use]
    pub fn draw(mut bytes: impl FnMut() -> [u8; 4]) -> Self {
        loop {
            let number = u32::from_be_bytes(bytes());
            // Rejection sampling: numbers above the last whole hundred million of 32 bits would favour some codes.
            if number < u32::MAX / COUNT * COUNT {
                return Self(format!("{:0DIGITS$}", number % COUNT));
            }
        }
    }

    /// Parses user input, which may have spaces and hyphens between the digits.
    pub fn parse(text: &str) -> Result<Self, InvalidOneTimeCode> {
        if text.len() > 64 {
            return Err(InvalidOneTimeCode);
        }
        let code = Self(text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect());
        if matches!(code.0.len(), DIGITS | LEGACY_DIGITS) && code.0.bytes().all(|byte| byte.is_ascii_digit())
        {
            Ok(code)
        } else {
            Err(InvalidOneTimeCode)
        }
    }

    /// The digits, for the email and to compute the digest.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_uniformly_distributed() {
        let mut draws = [u32::MAX, 4_200_000_000, 4_199_999_999, 7].map(u32::to_be_bytes).into_iter();
        let mut draw = || OneTimeCode::draw(|| draws.next().expect("enough"));
        assert_eq!(draw().expose(), "99999999", "numbers above the last whole hundred million are skipped");
        assert_eq!(draw().expose(), "00000007");
    }

    #[test]
    fn spaces_and_hyphens_in_input_are_ignored() {
        for text in ["01234567", " 01234567 ", "0123 4567", "0123-4567", "0 1 2 3 4 5 6 7"] {
            assert_eq!(OneTimeCode::parse(text).expect(text).expose(), "01234567");
        }
        for text in ["", "12345", "1234567", "123456789", "1234567a", "１２３４５６７８", &"1 ".repeat(40)]
        {
            assert!(OneTimeCode::parse(text).is_err(), "{text}");
        }
        assert_eq!(format!("{:?}", OneTimeCode::parse("01234567")), "Ok(OneTimeCode(…))");
    }
}
