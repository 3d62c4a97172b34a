//! Rotation of the signing keys: which keys are promoted, kept and removed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a key is published before a scheduled rotation promotes it. Verifiers cache the JWKS for up to 2 hours; functions
/// cache the ring, and HTTP caches the JWKS, for 5 minutes each; the rest is reserve.
pub const PREPUBLISH_PERIOD: SignedDuration = SignedDuration::from_mins(150);

/// How long a key is published after it is retired: 72 hours, the longest lifetime of a token in any configuration, and 2
/// hours. The current configuration would not suffice, because it may have been lowered since the last token was signed.
pub const RETENTION_PERIOD: SignedDuration = SignedDuration::from_hours(74);

/// Timestamps of a key ring. They are absent in rings of an older format.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRingTimestamps {
    /// When `next` was added to the ring.
    pub next_published_at: Option<Timestamp>,
    /// Until when each of `previous` must be kept; the most recently retired key first.
    pub previous_kept_until: Vec<Option<Timestamp>>,
    /// When the ring was activated, if Secrets Manager has this. A rotation may have been planned much earlier: only with its
    /// activation did verifiers see its keys, and did its predecessor stop signing.
    pub activated_at: Option<Timestamp>,
}

/// Whether `next` is promoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationDecision {
    /// `next` becomes `active`, a new key becomes `next`, and `active` is retired.
    Promoted {
        /// Until when the retired key stays published.
        kept_until: Timestamp,
    },
    /// `next` has not been published for long enough: no key is promoted.
    TooEarly {
        /// Since when it is treated as published.
        published_at: Timestamp,
    },
}

/// Plan of a scheduled rotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationPlan {
    /// Whether `next` is promoted.
    pub decision: RotationDecision,
    /// For each of `previous`, in the same order: until when it is kept, or `None` if it is removed.
    pub previous: Vec<Option<Timestamp>>,
}

/// Plans a scheduled rotation. A key is removed only when no verifier needs it, and promoted only when every verifier has it.
///
/// An unknown timestamp is treated as now. So is one that lies ahead, because the clock has been set back since: a key published
/// in the future is treated as published now, one kept for longer than [`RETENTION_PERIOD`] as retired now.
#[must_use]
pub fn plan(times: &KeyRingTimestamps, now: Timestamp) -> RotationPlan {
    let published_at =
        times.next_published_at.map_or(now, |at| times.activated_at.map_or(at, |since| at.max(since)));
    let published_at = published_at.min(now);
    let decision = if now.duration_since(published_at) >= PREPUBLISH_PERIOD {
        RotationDecision::Promoted { kept_until: retained_until(now) }
    } else {
        RotationDecision::TooEarly { published_at }
    };
    let previous = times.previous_kept_until.iter().enumerate().map(|(index, until)| {
        let until = until.unwrap_or_else(|| retained_until(now));
        // The most recently retired key may have signed until the ring was activated.
        let since = times.activated_at.filter(|_| index == 0);
        let until = since.map_or(until, |since| until.max(retained_until(since))).min(retained_until(now));
        Some(until).filter(|until| now < *until)
    });
    RotationPlan { decision, previous: previous.collect() }
}

fn retained_until(instant: Timestamp) -> Timestamp {
    instant.saturating_add(RETENTION_PERIOD).unwrap_or(Timestamp::MAX)
}

/// Which keys may be compromised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompromisedKeys {
    /// The key that signs.
    Active,
    /// The key that signs next.
    Next,
    /// The retired keys.
    Previous,
    /// All keys.
    All,
}

/// Where the new key of a position in the ring comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// The current key is kept.
    Keep,
    /// The key of `next`, however long it has been published.
    PromoteNext,
    /// A new key is generated.
    Generate,
}

/// Plan of an emergency rotation, which removes compromised keys at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompromisePlan {
    /// Origin of the new `active` key.
    pub active: KeyOrigin,
    /// Origin of the new `next` key.
    pub next: KeyOrigin,
    /// Whether the retired keys are kept.
    pub keeps_previous: bool,
}

impl CompromisedKeys {
    /// Plan to replace these keys.
    #[must_use]
    pub const fn replacement(self) -> CompromisePlan {
        let (active, next, keeps_previous) = match self {
            Self::Active => (KeyOrigin::PromoteNext, KeyOrigin::Generate, true),
            Self::Next => (KeyOrigin::Keep, KeyOrigin::Generate, true),
            Self::Previous => (KeyOrigin::Keep, KeyOrigin::Keep, false),
            Self::All => (KeyOrigin::Generate, KeyOrigin::Generate, false),
        };
        CompromisePlan { active, next, keeps_previous }
    }
}

#[cfg(test)]
mod tests;
