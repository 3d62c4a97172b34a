//! What becomes of the signing keys when they are rotated. Pure: instants in, fates out.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A key is published for so long before a scheduled rotation lets it sign. Verifiers keep the JWKS for up
/// to 2 hours; functions keep the ring, and HTTP caches the JWKS, for 5 minutes each; the rest is reserve.
pub const PREPUBLISH_PERIOD: SignedDuration = SignedDuration::from_mins(150);

/// A key is published for so long after its last signature was planned: 72 hours, the longest life that any
/// setting gives a token, and 2 hours. The present setting would not do, because it may have been lowered
/// since the last token was signed.
pub const RETENTION_PERIOD: SignedDuration = SignedDuration::from_hours(74);

/// The instants of a ring. An instant that is absent is not known: the ring is of an older form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRingTimestamps {
    /// Since when `next` has been in the ring.
    pub next_published_at: Option<Timestamp>,
    /// Until when each of `previous` has to stay, the one that was retired last first.
    pub previous_kept_until: Vec<Option<Timestamp>>,
    /// When the ring came into force, if Secrets Manager knows it. A rotation that was planned at one
    /// instant may have been finished much later: verifiers saw its keys, and its predecessor ceased to
    /// sign, only then.
    pub activated_at: Option<Timestamp>,
}

/// Whether the ring turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RotationDecision {
    /// `next` becomes `active`, a new key becomes `next`, and `active` retires until this instant.
    Promoted {
        /// Until when the key that signed so far stays published.
        kept_until: Timestamp,
    },
    /// `next` has not been published for long enough: keys stay what they are.
    TooEarly {
        /// Since when it counts as published.
        published_at: Timestamp,
    },
}

/// What a scheduled rotation does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RotationPlan {
    /// What `next` and `active` become.
    pub turn: RotationDecision,
    /// For each of `previous`, in the same order: until when it stays, or `None` if it goes.
    pub previous: Vec<Option<Timestamp>>,
}

/// Plans a scheduled rotation. Only what no verifier can miss goes, and only what every verifier has seen
/// is promoted. What is not known is treated as new, and so is what lies ahead, because the clock has been set back
/// since: a key published in the future counts as published now, one kept for longer than [`RETENTION_PERIOD`] as retired now.
#[must_use]
pub fn plan(times: &KeyRingTimestamps, now: Timestamp) -> RotationPlan {
    let published_at =
        times.next_published_at.map_or(now, |at| times.activated_at.map_or(at, |since| at.max(since)));
    let published_at = published_at.min(now);
    let turn = if now.duration_since(published_at) >= PREPUBLISH_PERIOD {
        RotationDecision::Promoted { kept_until: kept_from(now) }
    } else {
        RotationDecision::TooEarly { published_at }
    };
    let previous = times.previous_kept_until.iter().enumerate().map(|(place, until)| {
        let until = until.unwrap_or_else(|| kept_from(now));
        // The last one to retire may have signed until the ring came into force.
        let since = times.activated_at.filter(|_| place == 0);
        let until = since.map_or(until, |since| until.max(kept_from(since))).min(kept_from(now));
        Some(until).filter(|until| now < *until)
    });
    RotationPlan { turn, previous: previous.collect() }
}

fn kept_from(instant: Timestamp) -> Timestamp {
    instant.saturating_add(RETENTION_PERIOD).unwrap_or(Timestamp::MAX)
}

/// Which keys somebody else may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompromisedKeys {
    /// The one that signs.
    Active,
    /// The one that is to sign next.
    Next,
    /// Those that have signed.
    Previous,
    /// All of them.
    All,
}

/// Where a place of the ring gets its key from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrigin {
    /// It keeps its own.
    Keep,
    /// It takes that of `next`, however long it has been published.
    PromoteNext,
    /// A new one is made.
    Generate,
}

/// What an emergency does: what leaked goes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompromisePlan {
    /// What signs then.
    pub active: KeyOrigin,
    /// What signs after it.
    pub next: KeyOrigin,
    /// Whether those stay that have signed before.
    pub keeps_previous: bool,
}

impl CompromisedKeys {
    /// What takes the place of what leaked.
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

    fn ago(minutes: i64) -> Timestamp {
        NOW.saturating_sub(SignedDuration::from_mins(minutes)).expect("in range")
    }

    fn published(minutes: i64) -> KeyRingTimestamps {
        KeyRingTimestamps { next_published_at: Some(ago(minutes)), ..KeyRingTimestamps::default() }
    }

    #[test]
    fn next_is_promoted_once_every_verifier_has_seen_it() {
        let until = NOW.saturating_add(SignedDuration::from_hours(74)).expect("in range");
        assert_eq!(plan(&published(150), NOW).turn, RotationDecision::Promoted { kept_until: until });
        assert_eq!(plan(&published(149), NOW).turn, RotationDecision::TooEarly { published_at: ago(149) });
    }

