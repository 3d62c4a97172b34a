//! The effects of a revocation (RFC 7009 §2.2). The response is the same for every token.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::json;
use std::collections::HashMap;

async fn latchkey_and_client() -> (TestApp, TestClient) {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    (latchkey, client)
}

/// The entries of the deny-list.
async fn deny_list(latchkey: &TestApp) -> Vec<HashMap<String, AttributeValue>> {
    latchkey.inspect().grants("REVOKED#").await
}

#[tokio::test]
async fn revoked_token_is_inactive_for_good() {
    let (mut latchkey, client) = latchkey_and_client().await;
    let checker = latchkey.fixtures().client().await;
    let (token, another) = (latchkey.access_token(&client).await, latchkey.access_token(&client).await);
    assert!(latchkey.is_active(&checker, &token).await);
    latchkey.revoke(&client, &token).await;
    assert!(!latchkey.is_active(&checker, &token).await);
    assert!(!latchkey.is_active(&client, &token).await);
    assert!(latchkey.is_active(&checker, &another).await, "only the presented one");
    latchkey.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
    latchkey.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    assert!(!latchkey.is_active(&checker, &token).await, "enabling the client does not reactivate it");
    latchkey.advance(SignedDuration::from_secs(3_590));
    assert!(!latchkey.is_active(&checker, &token).await);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn response_is_empty_for_every_token() {
    let (mut latchkey, client) = latchkey_and_client().await;
    let expired = latchkey.access_token(&client).await;
    latchkey.advance(SignedDuration::from_secs(3_601));
    let (own, anothers) = (
        latchkey.access_token(&client).await,
        latchkey.access_token(&latchkey.fixtures().client().await).await,
    );
    let (signed, _) = own.rsplit_once('.').unwrap();
    let (unsigned, long) = (format!("{signed}."), "x".repeat(60_000));
    let expected = latchkey.revoke(&client, &own).await;
    assert_eq!((expected.text().as_str(), expected.header("cache-control")), ("", "no-store"));
    assert_eq!(expected.header("content-type"), "application/json");
    for (name, token) in [
        ("already revoked", own.as_str()),
        ("expired", &expired),
        ("another client's", &anothers),
        ("without a signature", &unsigned),
        ("garbage", "garbage"),
        ("long garbage", &long),
        ("a secret", &client.client_secret),
    ] {
        assert_eq!(latchkey.revoke(&client, token).await.dump(), expected.dump(), "{name}");
    }
    assert_eq!(deny_list(&latchkey).await.len(), 1, "only its own unexpired token is stored");
}

#[tokio::test]
async fn token_of_another_client_is_not_revoked() {
    let (latchkey, client) = latchkey_and_client().await;
    latchkey.fixtures().account("T2").await;
    let colleague = latchkey.fixtures().client().await;
    let outsider = latchkey.fixtures().client_with("T2", &json!({})).await;
    let administrator = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await.0;
    let operator = TestClient {
        client_id: latchkey.server.operator.client_id.to_string(),
        client_secret: latchkey.server.operator.client_secret.expose().to_owned(),
        ..client.clone()
    };
    let token = latchkey.access_token(&client).await;
    for caller in [colleague, outsider, administrator, operator] {
        latchkey.revoke(&caller, &token).await;
        assert!(latchkey.is_active(&client, &token).await, "{}", caller.client_id);
    }
    assert_eq!(deny_list(&latchkey).await.len(), 0);
}

#[tokio::test]
async fn deny_list_entry_expires_and_hides_the_token() {
    let (latchkey, client) = latchkey_and_client().await;
    let token = latchkey.access_token(&client).await;
    let claims = latchkey.introspect(&client, &token).await.json();
    for _ in 0..3 {
        latchkey.revoke(&client, &token).await;
    }
    let entries = deny_list(&latchkey).await;
    let [entry] = entries.as_slice() else { panic!("one entry, however often: {entries:?}") };
    let number = |name: &str| entry[name].as_n().unwrap().parse::<i64>().unwrap();
    let exp = claims["exp"].as_i64().unwrap();
    assert_eq!(number("expires_at"), exp);
    assert!(
        (exp + 60..=exp + 86_400).contains(&number("purge_at")),
        "not before the token has expired for every clock"
    );
    let stored = format!("{entry:?}");
    for hidden in [claims["jti"].as_str().unwrap(), &client.client_id, ACCOUNT, &token] {
        assert!(!stored.contains(hidden), "{stored}");
    }
    let names = entry.keys().map(String::as_str).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(names, ["expires_at", "pk", "purge_at", "sk"].into());
}
