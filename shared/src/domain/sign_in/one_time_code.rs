//! One-time codes: six digits that a person reads in a mail and types into a page.

use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many codes there are.
const COUNT: u32 = 1_000_000;
const DIGITS: usize = 6;

/// A one-time code.
///
/// No `Clone`, no `Serialize`, its `Debug` shows nothing, and its memory is wiped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct OneTimeCode(String);

/// Not six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed one-time code")]
pub struct InvalidOneTimeCode;

impl OneTimeCode {
    /// Draws until a number comes that favours no code: what is left of 32 bits above the last whole million is
    /// drawn again.
    #[must_use]
    pub fn draw(mut bytes: impl FnMut() -> [u8; 4]) -> Self {
        loop {
            let number = u32::from_be_bytes(bytes());
            if number < u32::MAX / COUNT * COUNT {
                return Self(format!("{:0DIGITS$}", number % COUNT));
            }
        }
    }

    /// Takes what somebody typed: people put spaces and hyphens between digits.
    pub fn parse(text: &str) -> Result<Self, InvalidOneTimeCode> {
        if text.len() > 64 {
            return Err(InvalidOneTimeCode);
        }
        let code = Self(text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect());
        if code.0.len() == DIGITS && code.0.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(code)
        } else {
            Err(InvalidOneTimeCode)
        }
    }

    /// The digits, for the mail and for the digest.
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
    fn every_code_is_drawn_from_equally_many_numbers() {
        let mut draws = [u32::MAX, 4_294_000_000, 4_293_999_999, 7].map(u32::to_be_bytes).into_iter();
        let mut draw = || OneTimeCode::draw(|| draws.next().expect("enough"));
        assert_eq!(draw().expose(), "999999", "what lies above the last whole million is passed over");
        assert_eq!(draw().expose(), "000007");
    }

    #[test]
    fn it_is_read_as_people_type_it() {
        for text in ["012345", " 012345 ", "012 345", "012-345", "0 1 2 3 4 5"] {
            assert_eq!(OneTimeCode::parse(text).expect(text).expose(), "012345");
        }
        for text in ["", "12345", "1234567", "12345a", "１２３４５６", &"1 ".repeat(40)] {
            assert!(OneTimeCode::parse(text).is_err(), "{text}");
        }
        assert_eq!(format!("{:?}", OneTimeCode::parse("012345")), "Ok(OneTimeCode(…))");
    }
}
