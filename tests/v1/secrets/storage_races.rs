//! A client leaves Secrets Manager and comes back while the deletion of what was stored there is still on its way.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::cold_start;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::app::ManagementState;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Longer than the other requests of a test take together, and shorter than an attempt may take.
const SLOW: Duration = Duration::from_millis(1_500);

/// Another instance of the management API, over a connection of its own.
async fn instance(latchkey: &TestApp) -> (Router, AwsProxy) {
    let (app, aws, proxy) = cold_start(latchkey).await;
    (clients::router(Arc::new(ManagementState::new(app, &aws))), proxy)
}

async fn send(latchkey: &TestApp, router: &Router, method: &str, path: &str, body: &Value) -> TestResponse {
    TestRequest::new(router.clone(), method, path).bearer(latchkey.admin().await).json(body).send().await
}

async fn set_storage(
    latchkey: &TestApp,
    router: &Router,
    client: &TestClient,
    storage: &str,
) -> TestResponse {
    send(latchkey, router, "PATCH", &client.path(), &json!({ "secret_storage": storage })).await
}

/// Begins to take a client out of Secrets Manager; the deletion of its entry is held back by this.
async fn leave_slowly(
    latchkey: &TestApp,
    client: &TestClient,
    canned: InjectedFault,
) -> JoinHandle<TestResponse> {
    let (router, proxy) = instance(latchkey).await;
    proxy.inject(canned);
    let ask = TestRequest::new(router, "PATCH", &client.path()).bearer(latchkey.admin().await);
    let leaving = tokio::spawn(ask.json(&json!({ "secret_storage": "digest_only" })).send());
    while !proxy.calls().iter().any(|call| call.operation == "DeleteSecret") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    leaving
}

async fn app_with_owner(owner: &str) -> (TestApp, TestClient, AwsProxy) {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.seed().await;
    let body = json!({ "email": owner, "name": "Ann", "permissions": ["clients:manage"] });
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    latchkey.admin_request("POST", &members).await.json(&body).send().await.expect(201);
    let client = latchkey.client().await;
    (latchkey, client, proxy)
}

async fn attention(latchkey: &TestApp, client: &TestClient) -> Value {
    latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json()["attention"].clone()
}

/// What remains once the value of a live secret is gone and no request holds it any more.
async fn assert_told_once(
    mut latchkey: TestApp,
    client: &TestClient,
    secret: &str,
    owner: &str,
    bus: &AwsProxy,
) {
    latchkey.advance(SignedDuration::from_mins(16));
    bus.take_calls();
    let first = latchkey.run_job().await;
    let events: Vec<_> = received(bus).iter().flatten().map(delivered).collect();
    let names: Vec<_> = events.iter().map(|event| &event["detail-type"]).collect();
    assert_eq!(names, ["secret.stored_value_missing"]);
    assert_eq!((first.settled, first.unsettled, first.sent), (1, 0, 1), "{first:?}");
    assert_eq!(attention(&latchkey, client).await, json!(["stored_secret_missing"]));
    latchkey.token(&client.client_id, secret, "&scope=orders:read").await.expect(200);
    let trail = latchkey.items_of(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    let recorded = trail.iter().filter(|entry| entry["action"] == "secret.stored_value_missing");
    let recorded: Vec<_> = recorded.map(|entry| entry["actor"]["client_id"].clone()).collect();
    assert_eq!(recorded, ["latchkey.expiry"]);
    for _ in 0..3 {
        latchkey.advance(SignedDuration::from_hours(1));
        let later = latchkey.run_job().await;
        assert_eq!((later.settled, later.unsettled, later.sent), (0, 0, 0), "{later:?}");
    }
    let emails = emails_to(owner.rsplit('@').next().unwrap()).await;
    let [email] = emails.as_slice() else { panic!("{} mails", emails.len()) };
    assert_eq!(email.subject, "Stored secret of \"Order sync\" is gone");
    for part in [email.text.as_str(), email.html.as_deref().unwrap()] {
        assert!(part.contains(&client.client_id) && !part.contains(secret), "{part}");
    }
    let added = latchkey.admin_request("POST", &client.secrets()).await.json(&json!({ "replace": "all" }));
    added.send().await.expect(201);
    assert_eq!(attention(&latchkey, client).await, json!([]), "a new secret takes its place");
}

#[tokio::test]
async fn a_value_is_stored_again_while_its_request_holds_it() {
    let (latchkey, client, _) = app_with_owner("ann@stored-again.example").await;
    let leaving = leave_slowly(&latchkey, &client, InjectedFault::held_back("DeleteSecret", SLOW)).await;
    let (router, proxy) = instance(&latchkey).await;
    set_storage(&latchkey, &router, &client, "secrets_manager").await.expect(200);
    // The value is stored, and then the deletion takes it away before the directory knows of it.
    proxy.inject(InjectedFault::held_back("TransactWriteItems", SLOW + Duration::from_millis(500)));
    let added = send(&latchkey, &router, "POST", &client.secrets(), &json!({})).await.expect(201);
    leaving.await.unwrap().expect(200);
    let stored = proxy.calls().iter().filter(|call| call.operation == "PutSecretValue").count();
    assert_eq!(stored, 2, "once before the deletion, and once after it");
    let current = latchkey.stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(current["client_secret"], added.json()["client_secret"]);
    assert_eq!(attention(&latchkey, &client).await, json!([]));
}

#[tokio::test]
async fn a_value_that_is_gone_is_reported_once() {
    let owner = "ann@slow-deletion.example";
    let (latchkey, client, bus) = app_with_owner(owner).await;
    let leaving = leave_slowly(&latchkey, &client, InjectedFault::held_back("DeleteSecret", SLOW)).await;
    set_storage(&latchkey, &latchkey.router, &client, "secrets_manager").await.expect(200);
    let added = send(&latchkey, &latchkey.router, "POST", &client.secrets(), &json!({})).await.expect(201);
    leaving.await.unwrap().expect(200);
    assert_eq!(latchkey.stored_value(&client.client_id, "AWSCURRENT").await, None, "the deletion came last");
    assert_told_once(latchkey, &client, &added.string("client_secret"), owner, &bus).await;
}

/// The deletion was carried out at once, and its answer is late: it is not sent a second time.
#[tokio::test]
async fn a_deletion_is_not_repeated_after_its_answer_was_lost() {
    let (mut latchkey, client, _) = app_with_owner("ann@lost-answer.example").await;
    let late = InjectedFault::late("DeleteSecret", Duration::from_secs(4)).times(1);
    let leaving = leave_slowly(&latchkey, &client, late).await;
    set_storage(&latchkey, &latchkey.router, &client, "secrets_manager").await.expect(200);
    let added = send(&latchkey, &latchkey.router, "POST", &client.secrets(), &json!({})).await.expect(201);
    leaving.await.unwrap().expect(200);
    latchkey.advance(SignedDuration::from_mins(16));
    let swept = latchkey.sweep().await;
    assert_eq!((swept.settled, swept.failed, swept.missing.len()), (1, 0, 0));
    let current = latchkey.stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(current["client_secret"], added.json()["client_secret"]);
}
