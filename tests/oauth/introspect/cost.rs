//! The AWS calls of an introspection: the necessary reads, all strongly consistent, and no others. The
//! response time depends on them, so they reveal nothing that the caller may not know.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsCall, AwsProxy};
use crate::support::fixtures::{ACCOUNT, TestClient};
use jiff::SignedDuration;
use serde_json::json;

async fn watched_app() -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    (latchkey, proxy)
}

/// The AWS calls of one introspection, each of which must be strongly consistent.
async fn calls(latchkey: &TestApp, proxy: &AwsProxy, caller: &TestClient, token: &str) -> Vec<String> {
    proxy.take_calls();
    latchkey.introspect(caller, token).await;
    let calls = proxy.take_calls();
    for AwsCall { operation, input } in &calls {
        assert_eq!(input["ConsistentRead"], true, "{operation}");
    }
    let mut operations: Vec<_> = calls.into_iter().map(|call| call.operation).collect();
    operations.sort();
    operations
}

#[tokio::test]
async fn introspection_reads_caller_client_and_deny_list() {
    let (latchkey, proxy) = watched_app().await;
    let (client, checker) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let (token, own) = (latchkey.access_token(&client).await, latchkey.access_token(&checker).await);
    assert_eq!(calls(&latchkey, &proxy, &checker, &token).await, ["GetItem", "Query", "Query"]);
    assert_eq!(
        calls(&latchkey, &proxy, &checker, &own).await,
        ["GetItem", "Query"],
        "it is the caller itself"
    );
}

#[tokio::test]
async fn inactive_tokens_of_the_account_cost_as_much_as_active() {
    let (latchkey, proxy) = watched_app().await;
    let checker = latchkey.fixtures().client().await;
    latchkey.access_token(&checker).await;
    let [active, revoked, disabled, deleted] = {
        let mut all = Vec::new();
        for _ in 0..4 {
            let client = latchkey.fixtures().client().await;
            let token = latchkey.access_token(&client).await;
            all.push((client, token));
        }
        all.try_into().unwrap()
    };
    latchkey.revoke(&revoked.0, &revoked.1).await;
    latchkey.post(&format!("{}/disable", disabled.0.path()), &json!({})).await.expect(200);
    latchkey.delete(&deleted.0.path()).await.expect(204);
    for (client, token) in [active, revoked, disabled, deleted] {
        let calls = calls(&latchkey, &proxy, &checker, &token).await;
        assert_eq!(calls, ["GetItem", "Query", "Query"], "{}", client.client_id);
    }
}

#[tokio::test]
async fn invalid_and_foreign_tokens_cost_only_the_callers_read() {
    let (mut latchkey, proxy) = watched_app().await;
    latchkey.fixtures().account("T2").await;
    let checker = latchkey.fixtures().client().await;
    let permissions = json!([{ "resource": "backoffice_api" }]);
    let foreign = latchkey.fixtures().client_with("T2", &json!({ "permissions": permissions })).await;
    let expired = latchkey.access_token(&latchkey.fixtures().client().await).await;
    latchkey.advance(SignedDuration::from_secs(3_601));
    let (live, revoked) = (latchkey.access_token(&foreign).await, latchkey.access_token(&foreign).await);
    latchkey.revoke(&foreign, &revoked).await;
    latchkey.access_token(&checker).await;
    let long = "x".repeat(60_000);
    let dotted = "eyJ.".repeat(15_000);
    for (name, token) in [
        ("garbage", "garbage"),
        ("long garbage", &long),
        ("long garbage with dots", &dotted),
        ("expired", &expired),
        ("another account's, in use", &live),
        ("another account's, revoked", &revoked),
    ] {
        assert_eq!(calls(&latchkey, &proxy, &checker, token).await, ["Query"], "{name}");
    }
}

#[tokio::test]
async fn malformed_request_costs_no_read_once_it_is_noted() {
    let (latchkey, proxy) = watched_app().await;
    let client = latchkey.fixtures().client().await;
    latchkey.access_token(&client).await;
    let request = || latchkey.request("POST", "/oauth/introspect");
    request().basic(&client.client_id, "lks_garbage").form("token=x").send().await.expect(401);
    proxy.take_calls();
    request().basic(&client.client_id, "lks_garbage").form("token=x").send().await.expect(401);
    request().basic(&client.client_id, &client.client_secret).form("").send().await.expect(400);
    assert_eq!(proxy.take_calls().len(), 0);
}

/// A resource server may use its secret only for introspection, and its last use decides about rotation.
#[tokio::test]
async fn first_use_of_a_day_is_the_only_write() {
    let (latchkey, proxy) = watched_app().await;
    let checker = latchkey.fixtures().client_with(ACCOUNT, &json!({})).await;
    let mut writes = Vec::new();
    for _ in 0..3 {
        proxy.take_calls();
        latchkey.introspect(&checker, "garbage").await;
        let calls = proxy.take_calls().into_iter().map(|call| call.operation);
        writes.push(calls.filter(|name| name != "Query" && name != "GetItem").collect::<Vec<_>>());
    }
    assert_eq!(writes, [vec!["UpdateItem".to_owned()], vec![], vec![]]);
    let secrets = latchkey.list_items(&checker.secrets()).await;
    assert_eq!(secrets[0]["last_used_on"], latchkey.now().to_string()[..10]);
}
