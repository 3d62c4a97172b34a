//! Claims of an external token that are compared exactly.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The most claims of one identity.
pub const MAX_CLAIMS: usize = 5;

/// The value of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClaimValue {
    /// A text.
    Text(String),
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
}

impl ClaimValue {
    /// Whether a claim has this value. A number is not the text of its digits.
    #[must_use]
    pub fn is(&self, claim: &Value) -> bool {
        match self {
            Self::Text(text) => claim.as_str() == Some(text),
            Self::Boolean(boolean) => claim.as_bool() == Some(*boolean),
            Self::Integer(integer) => claim.as_i64() == Some(*integer),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Boolean(_) => 1,
            Self::Integer(_) => 11,
        }
    }
}

impl fmt::Display for ClaimValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Boolean(boolean) => boolean.fmt(f),
            Self::Integer(integer) => integer.fmt(f),
        }
    }
}
