//! Rotations by a clock that was ahead, and is set back.

use super::TestApp;
use jiff::SignedDuration;

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);

async fn outcome(latchkey: &TestApp) -> String {
    latchkey.rotate().await["steps"][0]["outcome"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn key_published_in_the_future_counts_as_published_now() {
    let mut latchkey = TestApp::new().await;
    latchkey.advance(YEAR);
    assert_eq!(outcome(&latchkey).await, "next_promoted");
    latchkey.advance(-YEAR);
    let next = latchkey.seen().await.next;
    assert_eq!(outcome(&latchkey).await, "next_too_young");
    latchkey.advance(SignedDuration::from_mins(149));
    assert_eq!(outcome(&latchkey).await, "next_too_young");
    latchkey.advance(SignedDuration::from_mins(2));
    assert_eq!(outcome(&latchkey).await, "next_promoted");
    assert_eq!(latchkey.seen().await.active, next);
}

#[tokio::test]
async fn key_retired_in_the_future_stays_no_longer_than_any_other() {
    let mut latchkey = TestApp::new().await;
    latchkey.advance(YEAR);
    let retired = latchkey.seen().await.active;
    latchkey.rotate().await;
    latchkey.advance(-YEAR);
    for hours in [0, 73] {
        latchkey.advance(SignedDuration::from_hours(hours));
        latchkey.rotate().await;
        assert!(latchkey.seen().await.all.is_superset(&retired), "{hours}");
    }
    latchkey.advance(SignedDuration::from_hours(2));
    latchkey.rotate().await;
    assert!(latchkey.seen().await.all.is_disjoint(&retired));
}
