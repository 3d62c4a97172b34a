//! Refreshing while an AWS call fails: a 503, and the same refresh token afterwards. The faults hit instances that have
//! just started.

use crate::support::app::TestApp;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario};
use crate::support::fault_injection::{FAULTS, assert_unavailable, cold_start, fault};
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};
use crate::support::sign_in::code_flow::{Tokens, assert_error, refresh_form, with_client_auth};
use axum::Router;
use jiff::SignedDuration;
use serde_json::json;
use std::sync::Arc;

const SITES: [(&str, &str, usize); 9] = [
    ("the catalogue", "Query", 0),
    ("the client", "Query", 1),
    ("the peppers", "GetSecretValue", 0),
    ("the signing keys", "GetSecretValue", 1),
    ("the account", "GetItem", 0),
    ("the family", "GetItem", 1),
    ("the member or the consent", "GetItem", 2),
    ("the consent or the member", "GetItem", 3),
    ("replacing it", "UpdateItem", 0),
];

async fn send(router: &Router, client: &TestClient, form: &str) -> TestResponse {
    let request = TestRequest::new(router.clone(), "POST", "/oauth/token");
    with_client_auth(request, client, form).send().await
}

struct Refresh {
    latchkey: Arc<TestApp>,
}

impl FaultScenario for Refresh {
    /// The router, the client and its tokens.
    type Prepared = (Router, TestClient, Tokens);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        let app = self.latchkey.fixtures().code_flow_client().await;
        // The sign-in also records the secret's use of the day, which is an `UpdateItem` too.
        let tokens = self.latchkey.code_flow_tokens(&app).await;
        (case.token_router(), app, tokens)
    }

    async fn act(&self, (router, app, tokens): &Self::Prepared) -> TestResponse {
        send(router, app, &refresh_form(&tokens.refresh)).await
    }

    async fn check_recovered(
        &self,
        case: &FaultCase,
        (_, app, tokens): &Self::Prepared,
        response: TestResponse,
    ) {
        let next = Tokens::of(&response.expect(200));
        for token in [&tokens.access, &next.access, &next.refresh] {
            assert!(self.latchkey.is_active(app, token).await, "{case}: nothing was revoked");
        }
        self.latchkey.refresh(app, &next.refresh, "").await.expect(200);
    }
}

#[tokio::test]
async fn refresh_token_can_be_used_after_each_fault() {
    let latchkey = Arc::new(TestApp::with_members().await);
    let cases = FaultMatrix::new(SITES).run(Refresh { latchkey: Arc::clone(&latchkey) }).await;
    assert_eq!(cases, SITES.len() * FAULTS.len());
    assert_eq!(latchkey.inspect().grants("FAMILY#").await.len(), cases, "one for each sign-in");
}

#[tokio::test]
async fn lost_refresh_response_is_no_reuse() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let mut token = latchkey.code_flow_tokens(&app).await.refresh;
    for name in ["timed out after", "timed out before", "throttled"] {
        let (function, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(fault(name, "UpdateItem").times(1));
        let response = send(&token::router(function), &app, &refresh_form(&token)).await.expect(200);
        let authenticate_by_host =
            proxy.take_calls().iter().filter(|call| call.operation == "UpdateItem").count();
        assert_eq!(authenticate_by_host, 2, "{name}");
        token = response.string("refresh_token");
    }
    latchkey.refresh(&app, &token, "").await.expect(200);
}

#[tokio::test]
async fn reuse_that_cannot_revoke_is_unavailable() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let first = latchkey.code_flow_tokens(&app).await;
    let second = Tokens::of(&latchkey.refresh(&app, &first.refresh, "").await.expect(200));
    latchkey.advance(SignedDuration::from_secs(31));
    for name in ["throttled", "timed out before", "access denied"] {
        let (function, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(fault(name, "UpdateItem"));
        let response = send(&token::router(function), &app, &refresh_form(&first.refresh)).await;
        assert_unavailable(&response, name);
        assert!(latchkey.is_active(&app, &second.access).await, "{name}: a fault revokes nothing");
    }
    assert_error(&latchkey.refresh(&app, &first.refresh, "").await, "invalid_grant", "reused");
    assert!(!latchkey.is_active(&app, &second.access).await);
}

struct FirstRefreshToken {
    latchkey: TestApp,
}

impl FaultScenario for FirstRefreshToken {
    /// The router and the client.
    type Prepared = (Router, TestClient);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        let grants = json!({ "grant_types": ["client_credentials", "refresh_token"], "redirect_uris": [] });
        (case.token_router(), self.latchkey.fixtures().code_flow_client_with(&grants).await)
    }

    async fn act(&self, (router, client): &Self::Prepared) -> TestResponse {
        send(router, client, "grant_type=client_credentials").await
    }

    async fn check_recovered(&self, _: &FaultCase, (_, client): &Self::Prepared, response: TestResponse) {
        let token = response.expect(200).string("refresh_token");
        self.latchkey.refresh(client, &token, "").await.expect(200);
    }
}

#[tokio::test]
async fn refresh_token_is_not_issued_unless_stored() {
    let latchkey = TestApp::with_members().await;
    let cases = FaultMatrix::new([("its family", "PutItem", 0)]).run(FirstRefreshToken { latchkey }).await;
    assert_eq!(cases, FAULTS.len());
}
