//! Proof Key for Code Exchange (RFC 7636): only the client that requested a code can redeem it.

use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The only supported `code_challenge_method`: `plain` protects nothing.
pub const METHOD: &str = "S256";

/// Error of a text that is no challenge or verifier of RFC 7636 §4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed")]
pub struct InvalidPkceValue;

/// A `code_challenge` (RFC 7636 §4.2): SHA-256 of the verifier, 43 characters of base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Parses a text that can be the base64url of a SHA-256.
    pub fn parse(text: &str) -> Result<Self, InvalidPkceValue> {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        // 43 digits hold 258 bits: the last two must be zero.
        let canonical = text.ends_with(|last: char| "AEIMQUYcgkosw048".contains(last));
        if text.len() == 43 && text.bytes().all(legal) && canonical {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPkceValue)
        }
    }

    /// The challenge as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A `code_verifier` (RFC 7636 §4.1): 43 to 128 unreserved characters. It is as confidential as a password.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct CodeVerifier(String);

impl CodeVerifier {
    /// Parses a verifier: length and characters.
    pub fn parse(text: &str) -> Result<Self, InvalidPkceValue> {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if (43..=128).contains(&text.len()) && text.bytes().all(legal) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidPkceValue)
        }
    }

    /// The text, to compute its challenge.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        assert!(CodeChallenge::parse(CHALLENGE).is_ok());
        assert!(CodeVerifier::parse(VERIFIER).is_ok());
        assert!(CodeVerifier::parse(&"~".repeat(128)).is_ok());
    }

    #[test]
    fn a_challenge_must_be_a_possible_sha_256() {
        let padded = format!("{CHALLENGE}=");
        let last_bits = CHALLENGE.replace("cM", "cN");
        for text in ["", "abc", &padded, &last_bits, &CHALLENGE.replace('-', "+"), &CHALLENGE[1..]] {
            assert_eq!(CodeChallenge::parse(text), Err(InvalidPkceValue), "{text}");
        }
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for text in ["", &VERIFIER[1..], &"a".repeat(129), &format!("{VERIFIER} "), &format!("{VERIFIER}é")]
        {
            assert!(CodeVerifier::parse(text).is_err(), "{text}");
        }
    }
}
