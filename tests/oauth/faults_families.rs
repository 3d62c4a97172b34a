//! Introspection and revocation of the tokens of a user's authorization while an AWS call fails: the right response or
//! a 503, never "inactive" and never "revoked".

use crate::support::app::TestApp;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario};
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};
use crate::support::sign_in::code_flow::{Tokens, with_client_auth};
use axum::Router;

/// The kind of token that a case is about.
const ACCESS: &str = "access token";
const REFRESH: &str = "refresh token";

fn token_of<'a>(case: &FaultCase, tokens: &'a Tokens) -> &'a str {
    if case.site.purpose == ACCESS { &tokens.access } else { &tokens.refresh }
}

async fn send(router: &Router, path: &str, caller: &TestClient, token: &str) -> TestResponse {
    let request = TestRequest::new(router.clone(), "POST", path);
    with_client_auth(request, caller, &format!("token={token}")).send().await
}

struct Introspection {
    latchkey: TestApp,
    checker: TestClient,
    tokens: Tokens,
}

impl FaultScenario for Introspection {
    /// The router, and the token.
    type Prepared = (Router, String);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        (case.token_router(), token_of(case, &self.tokens).to_owned())
    }

    async fn act(&self, (router, token): &Self::Prepared) -> TestResponse {
        send(router, "/oauth/introspect", &self.checker, token).await
    }

    async fn check_recovered(&self, case: &FaultCase, _: &Self::Prepared, response: TestResponse) {
        assert_eq!(response.expect(200).json()["active"], true, "{case}");
    }
}

#[tokio::test]
async fn introspection_fails_closed_on_each_fault() {
    // The caller's account, the family, the member, the consent; for an access token also the deny-list. Then the token's
    // client.
    const SITES: [(&str, &str, usize); 11] = [
        (ACCESS, "GetItem", 0),
        (ACCESS, "GetItem", 1),
        (ACCESS, "GetItem", 2),
        (ACCESS, "GetItem", 3),
        (ACCESS, "GetItem", 4),
        (ACCESS, "Query", 2),
        (REFRESH, "GetItem", 0),
        (REFRESH, "GetItem", 1),
        (REFRESH, "GetItem", 2),
        (REFRESH, "GetItem", 3),
        (REFRESH, "Query", 2),
    ];
    let latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    let tokens = latchkey.code_flow_tokens(&app).await;
    FaultMatrix::new(SITES).run(Introspection { latchkey, checker, tokens }).await;
}

struct Revocation {
    latchkey: TestApp,
    app: TestClient,
    checker: TestClient,
}

impl FaultScenario for Revocation {
    /// The router, all tokens of the authorization, and the one that is revoked.
    type Prepared = (Router, Tokens, String);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Self::Prepared {
        let tokens = self.latchkey.code_flow_tokens(&self.app).await;
        let token = token_of(case, &tokens).to_owned();
        (case.token_router(), tokens, token)
    }

    async fn act(&self, (router, _, token): &Self::Prepared) -> TestResponse {
        send(router, "/oauth/revoke", &self.app, token).await
    }

    async fn check_recovered(
        &self,
        case: &FaultCase,
        (_, tokens, _): &Self::Prepared,
        response: TestResponse,
    ) {
        response.expect(200);
        for revoked in [&tokens.access, &tokens.refresh] {
            assert!(!self.latchkey.is_active(&self.checker, revoked).await, "{case}: a 200 means revoked");
        }
    }
}

#[tokio::test]
async fn revocation_fails_closed_on_each_fault() {
    const SITES: [(&str, &str, usize); 5] = [
        (REFRESH, "GetItem", 0),
        (REFRESH, "GetItem", 1),
        (REFRESH, "UpdateItem", 0),
        (ACCESS, "PutItem", 0),
        (ACCESS, "UpdateItem", 0),
    ];
    let latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    FaultMatrix::new(SITES).run(Revocation { latchkey, app, checker }).await;
}
