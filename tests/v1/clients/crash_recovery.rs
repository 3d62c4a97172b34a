//! A creation that crashes at any step leaves nothing behind, and succeeds when the request is sent again.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, CrashPoint};
use crate::support::http::TestRequest;
use crate::v1::{CLIENTS, values_of};
use jiff::SignedDuration;
use serde_json::json;

async fn app_with_proxy() -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.admin().await;
    (latchkey, proxy)
}

async fn create_request(latchkey: &TestApp, id: &str) -> TestRequest {
    let body = json!({ "client_name": "x", "client_id": id });
    latchkey.admin_request("POST", CLIENTS).await.header("idempotency-key", id).json(&body)
}

const CRASH_POINTS: [CrashPoint; 2] = [CrashPoint::Before, CrashPoint::After];

#[tokio::test]
async fn same_request_succeeds_after_crash_at_any_step() {
    let (latchkey, proxy) = app_with_proxy().await;
    for moment in CRASH_POINTS {
        let mut steps = 0;
        loop {
            let id = format!("{moment:?}-{steps}");
            let survived =
                proxy.crash_at_write(steps, moment, create_request(&latchkey, &id).await.send()).await;
            create_request(&latchkey, &id).await.send().await.expect(201);
            let secrets = latchkey.list_items(&format!("{CLIENTS}/{id}/secrets")).await;
            assert_eq!(secrets.len(), 1, "{id}");
            let current = latchkey.inspect().stored_value(&id, "AWSCURRENT").await.unwrap();
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
async fn sweep_removes_exactly_what_a_crash_left() {
    let (mut latchkey, proxy) = app_with_proxy().await;
    for moment in CRASH_POINTS {
        for steps in 0.. {
            let id = format!("{moment:?}-{steps}");
            if proxy
                .crash_at_write(steps, moment, create_request(&latchkey, &id).await.send())
                .await
                .is_some()
            {
                break;
            }
        }
    }
    latchkey.advance(SignedDuration::from_mins(16));
    assert_eq!(latchkey.sweep().await.failed, 0);
    let mut expected = values_of(&latchkey.list_items(CLIENTS).await, "client_id");
    assert!(expected.len() >= 2, "{expected:?}");
    expected.push("latchkey-operator".to_owned());
    let mut kept = latchkey.inspect().stored_client_ids().await;
    kept.sort();
    expected.sort();
    assert_eq!(kept, expected);
    let swept = latchkey.sweep().await;
    assert_eq!((swept.settled, swept.failed), (0, 0));
}
