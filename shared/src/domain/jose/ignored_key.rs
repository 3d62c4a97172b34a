//! Keys of a set that are passed over (RFC 7517 §5).

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The longest part of a `kid` that is recorded, in bytes.
pub const MAX_IGNORED_KID: usize = 16;

/// Why a key of a set is passed over.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum IgnoredKeyReason {
    /// Its `kty` or `crv` is not one of those that are accepted.
    UnsupportedKind,
    /// Its `alg` is not one of those that are accepted, or does not fit it.
    UnsupportedAlg,
    /// Its `use` or `key_ops` says that it verifies no signatures.
    NotForSignatures,
    /// Its `kid` is no text, empty or longer than is accepted.
    InvalidKid,
    /// It has fewer or more bits than are accepted.
    RefusedSize,
    /// It is a private or symmetric key.
    PrivateKey,
    /// A member is missing or is not what it should be, or the key cannot be used.
    Invalid,
}

impl IgnoredKeyReason {
    /// Every reason.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// A short code, as it is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnsupportedKind => "kty",
            Self::UnsupportedAlg => "alg",
            Self::NotForSignatures => "use",
            Self::InvalidKid => "kid",
            Self::RefusedSize => "size",
            Self::PrivateKey => "d",
            Self::Invalid => "bad",
        }
    }

    /// The reason of a code; [`Self::Invalid`] for one of a later version.
    #[must_use]
    pub fn of_code(code: &str) -> Self {
        Self::ALL.iter().copied().find(|reason| reason.code() == code).unwrap_or(Self::Invalid)
    }

    /// Whether the key is a good one, but of another kind or for another purpose, as stand beside signing keys.
    #[must_use]
    pub const fn is_other_kind(self) -> bool {
        match self {
            Self::UnsupportedKind | Self::UnsupportedAlg | Self::NotForSignatures => true,
            Self::InvalidKid | Self::RefusedSize | Self::PrivateKey | Self::Invalid => false,
        }
    }
}

/// A key of a set that is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredKey {
    /// The beginning of its `kid`, if it has one.
    pub kid: Option<String>,
    /// Why.
    pub reason: IgnoredKeyReason,
}

impl IgnoredKey {
    /// A key with this `kid`.
    #[must_use]
    pub fn new(kid: Option<&str>, reason: IgnoredKeyReason) -> Self {
        let begin = |kid: &str| kid[..kid.floor_char_boundary(MAX_IGNORED_KID)].to_owned();
        Self { kid: kid.map(begin), reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_kid_is_cut_at_a_character() {
        let kid = IgnoredKey::new(Some(&"é".repeat(40)), IgnoredKeyReason::InvalidKid).kid.expect("a kid");
        assert_eq!(kid, "é".repeat(8));
        let kid = IgnoredKey::new(Some(&format!("a{}", "é".repeat(40))), IgnoredKeyReason::InvalidKid).kid;
        assert_eq!(kid.expect("a kid").len(), 15);
    }
}
