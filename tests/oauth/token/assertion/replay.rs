//! An assertion works once, however it is tried.

use super::{ask, client_with, fresh, send};
use crate::support::assertions::{TestKey, form};
use crate::support::aws_proxy::{AwsProxy, Canned};
use crate::support::emulator;
use crate::support::house::TestHouse;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn of_two_hundred_at_once_one_gets_a_token() {
    let house = TestHouse::furnished().await;
    let key = TestKey::new("ES256");
    let client = client_with(&house, &json!({ "jwks": key.jwks() })).await;
    let assertion = form(&key.assert(&fresh(&house, &client)));
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..200 {
        requests.spawn(house.ask("POST", "/oauth/token").form(&assertion).send());
    }
    let statuses: Vec<_> =
        requests.join_all().await.into_iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 199);
}

#[tokio::test]
async fn two_clients_may_use_the_same_id() {
    let house = TestHouse::furnished().await;
    let key = TestKey::new("ES256");
    for _ in 0..2 {
        let client = client_with(&house, &json!({ "jwks": key.jwks() })).await;
        let mut claims = fresh(&house, &client);
        claims["jti"] = json!("the same");
        ask(&house, &key, &claims).await.expect(200);
        claims["exp"] = json!(claims["exp"].as_i64().unwrap() + 5);
        ask(&house, &key, &claims).await.expect(401);
    }
}

#[tokio::test]
async fn it_is_remembered_until_it_could_not_be_used_any_more() {
    let mut house = TestHouse::furnished().await;
    let key = TestKey::new("ES256");
    let client = client_with(&house, &json!({ "jwks": key.jwks() })).await;
    let claims = fresh(&house, &client);
    ask(&house, &key, &claims).await.expect(200);
    let end = claims["exp"].as_i64().unwrap();
    let grants = house.house.management.app.config.tables.grants.clone();
    let spent = house.items(&grants).await.into_iter().find(|item| item.contains_key("spent_by")).unwrap();
    let purged: i64 = spent["purge_at"].as_n().unwrap().parse().unwrap();
    assert!(purged > end + 30, "{purged} {end}");
    assert!(!format!("{spent:?}").contains(claims["jti"].as_str().unwrap()));
    house.advance(SignedDuration::from_secs(85));
    ask(&house, &key, &claims).await.expect(401);
}

#[tokio::test]
async fn a_fault_in_spending_it_is_a_503_and_a_lost_answer_is_asked_for_again() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    let key = TestKey::new("ES256");
    let client = client_with(&house, &json!({ "jwks": key.jwks() })).await;
    proxy.can(Canned::json_error("PutItem", "AccessDeniedException"));
    let claims = fresh(&house, &client);
    let answer = ask(&house, &key, &claims).await.expect(503);
    assert_eq!(answer.header("retry-after"), "2");
    proxy.uncan();
    ask(&house, &key, &claims).await.expect(200);
    // The write is carried out, and its answer gets lost: the SDK asks again, and knows its own mark.
    proxy.can(Canned::lost("PutItem").times(1));
    send(&house, &key.assert(&fresh(&house, &client))).await.expect(200);
}
