//! Rotations after the clock was set back.

use super::TestApp;
use jiff::SignedDuration;

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);

async fn outcome(latchkey: &TestApp) -> String {
    latchkey.rotate().await["steps"][0]["outcome"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn future_publication_time_is_treated_as_now() {
    let mut latchkey = TestApp::new().await;
    latchkey.advance(YEAR);
    assert_eq!(outcome(&latchkey).await, "next_promoted");
    latchkey.advance(-YEAR);
    let next = latchkey.observed_keys().await.next;
    assert_eq!(outcome(&latchkey).await, "next_too_young");
    latchkey.advance(SignedDuration::from_mins(149));
    assert_eq!(outcome(&latchkey).await, "next_too_young");
    latchkey.advance(SignedDuration::from_mins(2));
    assert_eq!(outcome(&latchkey).await, "next_promoted");
    assert_eq!(latchkey.observed_keys().await.active, next);
}

#[tokio::test]
async fn future_retirement_time_does_not_extend_retention() {
    let mut latchkey = TestApp::new().await;
    latchkey.advance(YEAR);
    let retired = latchkey.observed_keys().await.active;
    latchkey.rotate().await;
    latchkey.advance(-YEAR);
    for hours in [0, 73] {
        latchkey.advance(SignedDuration::from_hours(hours));
        latchkey.rotate().await;
        assert!(latchkey.observed_keys().await.all.is_superset(&retired), "{hours}");
    }
    latchkey.advance(SignedDuration::from_hours(2));
    latchkey.rotate().await;
    assert!(latchkey.observed_keys().await.all.is_disjoint(&retired));
}
