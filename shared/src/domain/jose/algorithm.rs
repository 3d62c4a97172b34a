//! The algorithms that a client, or an outside issuer, may sign an assertion with.

use serde::{Deserialize, Serialize};

/// A signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). None of them is symmetric, and
/// there is no `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JwsAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// Ed25519, by the name of RFC 8037.
    EdDSA,
    /// Ed25519, by the name of RFC 9864.
    Ed25519,
}

impl JwsAlgorithm {
    /// Every algorithm there is.
    pub const ALL: &[Self] =
        &[Self::RS256, Self::PS256, Self::ES256, Self::ES384, Self::EdDSA, Self::Ed25519];

    /// `alg` on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::EdDSA => "EdDSA",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// Reads `alg`. The names are case-sensitive (RFC 7515 §4.1.1).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|alg| alg.as_str() == text).copied()
    }

    /// Whether both names mean the same algorithm.
    #[must_use]
    pub fn is(self, other: Self) -> bool {
        self == other || (self.is_ed25519() && other.is_ed25519())
    }

    const fn is_ed25519(self) -> bool {
        matches!(self, Self::EdDSA | Self::Ed25519)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_no_other_is_read() {
        for alg in JwsAlgorithm::ALL {
            assert_eq!(JwsAlgorithm::parse(alg.as_str()), Some(*alg));
        }
        for other in ["none", "HS256", "rs256", "ES512", "RS1", "", "Ed448"] {
            assert_eq!(JwsAlgorithm::parse(other), None, "{other}");
        }
    }

    #[test]
    fn the_two_names_of_ed25519_are_one_algorithm() {
        assert!(JwsAlgorithm::EdDSA.is(JwsAlgorithm::Ed25519));
        assert!(!JwsAlgorithm::RS256.is(JwsAlgorithm::PS256));
    }
}
