//! An assertion works once, however it is tried.

use crate::oauth::token::client_assertion::{ask, client_with, fresh, send};
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn of_two_hundred_at_once_one_gets_a_token() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let assertion = form(&key.assert(&fresh(&latchkey, &client)));
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..200 {
        requests.spawn(latchkey.request("POST", "/oauth/token").form(&assertion).send());
    }
    let statuses: Vec<_> =
        requests.join_all().await.into_iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 199);
}

#[tokio::test]
async fn two_clients_may_use_the_same_id() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    for _ in 0..2 {
        let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
        let mut claims = fresh(&latchkey, &client);
        claims["jti"] = json!("the same");
        ask(&latchkey, &key, &claims).await.expect(200);
        claims["exp"] = json!(claims["exp"].as_i64().unwrap() + 5);
        ask(&latchkey, &key, &claims).await.expect(401);
    }
}

#[tokio::test]
async fn it_is_remembered_until_it_could_not_be_used_any_more() {
    let mut latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let claims = fresh(&latchkey, &client);
    ask(&latchkey, &key, &claims).await.expect(200);
    let end = claims["exp"].as_i64().unwrap();
    let grants = latchkey.server.management.app.config.tables.grants.clone();
    let spent = latchkey.items(&grants).await.into_iter().find(|item| item.contains_key("spent_by")).unwrap();
    let purged: i64 = spent["purge_at"].as_n().unwrap().parse().unwrap();
    assert!(purged > end + 30, "{purged} {end}");
    assert!(!format!("{spent:?}").contains(claims["jti"].as_str().unwrap()));
    latchkey.advance(SignedDuration::from_secs(85));
    ask(&latchkey, &key, &claims).await.expect(401);
}

#[tokio::test]
async fn a_fault_in_spending_it_is_a_503_and_a_lost_answer_is_asked_for_again() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    proxy.inject(InjectedFault::json_error("PutItem", "AccessDeniedException"));
    let claims = fresh(&latchkey, &client);
    let answer = ask(&latchkey, &key, &claims).await.expect(503);
    assert_eq!(answer.header("retry-after"), "2");
    proxy.clear();
    ask(&latchkey, &key, &claims).await.expect(200);
    // The write is carried out, and its answer gets lost: the SDK asks again, and knows its own mark.
    proxy.inject(InjectedFault::lost("PutItem").times(1));
    send(&latchkey, &key.assert(&fresh(&latchkey, &client))).await.expect(200);
}
