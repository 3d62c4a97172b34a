//! The resources in an instance's memory: how often they are read, and for how long they serve while they cannot be.

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::{AwsCall, AwsProxy, InjectedFault};
use crate::support::fault_injection::cold_start;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// A token function that has answered once, and the proxy between it and AWS.
async fn warm(latchkey: &TestApp, client: &TestClient) -> (Router, AwsProxy) {
    let (app, _, proxy) = cold_start(latchkey).await;
    let router = token::router(app);
    send(&router, client, "").await.expect(200);
    proxy.take_calls();
    (router, proxy)
}

async fn send(router: &Router, client: &TestClient, more: &str) -> TestResponse {
    let request = TestRequest::new(router.clone(), "POST", "/oauth/token");
    let form = format!("grant_type=client_credentials{more}");
    request.basic(&client.client_id, &client.client_secret).form(&form).send().await
}

fn is_catalogue(call: &AwsCall) -> bool {
    call.operation == "Query" && call.input["ExpressionAttributeValues"][":pk"]["S"] == "CATALOGUE"
}

fn reads(proxy: &AwsProxy) -> usize {
    proxy.take_calls().iter().filter(|call| is_catalogue(call)).count()
}

#[tokio::test]
async fn refused_requests_read_the_catalogue_once_in_5_seconds() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (router, proxy) = warm(&latchkey, &client).await;
    for _period in 0..2 {
        for more in ["&scope=nothing", "&resource=nothing"].repeat(10) {
            send(&router, &client, more).await.expect(400);
        }
        assert_eq!(reads(&proxy), 1);
        latchkey.advance(SignedDuration::from_secs(5));
    }
}

#[tokio::test]
async fn new_resource_is_found_by_a_reload() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (router, proxy) = warm(&latchkey, &client).await;
    latchkey.fixtures().resource(&json!({ "resource_id": "files", "scopes": [{ "name": "list" }] })).await;
    let permissions = json!({ "permissions": [{ "resource": "files", "scopes": ["list"] }] });
    let other = latchkey.fixtures().client_with(ACCOUNT, &permissions).await;
    assert_eq!(send(&router, &other, "").await.expect(200).string("scope"), "list");
    assert_eq!(reads(&proxy), 1);
}

#[tokio::test]
async fn management_sees_new_resources_at_once() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    // Another instance, whose memory does not have them.
    let (app, aws, _proxy) = cold_start(&latchkey).await;
    let management = std::sync::Arc::new(shared::app::ManagementState::new(app, &aws));
    let router = clients::router(management);
    let admin = latchkey.admin().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    for id in ["files", "mails", "notes"] {
        let body = json!({ "resource_id": id, "scopes": [{ "name": "list" }] });
        latchkey.fixtures().resource(&body).await;
        let body = json!({ "client_name": "x", "permissions": [{ "resource": id, "scopes": ["list"] }] });
        TestRequest::new(router.clone(), "POST", &path).bearer(admin).json(&body).send().await.expect(201);
    }
    for _ in 0..20 {
        let body = json!({ "client_name": "x", "permissions": [{ "resource": "nothing" }] });
        TestRequest::new(router.clone(), "POST", &path).bearer(admin).json(&body).send().await.expect(422);
    }
}

/// A fault of reading the catalogue only.
fn without_resources() -> InjectedFault {
    // Resources of the response lose a member that every version has written.
    fn spoil(output: &mut Value) {
        for item in output["Items"].as_array_mut().into_iter().flatten() {
            if item["pk"]["S"] == "CATALOGUE" {
                item.as_object_mut().unwrap().remove("scopes");
            }
        }
    }
    InjectedFault::edited("Query", spoil)
}

#[tokio::test]
async fn last_resources_serve_for_10_minutes_while_they_cannot_be_read() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (router, proxy) = warm(&latchkey, &client).await;
    proxy.inject(without_resources());
    for _ in 0..5 {
        latchkey.advance(SignedDuration::from_secs(119));
        for _ in 0..3 {
            send(&router, &client, "").await.expect(200);
        }
        assert_eq!(reads(&proxy), 1, "a read that failed is not repeated by the next request");
    }
    let refused = send(&router, &client, "&scope=nothing").await;
    assert_eq!(refused.status, 503, "whether there is such a scope is not known");
    latchkey.advance(SignedDuration::from_secs(6));
    send(&router, &client, "").await.expect(503);
    proxy.clear();
    send(&router, &client, "").await.expect(200);
}

#[tokio::test]
async fn account_serves_for_a_minute_only() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (router, proxy) = warm(&latchkey, &client).await;
    proxy.inject(InjectedFault::json_error("GetItem", "InternalServerError"));
    latchkey.advance(SignedDuration::from_secs(59));
    send(&router, &client, "").await.expect(200);
    latchkey.advance(SignedDuration::from_secs(1));
    send(&router, &client, "").await.expect(503);
    proxy.clear();
    send(&router, &client, "").await.expect(200);
}

#[tokio::test]
async fn disabled_account_gets_no_token_while_resources_cannot_be_read() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (router, proxy) = warm(&latchkey, &client).await;
    proxy.inject(without_resources());
    latchkey.patch(&format!("/v1/accounts/{ACCOUNT}"), &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(60));
    send(&router, &client, "").await.expect(401);
}
