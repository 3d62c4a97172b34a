//! Replacement of a compromised key.

use crate::signing_keys::TestApp;
use crate::support::app::ISSUER;
use jiff::SignedDuration;
use local::server::LocalServer;
use rotate_keys::RotationError;
use serde_json::json;

#[tokio::test]
async fn compromised_key_leaves_the_ring_at_once() {
    let latchkey = TestApp::new().await;
    let before = latchkey.observed_keys().await;
    assert_eq!(latchkey.replace_compromised("active", "leak-1").await, "leaked_keys_dropped");
    let after = latchkey.observed_keys().await;
    assert_eq!(after.active, before.next);
    assert!(after.all.is_disjoint(&before.active), "there is no previous for it");
    assert_eq!(after.all.len(), 4);

    latchkey.replace_compromised("next", "leak-2").await;
    let third = latchkey.observed_keys().await;
    assert_eq!(third.active, after.active);
    assert!(third.next.is_disjoint(&after.all));
}

#[tokio::test]
async fn other_retired_keys_stay_in_the_ring() {
    let mut latchkey = TestApp::new().await;
    let first = latchkey.observed_keys().await.active;
    latchkey.rotate().await;
    latchkey.replace_compromised("active", "leak-1").await;
    assert!(latchkey.observed_keys().await.all.is_superset(&first));
    latchkey.replace_compromised("previous", "leak-2").await;
    let after = latchkey.observed_keys().await;
    assert!(after.all.is_disjoint(&first));
    assert_eq!(after.all.len(), 4);
    latchkey.advance(SignedDuration::from_mins(6));
    assert_eq!(latchkey.published_key_ids().await, after.all);
}

#[tokio::test]
async fn compromise_of_all_keys_replaces_every_key() {
    let latchkey = TestApp::new().await;
    latchkey.rotate().await;
    let before = latchkey.observed_keys().await;
    latchkey.replace_compromised("all", "leak").await;
    let after = latchkey.observed_keys().await;
    assert!(after.all.is_disjoint(&before.all));
    assert_eq!(after.all.len(), 4);
}

#[tokio::test]
async fn repeated_compromise_request_is_executed_once() {
    let mut latchkey = TestApp::new().await;
    latchkey.replace_compromised("active", "leak").await;
    let once = latchkey.observed_keys().await;
    assert_eq!(latchkey.replace_compromised("active", "leak").await, "already_dropped");
    assert_eq!(latchkey.observed_keys().await, once);
    // A rotation in between does not make it another request.
    latchkey.advance(SignedDuration::from_hours(3));
    latchkey.rotate().await;
    let rotate = latchkey.observed_keys().await;
    assert_eq!(latchkey.replace_compromised("active", "leak").await, "already_dropped");
    assert_eq!(latchkey.observed_keys().await, rotate);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_compromise_requests_are_executed_once() {
    let latchkey = TestApp::new().await;
    let before = latchkey.observed_keys().await;
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
    assert_eq!(latchkey.observed_keys().await.active, before.next);
}

#[tokio::test]
async fn pending_rotation_does_not_restore_compromised_key() {
    let latchkey = TestApp::new().await;
    let before = latchkey.observed_keys().await;
    let rotator = &latchkey.server.rotator;
    let token = rotator.stage().await.unwrap();
    for step in ["createSecret", "testSecret"] {
        rotator.step(step, &token).await.unwrap();
    }
    latchkey.replace_compromised("active", "leak").await;
    let after = latchkey.observed_keys().await;
    let refused = rotator.step("finishSecret", &token).await.unwrap_err();
    assert!(matches!(refused, RotationError::NotPending | RotationError::UnknownVersion), "{refused}");
    assert_eq!(latchkey.observed_keys().await, after);

    // The same when the rotation stores its ring only afterwards.
    let late = rotator.stage().await.unwrap();
    rotator.step("createSecret", &late).await.unwrap();
    latchkey.replace_compromised("all", "leak-2").await;
    let after = latchkey.observed_keys().await;
    rotator.step("finishSecret", &late).await.unwrap_err();
    assert_eq!(latchkey.observed_keys().await, after);
    assert!(after.all.is_disjoint(&before.all));
    // Nothing is left that would block the next rotation.
    latchkey.rotate().await;
}

#[tokio::test]
async fn management_api_rejects_compromised_key_within_5_minutes() {
    let mut latchkey = TestApp::new().await;
    let old = latchkey.admin().await.to_owned();
    let request = |latchkey: &TestApp| latchkey.request("GET", "/v1/accounts/T00000001/clients").bearer(&old);
    request(&latchkey).send().await.expect(200);
    latchkey.replace_compromised("active", "leak").await;
    // A newly started instance knows at once.
    let again = LocalServer::build(
        local::server::LocalConfig {
            aws_endpoint: crate::support::aws::endpoint().to_owned(),
            issuer: ISSUER.to_owned(),
            stage: latchkey.server.management.app.config.stage.clone(),
        },
        latchkey.server.management.app.config.clone(),
    );
    let fresh = TestApp::from_server(again.await.unwrap());
    request(&fresh).send().await.expect(401);
    latchkey.advance(SignedDuration::from_mins(5));
    request(&latchkey).send().await.expect(401);
    latchkey.admin_request("GET", "/v1/accounts/T00000001/clients").await.send().await.expect(200);
}
