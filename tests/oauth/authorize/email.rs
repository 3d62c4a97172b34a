//! Requesting an email code: one response for every address, and rate limits.

use crate::support::app::TestApp;
use crate::support::fault_injection::aws_proxy::InjectedFault;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::{Browser, PageVisit};
use ::authorize::{AuthorizeState, ResponseTiming};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The response without what differs by nature: the sign-in's id, the CSRF token and the address.
fn comparable(visit: &PageVisit, email: &str) -> (u16, String, Vec<(String, String)>) {
    let (status, text, headers) = visit.response.dump();
    let id = visit.at.rsplit('/').next().unwrap();
    let token = visit.form("/email").get("csrf_token").unwrap().to_owned();
    (status, text.replace(id, "ID").replace(&token, "TOKEN").replace(email, "EMAIL"), headers)
}

async fn request_code(latchkey: &TestApp, client: &TestClient, email: &str) -> ((u16, String), PageVisit) {
    let browser = Browser::new(latchkey);
    let page = browser.get(&AuthorizeRequest::of(client).path()).await.expect(200);
    let response = browser.post(&page.form("/email").with("email", email)).await;
    let location = response.header("location").to_owned();
    let id = location.rsplit('/').next().unwrap().to_owned();
    let visit = browser.get(&location).await;
    ((response.status.as_u16(), location.replace(&id, "ID")), visit)
}

#[tokio::test]
async fn response_does_not_reveal_membership() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    latchkey.fixtures().account("T2").await;
    let other_account_email = format!("eve@{}", latchkey.mail_domain());
    let body = json!({ "email": other_account_email, "name": "Eve" });
    latchkey.admin_request("POST", "/v1/accounts/T2/members").await.json(&body).send().await.expect(201);
    // As long as the other addresses, so that even the lengths can be compared.
    let unknown = format!("non@{}", latchkey.mail_domain());

    let (redirect, visit) = request_code(&latchkey, &client, &ann).await;
    let member = (redirect, comparable(&visit, &ann));
    for outsider in [&other_account_email, &unknown] {
        let (redirect, visit) = request_code(&latchkey, &client, outsider).await;
        assert_eq!((redirect, comparable(&visit, outsider)), member, "{outsider}");
        assert_eq!(latchkey.inspect().codes_mailed(outsider).await, 0);
    }
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, 1);
}

/// How long a request for a code takes while SES answers after so long.
async fn response_time(latchkey: &TestApp, client: &TestClient, email: &str, ses: Duration) -> Duration {
    let (app, aws, proxy) = crate::support::fault_injection::cold_start(latchkey).await;
    proxy.inject(InjectedFault::held_back("SendRawEmail", ses));
    let state = AuthorizeState::new(app, &aws, ResponseTiming::Uniform);
    let browser = Browser::from_router(::authorize::router(Arc::new(state)));
    let page = browser.get(&AuthorizeRequest::of(client).path()).await.expect(200);
    let started = Instant::now();
    browser.post(&page.form("/email").with("email", email)).await.expect(303);
    started.elapsed()
}

#[tokio::test]
async fn response_time_does_not_reveal_membership_however_slow_ses_is() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let unknown = format!("unknown@{}", latchkey.mail_domain());
    let (none, quick, slow) = tokio::join!(
        response_time(&latchkey, &client, &unknown, Duration::ZERO),
        response_time(&latchkey, &client, &ann, Duration::ZERO),
        response_time(&latchkey, &client, &ann, Duration::from_secs(6)),
    );
    for took in [none, quick, slow] {
        // A busy machine takes some more. SES's six seconds do not show.
        assert!(
            (Duration::from_secs(2)..Duration::from_secs(5)).contains(&took),
            "{none:?} {quick:?} {slow:?}"
        );
    }
}

#[tokio::test]
async fn email_names_client_and_origin() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    Browser::new(&latchkey)
        .with_source("203.0.113.7")
        .request_email_code(&AuthorizeRequest::of(&client), &ann)
        .await
        .expect(200);
    let emails = crate::support::emails::emails_to(&latchkey.mail_domain()).await;
    let [email] = emails.as_slice() else { panic!("one email") };
    let code = latchkey.inspect().mailed_code(&ann).await;
    assert_eq!(email.subject, "Your sign-in code for Order portal", "no code where locked screens show it");
    for part in [&email.text, email.html.as_ref().unwrap()] {
        for expected in [code.as_str(), "Order portal", "id.latchkey.example", "203.0.113.7", "will ever ask"]
        {
            assert!(part.contains(expected), "{expected}: {part}");
        }
    }
}

async fn counters(latchkey: &TestApp) -> usize {
    let grants = latchkey.inspect().items(&latchkey.server.management.app.config.tables.grants).await;
    grants.iter().filter(|item| item["pk"].as_s().unwrap().starts_with("LIMIT#")).count()
}

#[tokio::test]
async fn invalid_email_address_is_a_form_error() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let browser = Browser::new(&latchkey);
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    let started = counters(&latchkey).await;
    for input in ["", "ann", "ann@", "Ann <ann@acme.example>", "a@b.example\r\nBcc: x@y.example", "<script>"]
    {
        let page = browser.submit(&page.form("/email").with("email", input)).await.expect(200);
        assert!(page.at.ends_with("?problem=address"), "a fixed code without the input: {}", page.at);
        let page = page.expect_text("Enter an e-mail address such as ann@example.com.");
        assert!(page.text().contains("role=\"alert\"") && page.text().contains("aria-invalid=\"true\""));
        assert!(page.text().contains("<title>Problem: "));
    }
    assert_eq!(counters(&latchkey).await, started, "it is counted against no limit");
}

#[tokio::test]
async fn email_rejected_by_ses_looks_sent() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    let (app, aws, proxy) = crate::support::fault_injection::cold_start(&latchkey).await;
    let router = ::authorize::router(Arc::new(AuthorizeState::new(app, &aws, ResponseTiming::Immediate)));
    proxy.inject(InjectedFault::ses_error("MessageRejected", "no"));
    let browser = Browser::from_router(router);
    let visit = browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    visit.expect_text("a code of 8 digits is on its way");
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, 0);
}
