//! The four rotation steps, as Secrets Manager may request them.

use super::{ALGS, TestApp, observed_keys};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use jiff::SignedDuration;
use local::rotation::STEPS;
use rotate_keys::{RotationError, RotationOutcome};
use serde_json::json;
use shared::adapters::secrets_manager::deployment_secret::PENDING;
use shared::adapters::signing::KeyRingDocument;
use std::collections::BTreeSet;

#[tokio::test]
async fn each_step_is_idempotent() {
    let latchkey = TestApp::new().await;
    let (rotator, before) = (&latchkey.server.rotator, latchkey.observed_keys().await);
    let token = rotator.stage().await.unwrap();
    let mut outcomes = Vec::new();
    for step in STEPS {
        let first = rotator.step(step, &token).await.unwrap();
        let pending = latchkey.keys().value_of(&token).await.unwrap().unwrap();
        let second = rotator.step(step, &token).await.unwrap();
        assert_eq!(*latchkey.keys().value_of(&token).await.unwrap().unwrap(), *pending, "{step}");
        outcomes.push((first, second));
    }
    assert_eq!(
        outcomes,
        [
            (RotationOutcome::Promoted, RotationOutcome::AlreadyPending),
            (RotationOutcome::NoOp, RotationOutcome::NoOp),
            (RotationOutcome::Tested, RotationOutcome::Tested),
            (RotationOutcome::Finished, RotationOutcome::AlreadyCurrent),
        ]
    );
    let after = latchkey.observed_keys().await;
    assert_eq!((after.active, after.all.len()), (before.next, 6));
    assert_eq!(latchkey.keys().labels().await.unwrap().version_with(PENDING), None);
}

#[tokio::test]
async fn current_version_needs_no_further_steps() {
    let latchkey = TestApp::new().await;
    let (version, ring) = (latchkey.ring_version().await, latchkey.ring().await);
    for step in STEPS {
        let outcome = latchkey.server.rotator.step(step, &version).await.unwrap();
        assert_eq!(outcome, RotationOutcome::AlreadyCurrent, "{step}");
    }
    assert!(latchkey.ring().await == ring, "the ring was changed");
}

#[tokio::test]
async fn unknown_or_not_pending_version_is_rejected() {
    let latchkey = TestApp::new().await;
    let replaced = latchkey.ring_version().await;
    latchkey.rotate().await;
    let ring = latchkey.ring().await;
    for step in STEPS {
        let unknown =
            latchkey.server.rotator.step(step, "0123456789abcdef0123456789abcdef").await.unwrap_err();
        assert!(matches!(unknown, RotationError::UnknownVersion), "{step}: {unknown}");
        let dead = latchkey.server.rotator.step(step, &replaced).await.unwrap_err();
        assert!(matches!(dead, RotationError::NotPending), "{step}: {dead}");
    }
    assert!(latchkey.ring().await == ring, "the ring was changed");
}

#[tokio::test]
async fn version_without_value_never_becomes_current() {
    let latchkey = TestApp::new().await;
    let ring = latchkey.ring().await;
    let token = latchkey.server.rotator.stage().await.unwrap();
    // The version that Secrets Manager stages to test the function may have no value.
    assert_eq!(latchkey.server.rotator.step("testSecret", &token).await.unwrap(), RotationOutcome::Tested);
    let refused = latchkey.server.rotator.step("finishSecret", &token).await.unwrap_err();
    assert!(matches!(refused, RotationError::NoValue), "{refused}");
    assert!(latchkey.ring().await == ring, "the ring was changed");
}

#[tokio::test]
async fn other_secret_and_invalid_event_are_rejected_without_calls() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    let own = latchkey.server.management.app.config.signing_keys_secret.clone();
    let pepper = latchkey.server.management.app.config.pepper_secret.clone();
    let token = "0123456789abcdef0123456789abcdef";
    let step =
        |step: &str, secret: &str| json!({ "Step": step, "SecretId": secret, "ClientRequestToken": token });
    proxy.take_calls();
    let other = latchkey.server.rotator.emergency(step("createSecret", &pepper)).await.unwrap_err();
    assert!(matches!(other, RotationError::WrongSecret), "{other}");
    let mut with_number = step("createSecret", &own);
    with_number["ClientRequestToken"] = json!(5);
    for event in [
        json!({}),
        json!(null),
        json!([]),
        json!("createSecret"),
        step("create_secret", &own),
        step("", &own),
        json!({ "Step": "createSecret", "SecretId": own }),
        json!({ "step": "createSecret", "secretId": own, "clientRequestToken": "x" }),
        with_number,
        json!({ "emergency": "active" }),
        json!({ "emergency": "some", "id": "a" }),
        json!({ "emergency": "active", "id": "" }),
        json!({ "emergency": "active", "id": "a b" }),
        json!({ "emergency": "active", "id": "a".repeat(65) }),
        json!({ "emergency": "active", "id": "a", "dry_run": true }),
    ] {
        let refused = latchkey.server.rotator.emergency(event.clone()).await.unwrap_err();
        assert!(matches!(refused, RotationError::Event(_)), "{event}: {refused}");
    }
    assert!(proxy.take_calls().is_empty());
}

#[tokio::test]
async fn unknown_event_members_are_ignored() {
    let latchkey = TestApp::new().await;
    let secret = latchkey.server.management.app.config.signing_keys_secret.clone();
    let token = latchkey.server.rotator.stage().await.unwrap();
    let mut event = json!({ "Step": "createSecret", "SecretId": secret, "ClientRequestToken": token });
    event["RotationToken"] = json!("…");
    assert_eq!(latchkey.server.rotator.emergency(event).await.unwrap(), RotationOutcome::Promoted);
}

