//! The last notice sent about the expiry of a secret or certificate, as it is stored with it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Kind of a notice about a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The credential expires within this number of days.
    Expiring(u16),
    /// The credential has expired and seems to be needed: the secret was presented since, or the client of the
    /// certificate has no other way to authenticate.
    Expired,
}

/// The last notice about a credential. It is valid for one `expires_at` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastNotice {
    /// Kind of the notice.
    pub kind: NoticeKind,
    /// Expiry that the notice named.
    pub expires_at: Timestamp,
}

/// The last notice about a client's certificate. It is valid for that certificate only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateLastNotice {
    /// `x5t#S256` of the certificate.
    pub thumbprint: String,
    /// The notice.
    pub said: LastNotice,
}

impl NoticeKind {
    /// Whether the notice is due at `now` for a credential that expires at `expires_at`.
    #[must_use]
    pub fn is_reached(self, expires_at: Timestamp, now: Timestamp) -> bool {
        let left = expires_at.duration_since(now);
        match self {
            Self::Expiring(days) => left <= SignedDuration::from_hours(24 * i64::from(days)),
            Self::Expired => !left.is_positive(),
        }
    }

    /// Whether it is as urgent as `other`, or more.
    #[must_use]
    pub fn at_least_as_urgent(self, other: Self) -> bool {
        match (self, other) {
            (Self::Expired, _) => true,
            (Self::Expiring(_), Self::Expired) => false,
            (Self::Expiring(sent), Self::Expiring(due)) => sent <= due,
        }
    }
}
