//! Rotations by a clock that was ahead, and is set back.

use super::TestHouse;
use jiff::SignedDuration;

const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);

async fn outcome(house: &TestHouse) -> String {
    house.rotate().await["steps"][0]["outcome"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn key_published_in_the_future_counts_as_published_now() {
    let mut house = TestHouse::new().await;
    house.advance(YEAR);
    assert_eq!(outcome(&house).await, "next_promoted");
    house.advance(-YEAR);
    let next = house.seen().await.next;
    assert_eq!(outcome(&house).await, "next_too_young");
    house.advance(SignedDuration::from_mins(149));
    assert_eq!(outcome(&house).await, "next_too_young");
    house.advance(SignedDuration::from_mins(2));
    assert_eq!(outcome(&house).await, "next_promoted");
    assert_eq!(house.seen().await.active, next);
}

#[tokio::test]
async fn key_retired_in_the_future_stays_no_longer_than_any_other() {
    let mut house = TestHouse::new().await;
    house.advance(YEAR);
    let retired = house.seen().await.active;
    house.rotate().await;
    house.advance(-YEAR);
    for hours in [0, 73] {
        house.advance(SignedDuration::from_hours(hours));
        house.rotate().await;
        assert!(house.seen().await.all.is_superset(&retired), "{hours}");
    }
    house.advance(SignedDuration::from_hours(2));
    house.rotate().await;
    assert!(house.seen().await.all.is_disjoint(&retired));
}
