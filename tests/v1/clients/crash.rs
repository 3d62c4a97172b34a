//! A creation that is killed at any step leaves nothing behind, and succeeds when it is asked for again.

use crate::support::answer::Ask;
use crate::support::aws_proxy::{AwsProxy, Moment};
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::v1::{CLIENTS, each};
use jiff::SignedDuration;
use serde_json::json;

async fn watched_house() -> (TestHouse, AwsProxy) {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    house.admin().await;
    (house, proxy)
}

async fn creation(house: &TestHouse, id: &str) -> Ask {
    let body = json!({ "client_name": "x", "client_id": id });
    house.admin_ask("POST", CLIENTS).await.header("idempotency-key", id).json(&body)
}

const MOMENTS: [Moment; 2] = [Moment::Before, Moment::After];

#[tokio::test]
async fn the_same_request_succeeds_after_a_crash_at_any_step() {
    let (house, proxy) = watched_house().await;
    for moment in MOMENTS {
        let mut steps = 0;
        loop {
            let id = format!("{moment:?}-{steps}");
            let survived = proxy.crash(steps, moment, creation(&house, &id).await.send()).await;
            creation(&house, &id).await.send().await.expect(201);
            let secrets = house.items_of(&format!("{CLIENTS}/{id}/secrets")).await;
            assert_eq!(secrets.len(), 1, "{id}");
            let current = house.vault_value(&id, "AWSCURRENT").await.unwrap();
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
    let (mut house, proxy) = watched_house().await;
    for moment in MOMENTS {
        for steps in 0.. {
            let id = format!("{moment:?}-{steps}");
            if proxy.crash(steps, moment, creation(&house, &id).await.send()).await.is_some() {
                break;
            }
        }
    }
    house.advance(SignedDuration::from_mins(16));
    assert_eq!(house.sweep().await.failed, 0);
    let mut expected = each(&house.items_of(CLIENTS).await, "client_id");
    assert!(expected.len() >= 2, "{expected:?}");
    expected.push("latchkey-operator".to_owned());
    let mut kept = house.vault_names().await;
    kept.sort();
    expected.sort();
    assert_eq!(kept, expected);
    let swept = house.sweep().await;
    assert_eq!((swept.settled, swept.failed), (0, 0));
}
