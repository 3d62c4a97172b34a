//! Rings as earlier versions stored them, without instants and with a single `previous`.

use crate::signing_keys::{TestApp, seen};
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::adapters::signing::{KeyRing, KeyRingDocument};
use shared::domain::signing_keys::rotation::{PREPUBLISH_PERIOD, RETENTION_PERIOD};

/// A ring of the older form: with `previous` as it is given.
fn older(ring: &str, previous: &Value) -> String {
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
async fn they_are_read() {
    let ring = TestApp::new().await.ring().await;
    assert_eq!(seen(&older(&ring, &Value::Null)).all.len(), 4);
    assert_eq!(seen(&older(&ring, &json!([]))).all.len(), 4);
    assert_eq!(seen(&older(&ring, &slot())).all.len(), 6);
    let mut without: Value = serde_json::from_str(&ring).unwrap();
    without.as_object_mut().unwrap().remove("previous");
    assert_eq!(seen(&without.to_string()).all.len(), 4);
}

#[tokio::test]
async fn what_they_do_not_say_counts_as_new_and_nothing_is_lost() {
    let mut latchkey = TestApp::new().await;
    let retired = slot();
    let old = older(&latchkey.ring().await, &retired);
    let current = latchkey.ring_version().await;
    assert!(latchkey.keys().replace(Some(&current), &old).await.unwrap());
    let before = latchkey.seen().await;

    assert_eq!(latchkey.rotate().await["steps"][0]["outcome"], "next_too_young");
    assert_eq!(latchkey.seen().await, before);
    assert!(
        !latchkey.ring().await.contains(retired["rs256"].as_str().unwrap()),
        "its private half is needless"
    );
    latchkey.advance(SignedDuration::from_hours(73));
    assert_eq!(latchkey.rotate().await["steps"][0]["outcome"], "next_promoted");
    assert!(latchkey.seen().await.all.is_superset(&before.all));
    latchkey.advance(SignedDuration::from_hours(3));
    latchkey.rotate().await;
    let after = latchkey.seen().await;
    assert_eq!(before.all.difference(&after.all).count(), 2, "its instant has come");
}

#[test]
fn a_ring_that_turns_as_fast_as_it_may_fits_into_a_secret() {
    let mut now = jiff::Timestamp::from_second(1_800_000_000).unwrap();
    let mut ring = KeyRingDocument::generate(now).unwrap();
    for _ in 0..40 {
        now = now.checked_add(PREPUBLISH_PERIOD).unwrap();
        ring = ring.rotate("0123456789abcdef0123456789abcdef", None, now).unwrap().0;
    }
    let most = RETENTION_PERIOD.as_secs() / PREPUBLISH_PERIOD.as_secs() + 1;
    assert_eq!(ring.previous.len(), usize::try_from(most).unwrap());
    // Secrets Manager takes 64 KiB.
    assert!(ring.to_json().unwrap().len() < 65_536 / 2, "{} bytes", ring.to_json().unwrap().len());
}

#[test]
fn what_is_no_ring_is_refused_without_being_repeated() {
    for text in ["", "{}", "[]", "hunter2", "{\"next\": \"hunter2\", \"active\": {\"rs256\": \"hunter2\"}}"] {
        let fault = KeyRing::parse(text).unwrap_err().to_string();
        assert!(!fault.contains("hunter2"), "{fault}");
    }
}
