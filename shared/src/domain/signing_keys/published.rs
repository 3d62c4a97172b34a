//! What is known of the public keys that are published.

use crate::domain::resource::TokenSigningAlg;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where in the key ring a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RingPosition {
    /// It signs.
    Active,
    /// It signs after the next rotation.
    Next,
    /// It signs no more; tokens that it has signed may still be valid.
    Previous,
}

/// A published key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    /// Its `kid`.
    pub kid: String,
    /// Its algorithm.
    pub alg: TokenSigningAlg,
    /// Where in the ring it is.
    pub position: RingPosition,
    /// When it was added to the ring; unknown for a retired key, and in rings of an older format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// When the last token that a retired key has signed expires at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_until: Option<Timestamp>,
}
