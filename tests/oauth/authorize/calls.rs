//! The AWS calls of each step of a sign-in: what a request costs that no one has authenticated.

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::cold_start;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::Browser;
use ::authorize::{AuthorizeState, ResponseTiming};
use std::sync::Arc;

/// An instance whose catalogue, account and peppers are in memory, and its AWS calls.
async fn warm(latchkey: &TestApp, client: &TestClient, email: &str) -> (Browser, AwsProxy) {
    let (app, aws, proxy) = cold_start(latchkey).await;
    let state = AuthorizeState::new(app, &aws, ResponseTiming::Immediate);
    let router = ::authorize::router(Arc::new(state));
    let browser = Browser::from_router(router.clone());
    browser.enter_email_code(latchkey, &AuthorizeRequest::of(client), email).await.expect(200);
    proxy.take_calls();
    (Browser::from_router(router), proxy)
}

#[tokio::test]
async fn each_step_makes_the_expected_calls() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let (browser, proxy) = warm(&latchkey, &client, &ann).await;
    let browser = browser.with_source("198.51.100.1");
    let request = AuthorizeRequest::of(&client);
    let response = browser.send(browser.request("GET", &request.path())).await.expect(303);
    assert_eq!(proxy.take_counts(), "PutItem, Query, UpdateItem", "start: the source is counted");
    let page = browser.get(response.header("location")).await.expect(200);
    assert_eq!(proxy.take_counts(), "GetItem, Query", "show");
    // Session, member, known source; three numbers of the hour, two of the day.
    let response = browser.post(&page.form("/email").with("email", &ann)).await.expect(303);
    assert_eq!(
        proxy.take_counts(),
        "3 GetItem, PutItem, Query, SendRawEmail, 5 UpdateItem",
        "a member's address"
    );
    let page = browser.get(response.header("location")).await.expect(200);
    let code = latchkey.inspect().mailed_code(&ann).await;
    proxy.take_counts();
    let response = browser.post(&page.form("/code").with("code", &code)).await.expect(303);
    // Session, member, whether this is the member's first sign-in today, consent; two steps, the source that is known from
    // now on, and the audit entry.
    assert_eq!(proxy.take_counts(), "4 GetItem, 4 PutItem, Query", "the right code");
    let page = browser.get(response.header("location")).await.expect(200);
    assert_eq!(proxy.take_counts(), "GetItem, Query", "consent page");
    browser.submit_consent(&page, "allow").await.redirect_target();
    assert_eq!(proxy.take_counts(), "3 GetItem, Query, TransactWriteItems", "consent");
}

/// None of these is a transaction, which costs twice as much.
#[tokio::test]
async fn requests_of_strangers_cost_single_writes() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let (browser, proxy) = warm(&latchkey, &client, &ann).await;
    let browser = browser.with_source("198.51.100.1");
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    let unknown = page.form("/email").with("email", &format!("unknown@{}", latchkey.mail_domain()));
    proxy.take_counts();
    let code_page = browser.submit(&unknown).await.expect(200);
    assert_eq!(
        proxy.take_counts(),
        "4 GetItem, PutItem, 2 Query, 3 UpdateItem",
        "another address, and the page"
    );
    browser.post(&code_page.form("/code").with("code", "12345678")).await.expect(303);
    assert_eq!(proxy.take_counts(), "2 GetItem, PutItem, Query", "a wrong code");
    let other = page.form("/email").with("other", "yes");
    browser.post(&other).await.expect(303);
    assert_eq!(proxy.take_counts(), "GetItem, PutItem, Query", "another address, please");
    for _ in 0..4 {
        browser.post(&unknown).await.expect(303);
    }
    proxy.take_counts();
    browser.post(&unknown).await.expect(429);
    assert_eq!(proxy.take_counts(), "GetItem, Query, UpdateItem", "a sixth code: nothing more is read");
    browser.get("/oauth/authorize?client_id=unknown").await.expect(400);
    assert_eq!(proxy.take_counts(), "Query", "an unknown client");
    browser.get(&AuthorizeRequest::of(&client).with("response_type", "x").path()).await.expect(400);
    assert_eq!(proxy.take_counts(), "Query", "an invalid request");
}
