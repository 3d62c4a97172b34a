//! A key has leaked.

use super::TestHouse;
use crate::support::house::ISSUER;
use jiff::SignedDuration;
use local::server::LocalServer;
use rotate_keys::RotationError;
use serde_json::json;

#[tokio::test]
async fn the_leaked_key_is_out_of_the_ring_at_once() {
    let house = TestHouse::new().await;
    let before = house.seen().await;
    assert_eq!(house.emergency("active", "leak-1").await, "leaked_keys_dropped");
    let after = house.seen().await;
    assert_eq!(after.active, before.next);
    assert!(after.all.is_disjoint(&before.active), "there is no previous for it");
    assert_eq!(after.all.len(), 4);

    house.emergency("next", "leak-2").await;
    let third = house.seen().await;
    assert_eq!(third.active, after.active);
    assert!(third.next.is_disjoint(&after.all));
}

#[tokio::test]
async fn retired_keys_stay_unless_they_are_what_leaked() {
    let mut house = TestHouse::new().await;
    let first = house.seen().await.active;
    house.rotate().await;
    house.emergency("active", "leak-1").await;
    assert!(house.seen().await.all.is_superset(&first));
    house.emergency("previous", "leak-2").await;
    let after = house.seen().await;
    assert!(after.all.is_disjoint(&first));
    assert_eq!(after.all.len(), 4);
    house.advance(SignedDuration::from_mins(6));
    assert_eq!(house.published().await, after.all);
}

#[tokio::test]
async fn all_leaves_no_key_of_before() {
    let house = TestHouse::new().await;
    house.rotate().await;
    let before = house.seen().await;
    house.emergency("all", "leak").await;
    let after = house.seen().await;
    assert!(after.all.is_disjoint(&before.all));
    assert_eq!(after.all.len(), 4);
}

#[tokio::test]
async fn the_same_emergency_is_carried_out_once() {
    let mut house = TestHouse::new().await;
    house.emergency("active", "leak").await;
    let once = house.seen().await;
    assert_eq!(house.emergency("active", "leak").await, "already_dropped");
    assert_eq!(house.seen().await, once);
    // A rotation in between does not make it another one.
    house.advance(SignedDuration::from_hours(3));
    house.rotate().await;
    let rotate = house.seen().await;
    assert_eq!(house.emergency("active", "leak").await, "already_dropped");
    assert_eq!(house.seen().await, rotate);
}

#[tokio::test(flavor = "multi_thread")]
async fn sent_many_times_at_once_it_is_carried_out_once() {
    let house = TestHouse::new().await;
    let before = house.seen().await;
    let mut sent = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let rotator = house.house.rotator.clone();
        let event = json!({ "emergency": "active", "id": "leak" });
        sent.spawn(async move { format!("{:?}", rotator.emergency(event).await.unwrap()) });
    }
    let outcomes = sent.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "LeakedKeysDropped").count(), 1, "{outcomes:?}");
    assert_eq!(house.seen().await.active, before.next);
}

#[tokio::test]
async fn a_rotation_under_way_does_not_bring_the_leaked_key_back() {
    let house = TestHouse::new().await;
    let before = house.seen().await;
    let rotator = &house.house.rotator;
    let token = rotator.stage().await.unwrap();
    for step in ["createSecret", "testSecret"] {
        rotator.step(step, &token).await.unwrap();
    }
    house.emergency("active", "leak").await;
    let after = house.seen().await;
    let refused = rotator.step("finishSecret", &token).await.unwrap_err();
    assert!(matches!(refused, RotationError::NotPending | RotationError::UnknownVersion), "{refused}");
    assert_eq!(house.seen().await, after);

    // The same where the rotation stores its ring only now.
    let late = rotator.stage().await.unwrap();
    rotator.step("createSecret", &late).await.unwrap();
    house.emergency("all", "leak-2").await;
    let after = house.seen().await;
    rotator.step("finishSecret", &late).await.unwrap_err();
    assert_eq!(house.seen().await, after);
    assert!(after.all.is_disjoint(&before.all));
    // And nothing is left that would stop the next one.
    house.rotate().await;
}

#[tokio::test]
async fn within_five_minutes_no_token_of_the_leaked_key_opens_the_management_api() {
    let mut house = TestHouse::new().await;
    let old = house.admin().await.to_owned();
    let ask = |house: &TestHouse| house.ask("GET", "/v1/accounts/T00000001/clients").bearer(&old);
    ask(&house).send().await.expect(200);
    house.emergency("active", "leak").await;
    // An instance that has just started knows at once.
    let again = LocalServer::build(
        local::server::LocalConfig {
            aws_endpoint: crate::support::emulator::endpoint().to_owned(),
            issuer: ISSUER.to_owned(),
            stage: house.house.management.app.config.stage.clone(),
        },
        house.house.management.app.config.clone(),
    );
    let fresh = TestHouse::around(again.await.unwrap());
    ask(&fresh).send().await.expect(401);
    house.advance(SignedDuration::from_mins(5));
    ask(&house).send().await.expect(401);
    house.admin_ask("GET", "/v1/accounts/T00000001/clients").await.send().await.expect(200);
}
