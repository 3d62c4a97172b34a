//! One secret of a client, as a resource: everything but its value.

use crate::domain::client::last_notice::LastNotice;
use crate::domain::primitives::ids::SecretId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The most live secrets of one client: the one in use, and its successor during a rotation.
pub const MAX_LIVE: usize = 2;

/// HMAC-SHA-256 of a secret, with a pepper as key that is not in the directory.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretDigest {
    /// Id of the pepper.
    pub pepper_id: String,
    /// The HMAC, 32 bytes.
    #[serde(with = "serde_bytes")]
    pub digest: Vec<u8>,
}

impl std::fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretDigest").field("pepper_id", &self.pepper_id).finish_non_exhaustive()
    }
}

/// HMAC-SHA-256 of a secret without the ids of its digest, by which a secret that was found somewhere leads to its client.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretLookup(#[serde(with = "serde_bytes")] pub Vec<u8>);

impl std::fmt::Debug for SecretLookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SecretLookup").finish_non_exhaustive()
    }
}

/// A secret of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Its id.
    pub secret_id: SecretId,
    /// Digest of its value.
    #[serde(flatten)]
    pub digest: SecretDigest,
    /// Stored at its creation; for secrets of earlier versions, with their next use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<SecretLookup>,
    /// Its last four characters.
    pub hint: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// It works while `now < expires_at`.
    pub expires_at: Timestamp,
    /// Whether notices about its expiry are sent.
    pub remind: bool,
    /// Whether it may be revealed: `secret_display` at its creation.
    pub revealable: bool,
    /// The last day (UTC) on which it got a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_on: Option<Date>,
    /// The last day (UTC) on which it was presented after its expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_on: Option<Date>,
    /// The last notice about its expiry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<LastNotice>,
}

impl Secret {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
