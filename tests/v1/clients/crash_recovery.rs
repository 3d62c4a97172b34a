//! A creation that is killed at any step leaves nothing behind, and succeeds when it is asked for again.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, CrashPoint};
use crate::support::http::TestRequest;
use crate::v1::{CLIENTS, each};
use jiff::SignedDuration;
use serde_json::json;

async fn watched_app() -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    latchkey.admin().await;
    (latchkey, proxy)
}

async fn creation(latchkey: &TestApp, id: &str) -> TestRequest {
    let body = json!({ "client_name": "x", "client_id": id });
    latchkey.admin_request("POST", CLIENTS).await.header("idempotency-key", id).json(&body)
}

const MOMENTS: [CrashPoint; 2] = [CrashPoint::Before, CrashPoint::After];

#[tokio::test]
async fn the_same_request_succeeds_after_a_crash_at_any_step() {
    let (latchkey, proxy) = watched_app().await;
    for moment in MOMENTS {
        let mut steps = 0;
        loop {
            let id = format!("{moment:?}-{steps}");
            let survived = proxy.crash(steps, moment, creation(&latchkey, &id).await.send()).await;
            creation(&latchkey, &id).await.send().await.expect(201);
            let secrets = latchkey.items_of(&format!("{CLIENTS}/{id}/secrets")).await;
            assert_eq!(secrets.len(), 1, "{id}");
            let current = latchkey.stored_value(&id, "AWSCURRENT").await.unwrap();
            assert_eq!(current["secret_id"], secrets[0]["secret_id"], "{id}");
            if survived.is_some() {
                break;
            }
            steps += 1;
        }
        assert!(steps >= 6, "only {steps} steps");
    }
}

#[tokio::test]
async fn what_a_crash_left_behind_is_swept_and_only_that() {
    let (mut latchkey, proxy) = watched_app().await;
    for moment in MOMENTS {
        for steps in 0.. {
            let id = format!("{moment:?}-{steps}");
            if proxy.crash(steps, moment, creation(&latchkey, &id).await.send()).await.is_some() {
                break;
            }
        }
    }
    latchkey.advance(SignedDuration::from_mins(16));
    assert_eq!(latchkey.sweep().await.failed, 0);
    let mut expected = each(&latchkey.items_of(CLIENTS).await, "client_id");
    assert!(expected.len() >= 2, "{expected:?}");
    expected.push("latchkey-operator".to_owned());
    let mut kept = latchkey.stored_client_ids().await;
    kept.sort();
    expected.sort();
    assert_eq!(kept, expected);
    let swept = latchkey.sweep().await;
    assert_eq!((swept.settled, swept.failed), (0, 0));
}