    #[test]
    fn a_next_of_unknown_age_counts_from_now() {
        assert_eq!(
            plan(&KeyRingTimestamps::default(), NOW).turn,
            RotationDecision::TooEarly { published_at: NOW }
        );
    }

    #[test]
    fn a_next_published_ahead_counts_as_published_now() {
        assert_eq!(plan(&published(-1_000), NOW).turn, RotationDecision::TooEarly { published_at: NOW });
        let times = KeyRingTimestamps { activated_at: Some(ago(-1_000)), ..published(1_000) };
        assert_eq!(plan(&times, NOW).turn, RotationDecision::TooEarly { published_at: NOW });
    }

    #[test]
    fn a_key_kept_too_far_ahead_counts_as_retired_now() {
        let far = ago(-1_000_000);
        let times = KeyRingTimestamps { previous_kept_until: vec![Some(far), Some(far)], ..published(0) };
        let until = NOW.saturating_add(RETENTION_PERIOD).expect("in range");
        assert_eq!(plan(&times, NOW).previous, [Some(until), Some(until)]);
    }

    #[test]
    fn a_rotation_that_was_finished_late_published_its_next_late() {
        let times = KeyRingTimestamps { activated_at: Some(ago(100)), ..published(1_000) };
        assert_eq!(plan(&times, NOW).turn, RotationDecision::TooEarly { published_at: ago(100) });
    }

    #[test]
    fn a_retired_key_goes_at_its_instant_and_one_without_an_instant_stays() {
        let times = KeyRingTimestamps {
            previous_kept_until: vec![Some(ago(-1)), Some(NOW), None],
            ..published(1_000)
        };
        let until = NOW.saturating_add(RETENTION_PERIOD).expect("in range");
        assert_eq!(plan(&times, NOW).previous, [Some(ago(-1)), None, Some(until)]);
    }

    #[test]
    fn the_key_that_was_retired_by_a_late_rotation_stays_for_longer() {
        let times = KeyRingTimestamps {
            previous_kept_until: vec![Some(ago(1)), Some(ago(1))],
            activated_at: Some(ago(60)),
            ..published(60)
        };
        let until = ago(60).saturating_add(RETENTION_PERIOD).expect("in range");
        assert_eq!(plan(&times, NOW).previous, [Some(until), None]);
    }

    #[test]
    fn what_leaked_is_never_kept() {
        for leaked in
            [CompromisedKeys::Active, CompromisedKeys::Next, CompromisedKeys::Previous, CompromisedKeys::All]
        {
            let after = leaked.replacement();
            assert_eq!(
                matches!(leaked, CompromisedKeys::Active | CompromisedKeys::All),
                after.active != KeyOrigin::Keep
            );
            assert_eq!(leaked != CompromisedKeys::Previous, after.next == KeyOrigin::Generate, "{leaked:?}");
            assert_eq!(
                matches!(leaked, CompromisedKeys::Previous | CompromisedKeys::All),
                !after.keeps_previous
            );
        }
    }

    proptest! {
        /// Rotations at any instants, each finished some time after it was planned: a key is in the ring
        /// for 2 hours before it signs, and for 72 hours after it last did.
        #[test]
        fn no_verifier_misses_a_key(gaps in proptest::collection::vec((0_i64..6_000, 0_i64..300), 1..40)) {
            struct Key { seen: i64, signed_until: Option<i64> }
            let at = |minute: i64| Timestamp::from_second(minute * 60).expect("in range");
            let minute = |at: Timestamp| at.as_second() / 60;
            let mut clock = 0;
            let (mut next, mut active) = (Key { seen: 0, signed_until: None }, Key { seen: -9_999, signed_until: None });
            let mut times = KeyRingTimestamps { next_published_at: Some(at(0)), ..KeyRingTimestamps::default() };
            let mut previous: Vec<Key> = Vec::new();
            for (gap, lag) in gaps {
                let planned = clock + gap;
                let plan = plan(&times, at(planned));
                let finished = planned + lag;
                let mut until: Vec<Timestamp> = Vec::new();
                for (key, fate) in std::mem::take(&mut previous).into_iter().zip(&plan.previous) {
                    match fate {
                        Some(kept) => { until.push(*kept); previous.push(key); }
                        None => prop_assert!(key.signed_until.is_some_and(|last| last + 72 * 60 <= finished)),
                    }
                }
                if let RotationDecision::Promoted { kept_until } = plan.turn {
                    prop_assert!(next.seen + 120 <= finished);
                    active.signed_until = Some(finished);
                    previous.insert(0, std::mem::replace(&mut active, next));
                    until.insert(0, kept_until);
                    next = Key { seen: finished, signed_until: None };
                    times.next_published_at = Some(at(planned));
                }
                times.previous_kept_until = until.into_iter().map(Some).collect();
                times.activated_at = Some(at(finished));
                clock = minute(at(finished));
            }
        }
    }
}
