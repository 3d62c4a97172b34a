//! A key has leaked.

use crate::signing_keys::TestApp;
use crate::support::app::ISSUER;
use jiff::SignedDuration;
use local::server::LocalServer;
use rotate_keys::RotationError;
use serde_json::json;

#[tokio::test]
async fn the_leaked_key_is_out_of_the_ring_at_once() {
    let latchkey = TestApp::new().await;
    let before = latchkey.seen().await;
    assert_eq!(latchkey.emergency("active", "leak-1").await, "leaked_keys_dropped");
    let after = latchkey.seen().await;
    assert_eq!(after.active, before.next);
    assert!(after.all.is_disjoint(&before.active), "there is no previous for it");
    assert_eq!(after.all.len(), 4);

    latchkey.emergency("next", "leak-2").await;
    let third = latchkey.seen().await;
    assert_eq!(third.active, after.active);
    assert!(third.next.is_disjoint(&after.all));
}

#[tokio::test]
async fn retired_keys_stay_unless_they_are_what_leaked() {
    let mut latchkey = TestApp::new().await;
    let first = latchkey.seen().await.active;
    latchkey.rotate().await;
    latchkey.emergency("active", "leak-1").await;
    assert!(latchkey.seen().await.all.is_superset(&first));
    latchkey.emergency("previous", "leak-2").await;
    let after = latchkey.seen().await;
    assert!(after.all.is_disjoint(&first));
    assert_eq!(after.all.len(), 4);
    latchkey.advance(SignedDuration::from_mins(6));
    assert_eq!(latchkey.published().await, after.all);
}

#[tokio::test]
async fn all_leaves_no_key_of_before() {
    let latchkey = TestApp::new().await;
    latchkey.rotate().await;
    let before = latchkey.seen().await;
    latchkey.emergency("all", "leak").await;
    let after = latchkey.seen().await;
    assert!(after.all.is_disjoint(&before.all));
    assert_eq!(after.all.len(), 4);
}

#[tokio::test]
async fn the_same_emergency_is_carried_out_once() {
    let mut latchkey = TestApp::new().await;
    latchkey.emergency("active", "leak").await;
    let once = latchkey.seen().await;
    assert_eq!(latchkey.emergency("active", "leak").await, "already_dropped");
    assert_eq!(latchkey.seen().await, once);
    // A rotation in between does not make it another one.
    latchkey.advance(SignedDuration::from_hours(3));
    latchkey.rotate().await;
    let rotate = latchkey.seen().await;
    assert_eq!(latchkey.emergency("active", "leak").await, "already_dropped");
    assert_eq!(latchkey.seen().await, rotate);
}

#[tokio::test(flavor = "multi_thread")]
async fn sent_many_times_at_once_it_is_carried_out_once() {
    let latchkey = TestApp::new().await;
    let before = latchkey.seen().await;
    let mut sent = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let rotator = latchkey.server.rotator.clone();
        let event = json!({ "emergency": "active", "id": "leak" });
        sent.spawn(async move { format!("{:?}", rotator.emergency(event).await.unwrap()) });
    }
    let outcomes = sent.join_all().await;
    assert_eq!(
        outcomes.iter().filter(|outcome| *outcome == "CompromisedKeysRevoked").count(),
        1,
        "{outcomes:?}"
    );
    assert_eq!(latchkey.seen().await.active, before.next);
}

#[tokio::test]
async fn a_rotation_under_way_does_not_bring_the_leaked_key_back() {
    let latchkey = TestApp::new().await;
    let before = latchkey.seen().await;
    let rotator = &latchkey.server.rotator;
    let token = rotator.stage().await.unwrap();
    for step in ["createSecret", "testSecret"] {
        rotator.step(step, &token).await.unwrap();
    }
    latchkey.emergency("active", "leak").await;
    let after = latchkey.seen().await;
    let refused = rotator.step("finishSecret", &token).await.unwrap_err();
    assert!(matches!(refused, RotationError::NotPending | RotationError::UnknownVersion), "{refused}");
    assert_eq!(latchkey.seen().await, after);

    // The same where the rotation stores its ring only now.
    let late = rotator.stage().await.unwrap();
    rotator.step("createSecret", &late).await.unwrap();
    latchkey.emergency("all", "leak-2").await;
    let after = latchkey.seen().await;
    rotator.step("finishSecret", &late).await.unwrap_err();
    assert_eq!(latchkey.seen().await, after);
    assert!(after.all.is_disjoint(&before.all));
    // And nothing is left that would stop the next one.
    latchkey.rotate().await;
}

#[tokio::test]
async fn within_five_minutes_no_token_of_the_leaked_key_opens_the_management_api() {
    let mut latchkey = TestApp::new().await;
    let old = latchkey.admin().await.to_owned();
    let ask = |latchkey: &TestApp| latchkey.request("GET", "/v1/accounts/T00000001/clients").bearer(&old);
    ask(&latchkey).send().await.expect(200);
    latchkey.emergency("active", "leak").await;
    // An instance that has just started knows at once.
    let again = LocalServer::build(
        local::server::LocalConfig {
            aws_endpoint: crate::support::aws::endpoint().to_owned(),
            issuer: ISSUER.to_owned(),
            stage: latchkey.server.management.app.config.stage.clone(),
        },
        latchkey.server.management.app.config.clone(),
    );
    let fresh = TestApp::from_server(again.await.unwrap());
    ask(&fresh).send().await.expect(401);
    latchkey.advance(SignedDuration::from_mins(5));
    ask(&latchkey).send().await.expect(401);
    latchkey.admin_request("GET", "/v1/accounts/T00000001/clients").await.send().await.expect(200);
}
