//! One secret of a client, as a resource: everything but its value.

use crate::domain::client::last_notice::LastNotice;
use crate::domain::primitives::display_text::Label;
use crate::domain::primitives::ids::SecretId;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use strum::IntoStaticStr;

/// The most live secrets of one client: the one in use, and its successor during a rotation.
pub const MAX_LIVE: usize = 2;

/// A secret that is not the newest is treated as in use for this number of days after its last use.
const IN_USE_DAYS: i64 = 7;

/// Whether a secret that was last used on this day is treated as in use.
#[must_use]
pub fn is_in_use(last_used_on: Date, now: Timestamp) -> bool {
    let today = now.to_zoned(TimeZone::UTC).date();
    last_used_on >= today.checked_sub(IN_USE_DAYS.days()).unwrap_or(Date::MIN)
}

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

/// The digest of a paused secret. It is kept apart from `digest`, so that a version that knows no pause does not accept
/// the secret either.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PausedDigest(#[serde(with = "serde_bytes")] Vec<u8>);

impl std::fmt::Debug for PausedDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("PausedDigest").finish_non_exhaustive()
    }
}

/// Whether a secret is paused, as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretStatus {
    /// It is not.
    #[default]
    Active,
    /// It authenticates no one until it is resumed. It expires as if it were active.
    Paused,
}

impl SecretStatus {
    /// Whether it is not paused.
    #[must_use]
    pub fn is_active(&self) -> bool {
        *self == Self::Active
    }
}

/// What a secret is at an instant: its `status` in responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum SecretState {
    /// It authenticates its client.
    Active,
    /// It is live, and authenticates no one until it is resumed.
    Paused,
    /// It has expired.
    Expired,
}

/// A secret of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// Its id.
    pub secret_id: SecretId,
    /// Digest of its value.
    #[serde(flatten)]
    pub digest: SecretDigest,
    /// Its digest while it is paused; `digest` holds random bytes then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_digest: Option<PausedDigest>,
    /// Whether it is paused.
    #[serde(default, skip_serializing_if = "SecretStatus::is_active")]
    pub status: SecretStatus,
    /// What people call it. It is stored in the client's summary of the secret, where it counts as the client's metadata.
    #[serde(skip)]
    pub label: Option<Label>,
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
    /// The last day (UTC) on which it got a token. It is stored with the client; versions up to 0.1.0 stored it with the
    /// secret, and so does the use that completes a secret of such a version. A secret that is read has the later one.
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
    /// Whether it has not expired. Paused ones are live too.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// Whether it authenticates its client: it is neither expired nor paused.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.state(now) == SecretState::Active
    }

    /// What it is at this instant.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> SecretState {
        match self.status {
            _ if !self.is_live(now) => SecretState::Expired,
            SecretStatus::Active => SecretState::Active,
            SecretStatus::Paused => SecretState::Paused,
        }
    }

    /// The digest of its value, whether it is paused or not.
    #[must_use]
    pub fn value_digest(&self) -> Cow<'_, SecretDigest> {
        match &self.paused_digest {
            None => Cow::Borrowed(&self.digest),
            Some(paused) => Cow::Owned(SecretDigest {
                pepper_id: self.digest.pepper_id.clone(),
                digest: paused.0.clone(),
            }),
        }
    }

    /// The same secret with this status. `placeholder` takes the place of the digest while it is paused.
    #[must_use]
    pub fn with_status(self, status: SecretStatus, placeholder: [u8; 32]) -> Self {
        let digest = self.value_digest().into_owned();
        match status {
            SecretStatus::Active => Self { status, digest, paused_digest: None, ..self },
            SecretStatus::Paused => {
                let shown = SecretDigest { pepper_id: digest.pepper_id, digest: placeholder.to_vec() };
                let paused_digest = Some(PausedDigest(digest.digest));
                Self { status, digest: shown, paused_digest, ..self }
            }
        }
    }
}
