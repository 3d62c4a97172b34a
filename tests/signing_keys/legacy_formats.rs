//! Key rings as earlier versions stored them, without times and with a single `previous`.

use crate::signing_keys::{TestApp, observed_keys};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::adapters::signing::{KeyRing, KeyRingDocument};
use shared::domain::signing_keys::rotation::{PREPUBLISH_PERIOD, RETENTION_PERIOD};

/// A ring of the legacy format with this `previous`.
fn legacy_ring(ring: &str, previous: &Value) -> String {
    let mut ring: Value = serde_json::from_str(ring).unwrap();
    for slot in ["next", "active"] {
        ring[slot].as_object_mut().unwrap().remove("published_at");
    }
    ring["previous"] = previous.clone();
    ring.to_string()
}

fn slot() -> Value {
    let other = KeyRingDocument::generate(jiff::Timestamp::UNIX_EPOCH).unwrap().to_json().unwrap();
    let mut slot = serde_json::from_str::<Value>(&other).unwrap()["active"].take();
    slot.as_object_mut().unwrap().remove("published_at");
    slot
}

#[tokio::test]
async fn legacy_key_rings_are_read() {
    let ring = TestApp::new().await.ring().await;
    assert_eq!(observed_keys(&legacy_ring(&ring, &Value::Null)).all.len(), 4);
    assert_eq!(observed_keys(&legacy_ring(&ring, &json!([]))).all.len(), 4);
    assert_eq!(observed_keys(&legacy_ring(&ring, &slot())).all.len(), 6);
    let mut without: Value = serde_json::from_str(&ring).unwrap();
    without.as_object_mut().unwrap().remove("previous");
    assert_eq!(observed_keys(&without.to_string()).all.len(), 4);
}

#[tokio::test]
async fn missing_times_default_to_now_and_no_key_is_lost() {
    let mut latchkey = TestApp::new().await;
    let retired = slot();
    let old = legacy_ring(&latchkey.ring().await, &retired);
    let current = latchkey.ring_version().await;
    assert!(latchkey.keys().replace(Some(&current), &old).await.unwrap());
    let before = latchkey.observed_keys().await;

    assert_eq!(latchkey.rotate().await["steps"][0]["outcome"], "next_too_young");
    assert_eq!(latchkey.observed_keys().await, before);
    assert!(
        !latchkey.ring().await.contains(retired["rs256"].as_str().unwrap()),
        "its private half is removed"
    );
    latchkey.advance(SignedDuration::from_hours(73));
    assert_eq!(latchkey.rotate().await["steps"][0]["outcome"], "next_promoted");
    assert!(latchkey.observed_keys().await.all.is_superset(&before.all));
    latchkey.advance(SignedDuration::from_hours(3));
    latchkey.rotate().await;
    let after = latchkey.observed_keys().await;
    assert_eq!(
        before.all.difference(&after.all).count(),
        2,
        "the legacy key is removed after its retention period"
    );
}

#[test]
fn ring_at_fastest_rotation_fits_into_a_secret() {
    let mut now = jiff::Timestamp::from_second(1_800_000_000).unwrap();
    let mut ring = KeyRingDocument::generate(now).unwrap();
    for _ in 0..40 {
        now = now.checked_add(PREPUBLISH_PERIOD).unwrap();
        ring = ring.rotate("0123456789abcdef0123456789abcdef", None, now).unwrap().0;
    }
    let longest = RETENTION_PERIOD.as_secs() / PREPUBLISH_PERIOD.as_secs() + 1;
    assert_eq!(ring.previous.len(), usize::try_from(longest).unwrap());
    // Secrets Manager accepts 64 KiB.
    assert!(ring.to_json().unwrap().len() < 65_536 / 2, "{} bytes", ring.to_json().unwrap().len());
}

#[test]
fn invalid_ring_is_rejected_without_quoting_it() {
    for text in ["", "{}", "[]", "hunter2", "{\"next\": \"hunter2\", \"active\": {\"rs256\": \"hunter2\"}}"] {
        let error = KeyRing::parse(text).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
}
