//! Introspection (RFC 7662) and revocation (RFC 7009) while an AWS call fails: the right response or a 503, never
//! "inactive" and never "revoked". The faults hit instances that have just started and have nothing in memory.

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario};
use crate::support::fault_injection::{FAULTS, assert_unavailable, cold_start, fault};
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;
use std::sync::Mutex;

/// Purpose of an AWS call, its operation, and the number of calls of the same operation before it.
type Site = (&'static str, &'static str, usize);

/// The calls that both endpoints make first.
const AUTHENTICATION: [Site; 5] = [
    ("the catalogue", "Query", 0),
    ("the caller", "Query", 1),
    ("the caller's account", "GetItem", 0),
    ("the peppers", "GetSecretValue", 0),
    ("the signing keys", "GetSecretValue", 1),
];

/// A token function that has just started, and the proxy between it and AWS.
async fn started(latchkey: &TestApp) -> (Router, AwsProxy) {
    let (app, _, proxy) = cold_start(latchkey).await;
    (token::router(app), proxy)
}

async fn send(router: &Router, path: &str, caller: &TestClient, token: &str) -> TestResponse {
    let request =
        TestRequest::new(router.clone(), "POST", path).basic(&caller.client_id, &caller.client_secret);
    request.form(&format!("token={token}")).send().await
}

#[track_caller]
fn assert_rejected(response: &TestResponse, case: &FaultCase) {
    assert_unavailable(response, &case.to_string());
    assert_eq!(response.header("cache-control"), "no-store", "{case}");
}

struct Introspection {
    latchkey: TestApp,
    checker: TestClient,
    token: String,
}

impl FaultScenario for Introspection {
    type Prepared = Router;

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Router {
        case.token_router()
    }

    async fn act(&self, router: &Router) -> TestResponse {
        send(router, "/oauth/introspect", &self.checker, &self.token).await
    }

    async fn check_rejected(&self, case: &FaultCase, _: &Router, response: TestResponse) {
        assert_rejected(&response, case);
    }

    async fn check_recovered(&self, case: &FaultCase, _: &Router, response: TestResponse) {
        assert_eq!(response.expect(200).json()["active"], true, "{case}: the failure is not cached");
    }
}

#[tokio::test]
async fn introspection_fails_closed_on_each_fault() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (checker, token) = (latchkey.fixtures().client().await, latchkey.access_token(&client).await);
    let own = [("the token's client", "Query", 2), ("the deny-list", "GetItem", 1)];
    let matrix = FaultMatrix::new(AUTHENTICATION.into_iter().chain(own));
    matrix.run(Introspection { latchkey, checker, token }).await;
}

struct Revocation {
    latchkey: TestApp,
    client: TestClient,
    checker: TestClient,
    /// A token for each case.
    tokens: Mutex<Vec<String>>,
}

impl FaultScenario for Revocation {
    type Prepared = (Router, String);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        (case.token_router(), self.tokens.lock().unwrap().pop().unwrap())
    }

    async fn act(&self, (router, token): &Self::Prepared) -> TestResponse {
        send(router, "/oauth/revoke", &self.client, token).await
    }

    async fn check_rejected(&self, case: &FaultCase, (_, token): &Self::Prepared, response: TestResponse) {
        assert_rejected(&response, case);
        let committed = case.site.purpose == "the deny-list" && case.is_carried_out();
        assert_eq!(self.latchkey.is_active(&self.checker, token).await, !committed, "{case}");
    }

    async fn check_recovered(&self, case: &FaultCase, (_, token): &Self::Prepared, response: TestResponse) {
        response.expect(200);
        assert!(!self.latchkey.is_active(&self.checker, token).await, "{case}: a 200 means revoked");
    }
}

#[tokio::test]
async fn revocation_fails_closed_on_each_fault() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let mut tokens = Vec::new();
    for _ in 0..(AUTHENTICATION.len() + 1) * FAULTS.len() {
        tokens.push(latchkey.access_token(&client).await);
    }
    let matrix = FaultMatrix::new(AUTHENTICATION.into_iter().chain([("the deny-list", "PutItem", 0)]));
    matrix.run(Revocation { latchkey, client, checker, tokens: Mutex::new(tokens) }).await;
}

#[tokio::test]
async fn one_throttled_attempt_is_retried() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, checker) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let token = latchkey.access_token(&client).await;
    let operations = ["Query", "GetSecretValue", "GetItem", "UpdateItem", "PutItem"];
    let (router, proxy) = started(&latchkey).await;
    for operation in operations {
        proxy.inject(fault("throttled", operation).times(1));
    }
    let response = send(&router, "/oauth/introspect", &checker, &token).await.expect(200);
    assert_eq!(response.json()["active"], true);
    send(&router, "/oauth/revoke", &client, &token).await.expect(200);
    assert!(!latchkey.is_active(&checker, &token).await);
}

#[tokio::test]
async fn failure_to_record_last_use_is_ignored() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, token) = (latchkey.fixtures().client().await, "garbage");
    for name in FAULTS {
        let (router, proxy) = started(&latchkey).await;
        proxy.inject(fault(name, "UpdateItem"));
        send(&router, "/oauth/introspect", &client, token).await.expect(200);
        send(&router, "/oauth/revoke", &client, token).await.expect(200);
    }
}