#[tokio::test]
async fn copy_of_current_ring_passes_test() {
    // Secrets Manager stages this copy when a schedule is created, to test the function.
    let latchkey = TestApp::new().await;
    let token = latchkey.server.rotator.stage().await.unwrap();
    latchkey.keys().put_pending(&token, &latchkey.ring().await).await.unwrap();
    assert_eq!(latchkey.server.rotator.step("testSecret", &token).await.unwrap(), RotationOutcome::Tested);
}

#[tokio::test]
async fn pending_ring_with_missing_or_broken_key_fails_test() {
    let latchkey = TestApp::new().await;
    let ring = latchkey.ring().await;
    let fresh = KeyRingDocument::generate(latchkey.now()).unwrap().to_json().unwrap();
    let mut mixed: serde_json::Value = serde_json::from_str(&ring).unwrap();
    let own = mixed["active"]["rs256"].take();
    mixed["active"]["rs256"] = mixed["next"]["es256"].clone();
    let broken = mixed.to_string();
    mixed["active"]["rs256"] = own;
    mixed["next"] = serde_json::from_str::<serde_json::Value>(&fresh).unwrap()["next"].clone();
    for (what, pending) in [("fresh", fresh.to_string()), ("broken", broken), ("next", mixed.to_string())] {
        let token = latchkey.server.rotator.stage().await.unwrap();
        latchkey.keys().put_pending(&token, &pending).await.unwrap();
        let refused = latchkey.server.rotator.step("testSecret", &token).await.unwrap_err();
        assert!(
            matches!(refused, RotationError::Unsound(_) | RotationError::Backend(_)),
            "{what}: {refused}"
        );
        // It does not become current without a successful test either: it was not derived from the present
        // ring.
        latchkey.server.rotator.step("finishSecret", &token).await.unwrap_err();
    }
    assert!(latchkey.ring().await == ring, "the ring was changed");
}

#[tokio::test]
async fn value_stored_by_concurrent_attempt_is_kept() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    let token = latchkey.server.rotator.stage().await.unwrap();
    // The emulator accepts the same token with another value; AWS does not.
    proxy.inject(InjectedFault::json_error("PutSecretValue", "ResourceExistsException"));
    assert_eq!(
        latchkey.server.rotator.step("createSecret", &token).await.unwrap(),
        RotationOutcome::AlreadyPending
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_concurrent_rotations_becomes_current() {
    let latchkey = TestApp::new().await;
    let before = latchkey.observed_keys().await;
    let mut rotations = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let rotator = latchkey.server.rotator.clone();
        rotations.spawn(async move { rotator.rotate().await });
    }
    let results = rotations.join_all().await;
    let won = results.iter().filter(|result| result.is_ok()).count();
    assert!(won >= 1, "{results:?}");
    let after = latchkey.observed_keys().await;
    // A second one that starts after the first has finished finds `next` too young.
    assert_eq!((after.active, after.all.len()), (before.next, 6));
    assert_eq!(latchkey.rotate().await["steps"][0]["outcome"], "next_too_young");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_finish_of_one_version_makes_it_current_once() {
    let latchkey = TestApp::new().await;
    let token = latchkey.server.rotator.stage().await.unwrap();
    for step in &STEPS[..3] {
        latchkey.server.rotator.step(step, &token).await.unwrap();
    }
    let mut finishing = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (rotator, token) = (latchkey.server.rotator.clone(), token.clone());
        finishing.spawn(async move { rotator.step("finishSecret", &token).await.unwrap() });
    }
    let outcomes: BTreeSet<String> =
        finishing.join_all().await.into_iter().map(|outcome| format!("{outcome:?}")).collect();
    assert!(outcomes.is_subset(&["Finished".to_owned(), "AlreadyCurrent".to_owned()].into()), "{outcomes:?}");
    assert_eq!(latchkey.ring_version().await, token);
}

#[tokio::test]
async fn private_keys_are_kept_only_for_current_and_next_key() {
    let latchkey = TestApp::new().await;
    let before: serde_json::Value = serde_json::from_str(&latchkey.ring().await).unwrap();
    latchkey.rotate().await;
    let after = latchkey.ring().await;
    for alg in ALGS.map(|alg| alg.as_str().to_lowercase()) {
        assert!(!after.contains(before["active"][&alg].as_str().unwrap()), "{alg}");
        assert!(after.contains(before["next"][&alg].as_str().unwrap()), "{alg}");
    }
    assert_eq!(observed_keys(&after).all.len(), 6);
}

#[tokio::test]
async fn publication_counts_from_when_ring_became_current() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.rotate().await;
    latchkey.advance(SignedDuration::from_hours(10));
    let before = latchkey.observed_keys().await;
    let token = latchkey.server.rotator.stage().await.unwrap();
    // The description of a rotation whose last step was repeated until two hours ago.
    let finished = latchkey.now().checked_sub(SignedDuration::from_hours(2)).unwrap();
    let described = json!({
        "ARN": "arn:aws:secretsmanager:eu-central-1:000000000000:secret:latchkey/dev/signing-keys-AbCdEf",
        "Name": "latchkey/dev/signing-keys",
        "LastRotatedDate": finished.as_second(),
        "VersionIdsToStages": { &token: [PENDING] },
    });
    proxy.inject(InjectedFault::json("DescribeSecret", 200, &described));
    assert_eq!(
        latchkey.server.rotator.step("createSecret", &token).await.unwrap(),
        RotationOutcome::NotYetPromotable
    );
    proxy.clear();
    for step in &STEPS[2..] {
        latchkey.server.rotator.step(step, &token).await.unwrap();
    }
    assert_eq!(latchkey.observed_keys().await, before);
}
