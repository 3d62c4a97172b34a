//! A client leaves Secrets Manager and joins it again while the deletion of its stored value is still in
//! progress.

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

/// Longer than all other requests of a test, and shorter than the timeout of one attempt.
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

/// Starts to move a client out of Secrets Manager; the deletion of its stored value is delayed by this.
async fn move_out_slowly(
    latchkey: &TestApp,
    client: &TestClient,
    fault: InjectedFault,
) -> JoinHandle<TestResponse> {
    let (router, proxy) = instance(latchkey).await;
    proxy.inject(fault);
    let request = TestRequest::new(router, "PATCH", &client.path()).bearer(latchkey.admin().await);
    let moving_out = tokio::spawn(request.json(&json!({ "secret_storage": "digest_only" })).send());
    while !proxy.calls().iter().any(|call| call.operation == "DeleteSecret") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    moving_out
}

async fn app_with_owner(owner: &str) -> (TestApp, TestClient, AwsProxy) {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    let body = json!({ "email": owner, "name": "Ann", "permissions": ["clients:manage"] });
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    latchkey.admin_request("POST", &members).await.json(&body).send().await.expect(201);
    let client = latchkey.fixtures().client().await;
    (latchkey, client, proxy)
}

async fn attention(latchkey: &TestApp, client: &TestClient) -> Value {
    latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json()["attention"].clone()
}

/// Checks the state after the value of a live secret is gone and no request holds it any more.
async fn assert_notified_once(
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
    assert_eq!((first.reconciled, first.cleanup_failed, first.sent), (1, 0, 1), "{first:?}");
    assert_eq!(attention(&latchkey, client).await, json!(["stored_secret_missing"]));
    latchkey.token(&client.client_id, secret, "&scope=orders:read").await.expect(200);
    let trail = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    let recorded = trail.iter().filter(|entry| entry["action"] == "secret.stored_value_missing");
    let recorded: Vec<_> = recorded.map(|entry| entry["actor"]["client_id"].clone()).collect();
    assert_eq!(recorded, ["latchkey.expiry"]);
    for _ in 0..3 {
        latchkey.advance(SignedDuration::from_hours(1));
        let later = latchkey.run_job().await;
        assert_eq!((later.reconciled, later.cleanup_failed, later.sent), (0, 0, 0), "{later:?}");
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
async fn value_is_stored_again_while_its_request_holds_it() {
    let (latchkey, client, _) = app_with_owner("ann@stored-again.example").await;
    let moving_out =
        move_out_slowly(&latchkey, &client, InjectedFault::held_back("DeleteSecret", SLOW)).await;
    let (router, proxy) = instance(&latchkey).await;
    set_storage(&latchkey, &router, &client, "secrets_manager").await.expect(200);
    // The value is stored, and the delayed deletion removes it before the directory is updated.
    proxy.inject(InjectedFault::held_back("TransactWriteItems", SLOW + Duration::from_millis(500)));
    let added = send(&latchkey, &router, "POST", &client.secrets(), &json!({})).await.expect(201);
    moving_out.await.unwrap().expect(200);
    let stored = proxy.calls().iter().filter(|call| call.operation == "PutSecretValue").count();
    assert_eq!(stored, 2, "once before the deletion, and once after it");
    let current = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(current["client_secret"], added.json()["client_secret"]);
    assert_eq!(attention(&latchkey, &client).await, json!([]));
}

// Needs the mailbox of the emulator.
#[tokio::test]
async fn lost_value_is_reported_once() {
    let owner = "ann@slow-deletion.example";
    let (latchkey, client, bus) = app_with_owner(owner).await;
    let moving_out =
        move_out_slowly(&latchkey, &client, InjectedFault::held_back("DeleteSecret", SLOW)).await;
    set_storage(&latchkey, &latchkey.router, &client, "secrets_manager").await.expect(200);
    let added = send(&latchkey, &latchkey.router, "POST", &client.secrets(), &json!({})).await.expect(201);
    moving_out.await.unwrap().expect(200);
    assert_eq!(
        latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await,
        None,
        "the deletion came last"
    );
    assert_notified_once(latchkey, &client, &added.string("client_secret"), owner, &bus).await;
}

/// The deletion is executed at once and its response is late: it is not sent a second time.
#[tokio::test]
async fn deletion_with_lost_response_is_not_repeated() {
    let (mut latchkey, client, _) = app_with_owner("ann@lost-answer.example").await;
    let late = InjectedFault::late("DeleteSecret", Duration::from_secs(4)).times(1);
    let moving_out = move_out_slowly(&latchkey, &client, late).await;
    set_storage(&latchkey, &latchkey.router, &client, "secrets_manager").await.expect(200);
    let added = send(&latchkey, &latchkey.router, "POST", &client.secrets(), &json!({})).await.expect(201);
    moving_out.await.unwrap().expect(200);
    latchkey.advance(SignedDuration::from_mins(16));
    let swept = latchkey.sweep().await;
    assert_eq!((swept.settled, swept.failed, swept.missing.len()), (1, 0, 0));
    let current = latchkey.inspect().stored_value(&client.client_id, "AWSCURRENT").await.unwrap();
    assert_eq!(current["client_secret"], added.json()["client_secret"]);
}
