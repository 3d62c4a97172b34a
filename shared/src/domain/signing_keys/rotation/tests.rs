//! Decisions of a rotation.

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
fn next_is_promoted_after_the_prepublish_period() {
    let until = NOW.saturating_add(SignedDuration::from_hours(74)).expect("in range");
    assert_eq!(plan(&published(150), NOW).decision, RotationDecision::Promoted { kept_until: until });
    assert_eq!(plan(&published(149), NOW).decision, RotationDecision::TooEarly { published_at: ago(149) });
}

#[test]
fn next_of_unknown_age_is_treated_as_published_now() {
    assert_eq!(
        plan(&KeyRingTimestamps::default(), NOW).decision,
        RotationDecision::TooEarly { published_at: NOW }
    );
}

#[test]
fn next_published_in_the_future_is_treated_as_new() {
    assert_eq!(plan(&published(-1_000), NOW).decision, RotationDecision::TooEarly { published_at: NOW });
    let times = KeyRingTimestamps { activated_at: Some(ago(-1_000)), ..published(1_000) };
    assert_eq!(plan(&times, NOW).decision, RotationDecision::TooEarly { published_at: NOW });
}

#[test]
fn a_key_kept_too_long_is_treated_as_retired_now() {
    let far = ago(-1_000_000);
    let times = KeyRingTimestamps { previous_kept_until: vec![Some(far), Some(far)], ..published(0) };
    let until = NOW.saturating_add(RETENTION_PERIOD).expect("in range");
    assert_eq!(plan(&times, NOW).previous, [Some(until), Some(until)]);
}

#[test]
fn next_is_published_when_its_ring_is_activated() {
    let times = KeyRingTimestamps { activated_at: Some(ago(100)), ..published(1_000) };
    assert_eq!(plan(&times, NOW).decision, RotationDecision::TooEarly { published_at: ago(100) });
}

#[test]
fn a_retired_key_is_removed_at_its_instant() {
    let times =
        KeyRingTimestamps { previous_kept_until: vec![Some(ago(-1)), Some(NOW), None], ..published(1_000) };
    let until = NOW.saturating_add(RETENTION_PERIOD).expect("in range");
    assert_eq!(plan(&times, NOW).previous, [Some(ago(-1)), None, Some(until)]);
}

#[test]
fn a_key_retired_by_a_late_rotation_is_kept_longer() {
    let times = KeyRingTimestamps {
        previous_kept_until: vec![Some(ago(1)), Some(ago(1))],
        activated_at: Some(ago(60)),
        ..published(60)
    };
    let until = ago(60).saturating_add(RETENTION_PERIOD).expect("in range");
    assert_eq!(plan(&times, NOW).previous, [Some(until), None]);
}

#[test]
fn a_compromised_key_is_never_kept() {
    for compromised in
        [CompromisedKeys::Active, CompromisedKeys::Next, CompromisedKeys::Previous, CompromisedKeys::All]
    {
        let after = compromised.replacement();
        assert_eq!(
            matches!(compromised, CompromisedKeys::Active | CompromisedKeys::All),
            after.active != KeyOrigin::Keep
        );
        assert_eq!(
            compromised != CompromisedKeys::Previous,
            after.next == KeyOrigin::Generate,
            "{compromised:?}"
        );
        assert_eq!(
            matches!(compromised, CompromisedKeys::Previous | CompromisedKeys::All),
            !after.keeps_previous
        );
    }
}

proptest! {
    /// Rotations at any instants, each finished some time after it was planned: a key is in the ring for 2 hours before it
    /// signs, and for 72 hours after its last signature.
    #[test]
    fn keys_are_published_long_enough_for_all_verifiers(gaps in proptest::collection::vec((0_i64..6_000, 0_i64..300), 1..40)) {
        struct Key { published: i64, signed_until: Option<i64> }
        let at = |minute: i64| Timestamp::from_second(minute * 60).expect("in range");
        let minute = |at: Timestamp| at.as_second() / 60;
        let mut clock = 0;
        let (mut next, mut active) = (Key { published: 0, signed_until: None }, Key { published: -9_999, signed_until: None });
        let mut times = KeyRingTimestamps { next_published_at: Some(at(0)), ..KeyRingTimestamps::default() };
        let mut previous: Vec<Key> = Vec::new();
        for (gap, lag) in gaps {
            let planned = clock + gap;
            let plan = plan(&times, at(planned));
            let finished = planned + lag;
            let mut until: Vec<Timestamp> = Vec::new();
            for (key, decision) in std::mem::take(&mut previous).into_iter().zip(&plan.previous) {
                match decision {
                    Some(kept) => { until.push(*kept); previous.push(key); }
                    None => prop_assert!(key.signed_until.is_some_and(|last| last + 72 * 60 <= finished)),
                }
            }
            if let RotationDecision::Promoted { kept_until } = plan.decision {
                prop_assert!(next.published + 120 <= finished);
                active.signed_until = Some(finished);
                previous.insert(0, std::mem::replace(&mut active, next));
                until.insert(0, kept_until);
                next = Key { published: finished, signed_until: None };
                times.next_published_at = Some(at(planned));
            }
            times.previous_kept_until = until.into_iter().map(Some).collect();
            times.activated_at = Some(at(finished));
            clock = minute(at(finished));
        }
    }
}
