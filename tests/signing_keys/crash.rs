//! Each step is killed before and after each of its AWS calls, and asked for again, as Secrets Manager does.

use super::TestHouse;
use crate::support::aws_proxy::{AwsProxy, Moment};
use crate::support::emulator;
use local::rotation::STEPS;
use shared::adapters::secrets_manager::deployment_secret::PENDING;

async fn killed_everywhere(step: usize, at_least: usize) {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let mut killed = 0;
    for moment in [Moment::Before, Moment::After] {
        for number in 0.. {
            let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
            let (rotator, before) = (&house.house.rotator, house.seen().await);
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
            let in_between = house.seen().await;
            assert!(in_between.all.is_superset(&before.all), "{when}: a key is missing");
            for again in &STEPS[step..] {
                rotator.step(again, &token).await.unwrap_or_else(|error| panic!("{when}: {error}"));
            }
            let after = house.seen().await;
            assert_eq!(after.active, before.next, "{when}");
            assert!(after.all.is_superset(&before.all) && after.all.len() == 6, "{when}");
            assert_eq!(house.keys().labels().await.unwrap().version_with(PENDING), None, "{when}");
        }
    }
    assert!(killed >= at_least, "killed {killed} times: the proxy was not in between");
}

#[tokio::test]
async fn create_secret() {
    killed_everywhere(0, 8).await;
}

#[tokio::test]
async fn set_secret() {
    killed_everywhere(1, 2).await;
}

#[tokio::test]
async fn test_secret() {
    killed_everywhere(2, 6).await;
}

#[tokio::test]
async fn finish_secret() {
    killed_everywhere(3, 8).await;
}

#[tokio::test]
async fn an_emergency() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let mut killed = 0;
    for moment in [Moment::Before, Moment::After] {
        for number in 0.. {
            let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
            let before = house.seen().await;
            // A rotation is under way.
            let token = house.house.rotator.stage().await.unwrap();
            house.house.rotator.step("createSecret", &token).await.unwrap();
            let event = serde_json::json!({ "emergency": "active", "id": "leak" });
            let survived = proxy.crash(number, moment, house.house.rotator.emergency(event.clone())).await;
            if let Some(done) = survived {
                done.unwrap();
                break;
            }
            killed += 1;
            let when = format!("killed {moment:?} call {number}");
            house.house.rotator.emergency(event).await.unwrap_or_else(|error| panic!("{when}: {error}"));
            let after = house.seen().await;
            assert_eq!(after.active, before.next, "{when}");
            assert!(after.all.is_disjoint(&before.active) && after.all.len() == 4, "{when}");
            assert_eq!(house.keys().labels().await.unwrap().version_with(PENDING), None, "{when}");
            house.house.rotator.step("finishSecret", &token).await.unwrap_err();
            assert_eq!(house.seen().await, after, "{when}");
        }
    }
    assert!(killed >= 10, "killed {killed} times");
}
