//! Forms that our pages did not send do nothing, on any route.

use crate::console::access::people::Person;
use crate::console::access::routes::{Needs, fields, filled_in, table};
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::page_text;
use serde_json::Value;

/// The client, and how many entries the audit trail has.
async fn state(latchkey: &TestApp, client: &TestClient) -> (Value, usize) {
    let stored = latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json();
    let trail = format!("/v1/accounts/{ACCOUNT}/audit?limit=100");
    let trail = latchkey.admin_request("GET", &trail).await.send().await.expect(200).json();
    (stored, trail["items"].as_array().unwrap().len())
}

#[tokio::test]
async fn form_of_another_site_session_or_path_does_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = Person::Administrator.browser(&latchkey).await;
    let operator = Person::Operator.browser(&latchkey).await;
    let other_session = Person::Developer.browser(&latchkey).await;
    let before = state(&latchkey, &client).await;
    for (route, _, post) in table() {
        if post == Needs::NoMethod {
            continue;
        }
        let path = filled_in(&route, &client);
        let browser = if post == Needs::Operator { &operator } else { &browser };
        let token = browser.form_token(&path);
        let own = ("sec-fetch-site", "same-origin");
        let forged = [
            ("another site", ("sec-fetch-site", "cross-site"), token.clone()),
            ("another host of the site", ("sec-fetch-site", "same-site"), token.clone()),
            ("another origin", ("origin", "https://evil.example"), token),
            ("no token", own, String::new()),
            ("a token of another session", own, other_session.form_token(&path)),
            ("a token of another path", own, browser.form_token("/console/other")),
        ];
        for (number, (case, (header, value), token)) in forged.into_iter().enumerate() {
            // A link has no session, and so no token: it is protected by what browsers say.
            if post == Needs::Nothing && header == own.0 && value == own.1 {
                continue;
            }
            let body = format!("csrf_token={token}&{}", fields(number, &client));
            let response = browser.request("POST", &path).header(header, value).form(&body).send().await;
            let text = page_text(&response.text());
            assert_eq!(response.status, 403, "{route}, {case}: {text}");
            assert!(text.contains("That was not sent from our page"), "{route}, {case}: {text}");
        }
    }
    browser.get("/console/me").await.expect(200).expect_text("My settings");
    other_session.get("/console/me").await.expect(200).expect_text("My settings");
    assert_eq!(state(&latchkey, &client).await, before);
}

#[tokio::test]
async fn form_without_a_session_says_that_it_has_ended() {
    let latchkey = TestApp::with_fixtures().await;
    let response = latchkey.request("POST", "/console/me/end-others").form("csrf_token=x").send().await;
    assert_eq!(response.expect(401).header("location"), "");
}
