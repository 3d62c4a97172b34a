//! Pages, the redemption of a link, first sign-ins and new addresses, while a store fails.

mod email_confirmation;
mod first_sign_in;

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::AwsCall;
use crate::support::fault_injection::matrix::{FaultCase, FaultMatrix, FaultScenario, FaultSite};
use crate::support::fault_injection::{FAULTS, cold_start, fault};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;
use console::ConsoleState;
use serde_json::json;
use shared::app::{App, AwsClients, ManagementState};
use std::collections::BTreeMap;
use std::sync::Arc;

const LIST: &str = "/console/accounts/T12345678/clients";
const MEMBERS: &str = "/v1/accounts/T12345678/members";

fn router(app: &Arc<App>, aws: &AwsClients) -> Router {
    console::router(Arc::new(ConsoleState::new(Arc::new(ManagementState::new(Arc::clone(app), aws)))))
}

/// Every AWS call of a request to a function that has just started, but the read of the logo, which comes first.
async fn call_sites(latchkey: &TestApp, request: impl AsyncFnOnce(Router) -> TestResponse) -> Vec<FaultSite> {
    let (app, aws, proxy) = cold_start(latchkey).await;
    request(router(&app, &aws)).await;
    let mut sites = sites("console", proxy.take_calls());
    let logo = sites.remove(0);
    assert_eq!((logo.operation, logo.before), ("GetItem", 0));
    sites
}

/// These calls, each with the number of earlier calls of its operation.
fn sites(purpose: &'static str, calls: Vec<AwsCall>) -> Vec<FaultSite> {
    let mut seen = BTreeMap::new();
    let mut site = |operation: String| {
        let count = seen.entry(operation.clone()).or_insert(0);
        *count += 1;
        FaultSite { purpose, operation: operation.leak(), before: *count - 1 }
    };
    calls.into_iter().map(|call| site(call.operation)).collect()
}

/// The list of clients, for a person who is signed in.
struct ListRequest {
    latchkey: TestApp,
    cookies: String,
}

async fn list(router: Router, cookies: &str) -> TestResponse {
    TestRequest::new(router, "GET", LIST).header("cookie", cookies).send().await
}

impl FaultScenario for ListRequest {
    type Prepared = Router;

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> Router {
        router(&case.app, &case.aws)
    }

    async fn act(&self, router: &Router) -> TestResponse {
        list(router.clone(), &self.cookies).await
    }

    async fn check_rejected(&self, case: &FaultCase, _: &Router, response: TestResponse) {
        assert_eq!(response.status, 503, "{case}: {}", response.text());
        assert!(response.text().contains("Something is out of order"), "{case}: {}", response.text());
    }

    async fn check_recovered(&self, case: &FaultCase, _: &Router, response: TestResponse) {
        assert_eq!(response.status, 200, "{case}: {}", response.text());
    }
}

#[tokio::test]
async fn page_is_unavailable_while_a_store_fails_and_back_with_it() {
    let latchkey = TestApp::with_fixtures().await;
    let cookies = latchkey.administrator_in_console().await.cookies();
    let sites = call_sites(&latchkey, async |router| list(router, &cookies).await).await;
    assert!(sites.len() >= 4, "{sites:?}");
    let cases = FaultMatrix::new(sites.clone()).run(ListRequest { latchkey, cookies }).await;
    assert_eq!(cases, sites.len() * FAULTS.len());
}

#[tokio::test]
async fn page_is_shown_without_a_logo_that_cannot_be_read() {
    let latchkey = TestApp::with_fixtures().await;
    let cookies = latchkey.administrator_in_console().await.cookies();
    for name in FAULTS {
        let (app, aws, proxy) = cold_start(&latchkey).await;
        proxy.inject(fault(name, "GetItem"));
        // The session is read by the same operation: its read succeeds again once the fault is over.
        app.logo.get(latchkey.now()).await;
        proxy.clear();
        let page = list(router(&app, &aws), &cookies).await.expect(200);
        assert!(!page.text().contains("<img"), "{name}");
    }
}

/// The redemption of a link into the console.
struct LinkRedemption {
    latchkey: TestApp,
}

/// The path of a link for a new member: there are few an hour for each.
async fn link(latchkey: &TestApp, name: &str) -> String {
    let email = latchkey.fixtures().member_with(ACCOUNT, name, &["clients:read"]).await;
    let body = json!({ "email": email, "to": format!("/console/accounts/{ACCOUNT}") });
    let path = format!("/v1/accounts/{ACCOUNT}/console-links");
    let issued = latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201);
    let url = issued.string("url");
    url[url.find("/console/link/").unwrap()..].to_owned()
}

async fn redeem(router: Router, path: &str) -> TestResponse {
    TestRequest::new(router, "POST", path).form("").send().await
}

impl FaultScenario for LinkRedemption {
    type Prepared = (Router, String);

    fn latchkey(&self) -> &TestApp {
        &self.latchkey
    }

    async fn prepare(&self, case: &FaultCase) -> (Router, String) {
        (router(&case.app, &case.aws), link(&self.latchkey, &format!("ann{}", case.number)).await)
    }

    async fn act(&self, (router, path): &(Router, String)) -> TestResponse {
        redeem(router.clone(), path).await
    }

    /// What is only recorded or tidied up does not keep a person out.
    async fn check_rejected(&self, case: &FaultCase, _: &(Router, String), response: TestResponse) {
        let status = response.status.as_u16();
        let has_cookie = !response.header("set-cookie").is_empty();
        assert!(
            (status == 503 && !has_cookie) || (status == 303 && has_cookie),
            "{case}: {}",
            response.text()
        );
    }

    /// It works once: a session of which the browser has heard nothing is of no use to anyone.
    async fn check_recovered(&self, case: &FaultCase, _: &(Router, String), response: TestResponse) {
        assert!([303, 410].contains(&response.status.as_u16()), "{case}: {}", response.text());
    }
}

#[tokio::test]
async fn link_signs_in_once_or_not_at_all_while_a_store_fails() {
    let latchkey = TestApp::with_fixtures().await;
    let path = link(&latchkey, "ann").await;
    let sites = call_sites(&latchkey, async |router| redeem(router, &path).await.expect(303)).await;
    assert!(sites.len() >= 4, "{sites:?}");
    let cases = FaultMatrix::new(sites.clone()).run(LinkRedemption { latchkey }).await;
    assert_eq!(cases, sites.len() * FAULTS.len());
}
