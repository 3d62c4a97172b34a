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

    /// Parses user input, which may have spaces and hyphens between the digits. The digits may be those of other keyboards.
    pub fn parse(text: &str) -> Result<Self, InvalidOneTimeCode> {
        if text.len() > 64 {
            return Err(InvalidOneTimeCode);
        }
        let digits = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(ascii_digit);
        let code = Self(digits.collect());
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

/// A decimal digit of a keyboard that is not Latin as an ASCII digit; other characters as they are.
fn ascii_digit(c: char) -> char {
    /// Zeros that the other nine digits follow: Arabic, Persian, Devanagari, Bengali, Thai, full-width.
    const ZEROS: [u32; 6] = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0xff10];
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
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
    fn digits_of_other_keyboards_are_digits() {
        for text in [
            "\u{ff11}\u{ff12}\u{ff13}\u{ff14} 5678",
            "\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}\u{668}",
        ] {
            assert_eq!(OneTimeCode::parse(text).expect("digits").expose(), "12345678", "{text}");
        }
        assert!(OneTimeCode::parse("\u{2460}2345678").is_err(), "a circled digit is none");
    }

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
        for text in ["", "12345", "1234567", "123456789", "1234567a", &"1 ".repeat(40)] {
            assert!(OneTimeCode::parse(text).is_err(), "{text}");
        }
        assert_eq!(OneTimeCode::parse("０１２３４５６７").expect("full-width digits").expose(), "01234567");
        assert_eq!(format!("{:?}", OneTimeCode::parse("01234567")), "Ok(OneTimeCode(…))");
    }
}
