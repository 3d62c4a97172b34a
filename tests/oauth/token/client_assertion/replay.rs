//! An assertion works once (RFC 7523 §3, `jti`).

use crate::oauth::token::client_assertion::{authenticate, client_with, new_claims, send};
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn concurrent_replays_get_one_token() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let assertion = form(&key.assert(&new_claims(&latchkey, &client)));
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..200 {
        requests.spawn(latchkey.request("POST", "/oauth/token").form(&assertion).send());
    }
    let statuses: Vec<_> =
        requests.join_all().await.into_iter().map(|response| response.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 199);
}

#[tokio::test]
async fn jti_is_per_client() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    for _ in 0..2 {
        let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
        let mut claims = new_claims(&latchkey, &client);
        claims["jti"] = json!("the same");
        authenticate(&latchkey, &key, &claims).await.expect(200);
        claims["exp"] = json!(claims["exp"].as_i64().unwrap() + 5);
        authenticate(&latchkey, &key, &claims).await.expect(401);
    }
}

#[tokio::test]
async fn jti_is_stored_until_the_assertion_expires() {
    let mut latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    let claims = new_claims(&latchkey, &client);
    authenticate(&latchkey, &key, &claims).await.expect(200);
    let end = claims["exp"].as_i64().unwrap();
    let grants = latchkey.server.management.app.config.tables.grants.clone();
    let spent = latchkey
        .inspect()
        .items(&grants)
        .await
        .into_iter()
        .find(|item| item.contains_key("spent_by"))
        .unwrap();
    let purged: i64 = spent["purge_at"].as_n().unwrap().parse().unwrap();
    assert!(purged > end + 30, "{purged} {end}");
    assert!(!format!("{spent:?}").contains(claims["jti"].as_str().unwrap()));
    latchkey.advance(SignedDuration::from_secs(85));
    authenticate(&latchkey, &key, &claims).await.expect(401);
}

#[tokio::test]
async fn lost_response_when_recording_jti_is_retried() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let key = TestKey::new("ES256");
    let client = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    proxy.inject(InjectedFault::json_error("PutItem", "AccessDeniedException"));
    let claims = new_claims(&latchkey, &client);
    let response = authenticate(&latchkey, &key, &claims).await.expect(503);
    assert_eq!(response.header("retry-after"), "2");
    proxy.clear();
    authenticate(&latchkey, &key, &claims).await.expect(200);
    // The write is carried out, and its response is lost: the SDK retries, and the condition recognises the
    // mark of the same request.
    proxy.inject(InjectedFault::lost("PutItem").times(1));
    send(&latchkey, &key.assert(&new_claims(&latchkey, &client))).await.expect(200);
}
