//! What a revocation does, and what it leaves alone. The answer is the same either way.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::json;
use std::collections::HashMap;

async fn house_and_client() -> (TestApp, TestClient) {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.client().await;
    (latchkey, client)
}

/// The entries of the deny-list.
async fn deny_list(latchkey: &TestApp) -> Vec<HashMap<String, AttributeValue>> {
    latchkey.grants("REVOKED#").await
}

#[tokio::test]
async fn a_revoked_token_is_inactive_at_once_and_for_good() {
    let (mut latchkey, client) = house_and_client().await;
    let checker = latchkey.client().await;
    let (token, another) = (latchkey.access_token(&client).await, latchkey.access_token(&client).await);
    assert!(latchkey.is_active(&checker, &token).await);
    latchkey.revoke(&client, &token).await;
    assert!(!latchkey.is_active(&checker, &token).await);
    assert!(!latchkey.is_active(&client, &token).await);
    assert!(latchkey.is_active(&checker, &another).await, "only the one that was named");
    latchkey.post(&format!("{}/disable", client.path()), &json!({})).await.expect(200);
    latchkey.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    assert!(!latchkey.is_active(&checker, &token).await, "a client that comes back does not bring it back");
    latchkey.advance(SignedDuration::from_secs(3_590));
    assert!(!latchkey.is_active(&checker, &token).await);
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn the_answer_is_200_and_empty_whatever_the_token_was() {
    let (mut latchkey, client) = house_and_client().await;
    let expired = latchkey.access_token(&client).await;
    latchkey.advance(SignedDuration::from_secs(3_601));
    let (own, anothers) =
        (latchkey.access_token(&client).await, latchkey.access_token(&latchkey.client().await).await);
    let (signed, _) = own.rsplit_once('.').unwrap();
    let (unsigned, long) = (format!("{signed}."), "x".repeat(60_000));
    let expected = latchkey.revoke(&client, &own).await;
    assert_eq!((expected.text().as_str(), expected.header("cache-control")), ("", "no-store"));
    assert_eq!(expected.header("content-type"), "");
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
    assert_eq!(deny_list(&latchkey).await.len(), 1, "only its own, in its time, is written down");
}

#[tokio::test]
async fn nobody_ends_the_token_of_another_client() {
    let (latchkey, client) = house_and_client().await;
    latchkey.account("T2").await;
    let colleague = latchkey.client().await;
    let outsider = latchkey.client_like("T2", &json!({})).await;
    let administrator = latchkey.administrator(ACCOUNT, &["clients:manage"]).await.0;
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
async fn what_is_kept_says_when_it_may_go_and_nothing_of_the_token() {
    let (latchkey, client) = house_and_client().await;
    let token = latchkey.access_token(&client).await;
    let reported = latchkey.introspect(&client, &token).await.json();
    for _ in 0..3 {
        latchkey.revoke(&client, &token).await;
    }
    let entries = deny_list(&latchkey).await;
    let [entry] = entries.as_slice() else { panic!("one entry, however often: {entries:?}") };
    let number = |name: &str| entry[name].as_n().unwrap().parse::<i64>().unwrap();
    let exp = reported["exp"].as_i64().unwrap();
    assert_eq!(number("expires_at"), exp);
    assert!(
        (exp + 60..=exp + 86_400).contains(&number("purge_at")),
        "not before the token has ended for all"
    );
    let kept = format!("{entry:?}");
    for hidden in [reported["jti"].as_str().unwrap(), &client.client_id, ACCOUNT, &token] {
        assert!(!kept.contains(hidden), "{kept}");
    }
    let names = entry.keys().map(String::as_str).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(names, ["expires_at", "pk", "purge_at", "sk"].into());
}
