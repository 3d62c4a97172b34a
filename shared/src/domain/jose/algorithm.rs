//! JWS algorithms that are accepted in client assertions and ID tokens.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). There is no symmetric one, and no `none`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
pub enum JwsAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256.
    PS256,
    /// RSASSA-PSS with SHA-384.
    PS384,
    /// RSASSA-PSS with SHA-512.
    PS512,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// Ed25519, as named by RFC 8037.
    EdDSA,
    /// Ed25519, as named by RFC 9864.
    Ed25519,
}

impl JwsAlgorithm {
    /// Every algorithm.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The name in `alg`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Parses `alg`. The names are case-sensitive (RFC 7515 §4.1.1).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// Whether both names denote the same algorithm.
    #[must_use]
    pub fn is(self, other: Self) -> bool {
        self == other || (self.is_ed25519() && other.is_ed25519())
    }

    /// Whether it is for RSA keys.
    #[must_use]
    pub const fn is_rsa(self) -> bool {
        match self {
            Self::RS256 | Self::RS384 | Self::RS512 | Self::PS256 | Self::PS384 | Self::PS512 => true,
            Self::ES256 | Self::ES384 | Self::EdDSA | Self::Ed25519 => false,
        }
    }

    const fn is_ed25519(self) -> bool {
        matches!(self, Self::EdDSA | Self::Ed25519)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_known_algorithms_are_parsed() {
        for alg in JwsAlgorithm::ALL {
            assert_eq!(JwsAlgorithm::parse(alg.as_str()), Some(*alg));
        }
        for other in ["none", "HS256", "rs256", "ES512", "RS1", "", "Ed448"] {
            assert_eq!(JwsAlgorithm::parse(other), None, "{other}");
        }
    }

    #[test]
    fn both_names_of_ed25519_denote_one_algorithm() {
        assert!(JwsAlgorithm::EdDSA.is(JwsAlgorithm::Ed25519));
        assert!(!JwsAlgorithm::RS256.is(JwsAlgorithm::PS256));
    }
}
