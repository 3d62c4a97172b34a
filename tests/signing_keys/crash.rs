//! Each step crashes before and after each of its AWS calls and is requested again, as Secrets Manager does.

use super::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, CrashPoint};
use local::rotation::STEPS;
use shared::adapters::secrets_manager::deployment_secret::PENDING;

async fn crash_at_each_call(step: usize, at_least: usize) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut killed = 0;
    for moment in [CrashPoint::Before, CrashPoint::After] {
        for number in 0.. {
            let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
            let (rotator, before) = (&latchkey.server.rotator, latchkey.observed_keys().await);
            let token = rotator.stage().await.unwrap();
            for earlier in &STEPS[..step] {
                rotator.step(earlier, &token).await.unwrap();
            }
            let survived = proxy.crash(number, moment, rotator.step(STEPS[step], &token)).await;
            if let Some(done) = survived {
                done.unwrap();
                break;
            }
            killed += 1;
            let when = format!("{} killed {moment:?} call {number}", STEPS[step]);
            let in_between = latchkey.observed_keys().await;
            assert!(in_between.all.is_superset(&before.all), "{when}: a key is missing");
            for again in &STEPS[step..] {
                rotator.step(again, &token).await.unwrap_or_else(|error| panic!("{when}: {error}"));
            }
            let after = latchkey.observed_keys().await;
            assert_eq!(after.active, before.next, "{when}");
            assert!(after.all.is_superset(&before.all) && after.all.len() == 6, "{when}");
            assert_eq!(latchkey.keys().labels().await.unwrap().version_with(PENDING), None, "{when}");
            assert_eq!(latchkey.public_key_ids().await, after.all, "{when}");
        }
    }
    assert!(killed >= at_least, "killed {killed} times: the proxy was not in between");
}

#[tokio::test]
async fn create_secret_recovers_from_crash() {
    crash_at_each_call(0, 8).await;
}

#[tokio::test]
async fn set_secret_recovers_from_crash() {
    crash_at_each_call(1, 2).await;
}

#[tokio::test]
async fn test_secret_recovers_from_crash() {
    crash_at_each_call(2, 6).await;
}

#[tokio::test]
async fn finish_secret_recovers_from_crash() {
    crash_at_each_call(3, 8).await;
}

#[tokio::test]
async fn compromise_response_recovers_from_crash() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut killed = 0;
    for moment in [CrashPoint::Before, CrashPoint::After] {
        for number in 0.. {
            let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
            let before = latchkey.observed_keys().await;
            // A rotation is pending.
            let token = latchkey.server.rotator.stage().await.unwrap();
            latchkey.server.rotator.step("createSecret", &token).await.unwrap();
            let event = serde_json::json!({ "emergency": "active", "id": "leak" });
            let survived =
                proxy.crash(number, moment, latchkey.server.rotator.emergency(event.clone())).await;
            if let Some(done) = survived {
                done.unwrap();
                break;
            }
            killed += 1;
            let when = format!("killed {moment:?} call {number}");
            latchkey.server.rotator.emergency(event).await.unwrap_or_else(|error| panic!("{when}: {error}"));
            let after = latchkey.observed_keys().await;
            assert_eq!(after.active, before.next, "{when}");
            assert!(after.all.is_disjoint(&before.active) && after.all.len() == 4, "{when}");
            assert_eq!(latchkey.keys().labels().await.unwrap().version_with(PENDING), None, "{when}");
            assert_eq!(latchkey.public_key_ids().await, after.all, "{when}");
            latchkey.server.rotator.step("finishSecret", &token).await.unwrap_err();
            assert_eq!(latchkey.observed_keys().await, after, "{when}");
        }
    }
    assert!(killed >= 10, "killed {killed} times");
}
