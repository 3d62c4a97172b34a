//! One secret of a client, as a resource: everything about it but itself.

use crate::domain::primitives::ids::SecretId;
use crate::domain::reminder::LastNotice;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The most live secrets of one client: the one in use, and its successor during a rotation.
pub const MAX_LIVE: usize = 2;

/// What is kept of a secret to recognise it: HMAC-SHA-256 under a pepper that the directory has not.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretDigest {
    /// Which pepper.
    pub pepper_id: String,
    /// The 32 bytes.
    #[serde(with = "serde_bytes")]
    pub digest: Vec<u8>,
}

impl std::fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretDigest").field("pepper_id", &self.pepper_id).finish_non_exhaustive()
    }
}

/// A secret of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Which one.
    pub secret_id: SecretId,
    /// By what it is recognised.
    #[serde(flatten)]
    pub digest: SecretDigest,
    /// Its last four characters.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// It works while `now < expires_at`.
    pub expires_at: Timestamp,
    /// Whether anybody is told before it expires.
    pub remind: bool,
    /// Whether it may be seen again: as `secret_display` was when it was made.
    pub revealable: bool,
    /// The last day (UTC) on which it got a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_on: Option<Date>,
    /// The last day (UTC) on which it was tried after it had ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_on: Option<Date>,
    /// What was said last about its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<LastNotice>,
}

impl Secret {
    /// Whether it still works.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
