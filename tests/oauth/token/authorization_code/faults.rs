//! Redeeming a code while an AWS call fails: a 503, and the same code afterwards. The faults hit instances that have
//! just started.

use crate::support::app::TestApp;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario};
use crate::support::fault_injection::{FAULTS, assert_unavailable, cold_start, fault};
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};
use crate::support::sign_in::code_flow::{Tokens, VERIFIER, assert_error, code_form, with_client_auth};
use axum::Router;
use std::sync::Arc;

const SITES: [(&str, &str, usize); 9] = [
    ("the catalogue", "Query", 0),
    ("the client", "Query", 1),
    ("the peppers", "GetSecretValue", 0),
    ("the signing keys", "GetSecretValue", 1),
    ("the account", "GetItem", 0),
    ("the code", "GetItem", 1),
    ("the member or the consent", "GetItem", 2),
    ("the consent or the member", "GetItem", 3),
    ("redeeming it", "TransactWriteItems", 0),
];

struct Redemption {
    latchkey: Arc<TestApp>,
}

impl FaultScenario for Redemption {
    /// The router, the client and its code.
    type Prepared = (Router, TestClient, String);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        let app = self.latchkey.fixtures().code_flow_client().await;
        let code = self.latchkey.fixtures().code(&app).await;
        (case.token_router(), app, code)
    }

    async fn act(&self, (router, app, code): &Self::Prepared) -> TestResponse {
        let request = TestRequest::new(router.clone(), "POST", "/oauth/token");
        with_client_auth(request, app, &code_form(code, VERIFIER)).send().await
    }

    async fn check_recovered(&self, case: &FaultCase, (_, app, _): &Self::Prepared, response: TestResponse) {
        if case.site.purpose == "redeeming it" && case.is_carried_out() {
            // The code is redeemed, and the responses of all attempts were lost: the next request is a replay.
            assert_error(&response, "invalid_grant", &case.to_string());
        } else {
            let tokens = Tokens::of(&response.expect(200));
            assert!(self.latchkey.is_active(app, &tokens.access).await, "{case}");
        }
    }
}

#[tokio::test]
async fn code_can_be_redeemed_after_each_fault() {
    let latchkey = Arc::new(TestApp::with_members().await);
    let cases = FaultMatrix::new(SITES).run(Redemption { latchkey: Arc::clone(&latchkey) }).await;
    assert_eq!(cases, SITES.len() * FAULTS.len());
    assert_eq!(latchkey.inspect().grants("FAMILY#").await.len(), cases, "one for each code");
}

#[tokio::test]
async fn lost_redemption_response_is_no_replay() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    for name in ["timed out after", "timed out before", "throttled"] {
        let code = latchkey.fixtures().code(&app).await;
        let (function, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(fault(name, "TransactWriteItems").times(1));
        let request = TestRequest::new(token::router(function), "POST", "/oauth/token");
        let response = with_client_auth(request, &app, &code_form(&code, VERIFIER)).send().await.expect(200);
        let written: Vec<_> =
            proxy.take_calls().into_iter().filter(|call| call.operation == "TransactWriteItems").collect();
        let [first, second] = written.as_slice() else { panic!("{name}: tried {} times", written.len()) };
        assert_eq!(first.input["ClientRequestToken"], second.input["ClientRequestToken"], "{name}");
        let tokens = Tokens::of(&response);
        assert!(latchkey.is_active(&app, &tokens.access).await, "{name}: nothing was revoked");
        latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
    }
}

#[tokio::test]
async fn replay_that_cannot_revoke_is_unavailable() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    for name in ["throttled", "timed out before", "access denied"] {
        let (function, _, proxy) = cold_start(&latchkey).await;
        proxy.inject(fault(name, "UpdateItem"));
        let request = TestRequest::new(token::router(function), "POST", "/oauth/token");
        let response = with_client_auth(request, &app, &code_form(&code, VERIFIER)).send().await;
        assert_unavailable(&response, name);
        assert!(latchkey.is_active(&app, &tokens.access).await, "{name}: a fault revokes nothing");
    }
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "a replay");
    assert!(!latchkey.is_active(&app, &tokens.access).await);
}
