//! Forms that our pages did not send, and the headers of every page.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;

#[tokio::test]
async fn form_of_another_site_or_with_another_token_does_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get("/console/me").await.expect(200);
    let form = visit.form("/console/sign-out");
    let request = || browser.request("POST", "/console/sign-out");
    for (case, request) in [
        ("another site", request().header("sec-fetch-site", "cross-site").form(&form.body())),
        ("another origin", request().header("origin", "https://evil.example").form(&form.body())),
        ("no token", request().form("")),
        ("another token", request().form(&form.clone().with("csrf_token", &"0".repeat(64)).body())),
        (
            "a token of another form",
            request().form(
                &visit
                    .form("/console/sign-out")
                    .with(
                        "csrf_token",
                        visit
                            .forms()
                            .iter()
                            .find(|form| form.action != "/console/sign-out")
                            .map_or("x", |form| form.get("csrf_token").unwrap()),
                    )
                    .body(),
            ),
        ),
    ] {
        let response = request.send().await;
        assert_eq!(response.status, 403, "{case}");
    }
    browser.get("/console/me").await.expect(200).expect_text("My sessions");
}

#[tokio::test]
async fn form_without_a_session_says_that_it_has_ended() {
    let latchkey = TestApp::with_fixtures().await;
    let response = latchkey.request("POST", "/console/me/end-others").form("csrf_token=x").send().await;
    assert_eq!(response.expect(401).header("location"), "");
}

#[tokio::test]
async fn no_page_is_stored_framed_or_runs_other_scripts() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    for path in [
        "/console/me".to_owned(),
        format!("/console/accounts/{ACCOUNT}/clients"),
        format!("/console/accounts/{ACCOUNT}/clients/{}", client.client_id),
        format!("/console/accounts/{ACCOUNT}/nothing"),
    ] {
        let response = browser.get(&path).await.response;
        let policy = response.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{path}: {policy}");
        assert!(policy.contains("script-src 'sha256-") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(policy.contains("form-action 'self'; frame-ancestors 'none'; base-uri 'none'"), "{policy}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("referrer-policy", "same-origin"),
        ] {
            assert_eq!(response.header(name), value, "{path}: {name}");
        }
        assert!(response.text().len() < 60_000, "{path}: {} bytes", response.text().len());
    }
}
