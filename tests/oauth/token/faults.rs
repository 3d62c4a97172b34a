//! The token endpoint while an AWS call fails: a 503 that can be repeated, and never a token that is not certain. The
//! faults hit instances that have just started.

use super::client_assertion::{client_with, new_claims};
use crate::support::app::TestApp;
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario};
use crate::support::fault_injection::{FAULTS, cold_start, fault};
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;
use serde_json::json;

struct WithSecret {
    latchkey: TestApp,
    client: TestClient,
}

impl FaultScenario for WithSecret {
    type Prepared = Router;

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Router {
        case.token_router()
    }

    async fn act(&self, router: &Router) -> TestResponse {
        let request = TestRequest::new(router.clone(), "POST", "/oauth/token");
        let request = request.basic(&self.client.client_id, &self.client.client_secret);
        request.form("grant_type=client_credentials").send().await
    }

    async fn check_recovered(&self, _: &FaultCase, _: &Router, response: TestResponse) {
        response.expect(200);
    }
}

#[tokio::test]
async fn client_secret_request_can_be_repeated_after_fault() {
    const SITES: [(&str, &str, usize); 5] = [
        ("the catalogue", "Query", 0),
        ("the client", "Query", 1),
        ("the account", "GetItem", 0),
        ("the peppers", "GetSecretValue", 0),
        ("the signing keys", "GetSecretValue", 1),
    ];
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    FaultMatrix::new(SITES).run(WithSecret { latchkey, client }).await;
}

struct WithAssertion {
    latchkey: TestApp,
    key: TestKey,
    client_id: String,
}

impl FaultScenario for WithAssertion {
    /// The router, and the form with the assertion.
    type Prepared = (Router, String);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        let assertion = self.key.assert(&new_claims(&self.latchkey, &self.client_id));
        (case.token_router(), form(&assertion))
    }

    async fn act(&self, (router, form): &Self::Prepared) -> TestResponse {
        TestRequest::new(router.clone(), "POST", "/oauth/token").form(form).send().await
    }

    async fn check_recovered(&self, case: &FaultCase, _: &Self::Prepared, response: TestResponse) {
        // An assertion that is recorded as used, or may be, is used: the client signs another one.
        let purpose = case.site.purpose;
        let used = purpose == "the signing keys" || (purpose == "recording its use" && case.is_carried_out());
        assert_eq!(response.status, if used { 401 } else { 200 }, "{case}");
    }
}

#[tokio::test]
async fn assertion_request_fails_closed_on_each_fault() {
    const SITES: [(&str, &str, usize); 5] = [
        ("the catalogue", "Query", 0),
        ("the client", "Query", 1),
        ("the account", "GetItem", 0),
        ("recording its use", "PutItem", 0),
        ("the signing keys", "GetSecretValue", 0),
    ];
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client_id = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
    FaultMatrix::new(SITES).run(WithAssertion { latchkey, key, client_id }).await;
}

#[tokio::test]
async fn failure_to_record_last_use_is_ignored() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    for name in FAULTS {
        let with_secret = latchkey.fixtures().client().await;
        let with_key = client_with(&latchkey, &json!({ "jwks": key.jwks() })).await;
        let (app, _, proxy) = cold_start(&latchkey).await;
        let router = token::router(app);
        proxy.inject(fault(name, "UpdateItem"));
        let request = || TestRequest::new(router.clone(), "POST", "/oauth/token");
        let by_secret = request().basic(&with_secret.client_id, &with_secret.client_secret);
        by_secret.form("grant_type=client_credentials&scope=orders:read").send().await.expect(200);
        request().form(&form(&key.assert(&new_claims(&latchkey, &with_key)))).send().await.expect(200);
    }
}
