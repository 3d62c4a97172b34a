//! Validation of authorization requests: errors are shown, with a link to the client unless the client or its redirect URI
//! is invalid (RFC 6749 §4.1.2.1). No request redirects to a client before a person has signed in (RFC 9700 §4.11.2).

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, PageVisit, page_text};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK, CHALLENGE};
use serde_json::json;

async fn visit(latchkey: &TestApp, request: &AuthorizeRequest) -> PageVisit {
    Browser::new(latchkey).get(&request.path()).await
}

#[tokio::test]
async fn invalid_request_is_a_page_with_a_link_to_the_client() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let good = || AuthorizeRequest::of(&client);
    let long = "x".repeat(4_097);
    let table = [
        (good().without("response_type"), "invalid_request"),
        (good().with("response_type", ""), "invalid_request"),
        (good().with("response_type", "token"), "unsupported_response_type"),
        (good().with("response_type", "code id_token"), "unsupported_response_type"),
        (good().with("response_mode", "fragment"), "invalid_request"),
        (good().with("response_mode", "form_post"), "invalid_request"),
        (good().without("code_challenge"), "invalid_request"),
        (good().with("code_challenge", &CHALLENGE[1..]), "invalid_request"),
        (good().with("code_challenge", &format!("{CHALLENGE}=")), "invalid_request"),
        (good().without("code_challenge_method"), "invalid_request"),
        (good().with("code_challenge_method", "plain"), "invalid_request"),
        (good().with("code_challenge_method", "s256"), "invalid_request"),
        (good().and("code_challenge", CHALLENGE), "invalid_request"),
        (good().and("response_type", "code"), "invalid_request"),
        (good().and("scope", "orders:read").and("scope", "orders:read"), "invalid_request"),
        (good().with("scope", "orders:delete"), "invalid_scope"),
        (good().with("scope", "orders:read\torders:write"), "invalid_scope"),
        (good().with("scope", "openid orders:delete"), "invalid_scope"),
        (good().with("scope", "orders:read\u{e9}"), "invalid_scope"),
        (good().with("resource", "https://other.example"), "invalid_target"),
        (good().with("resource", "latchkey"), "invalid_target"),
        (good().with("resource", &format!("{ISSUER}/v1")), "invalid_target"),
        (good().and("resource", "backoffice_api").and("resource", "backoffice_api"), "invalid_target"),
        (good().and("resource", "backoffice_api").and("audience", "other"), "invalid_target"),
        (good().with("prompt", "none"), "login_required"),
        (good().with("prompt", "login none"), "login_required"),
        (good().and("prompt", "login").and("prompt", "none"), "invalid_request"),
        (good().with("request", "e30.e30."), "request_not_supported"),
        (good().with("request_uri", "https://app.example.com/r"), "request_uri_not_supported"),
    ];
    for (request, error) in table {
        let page = visit(&latchkey, &request).await;
        let (redirect_uri, params) = page.rejection_link();
        let case = request.path();
        assert!(page.contains_text("Go back to app.example.com"), "{case}");
        assert_eq!(page.response.headers.get("set-cookie"), None, "{case}");
        assert_eq!((redirect_uri.as_str(), params["error"].as_str()), (CALLBACK, error), "{case}");
        assert_eq!((params["iss"].as_str(), params["state"].as_str()), (ISSUER, "s t&te"), "{case}");
        assert!(!params["error_description"].is_empty() && !params.contains_key("code"), "{case}");
    }
    for (request, what) in [
        (good().with("state", &long), "a state that cannot be kept"),
        (good().with("state", &"!".repeat(2_049)), "a state that is too long for the redirect"),
        (good().and("state", "another"), "two states"),
        (good().without("state").without("code_challenge"), "no state"),
    ] {
        let params = visit(&latchkey, &request).await.rejection_link().1;
        assert_eq!((params["error"].as_str(), params.get("state")), ("invalid_request", None), "{what}");
    }
    let not_text = format!("{}&scope=%ff", good().path());
    let params = Browser::new(&latchkey).get(&not_text).await.rejection_link().1;
    assert_eq!((params["error"].as_str(), params["state"].as_str()), ("invalid_request", "s t&te"));
}

#[tokio::test]
async fn client_without_grant_or_permission_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let client =
        latchkey.fixtures().sign_in_client_with(&json!({ "grant_types": ["client_credentials"] })).await;
    let params = visit(&latchkey, &AuthorizeRequest::of(&client)).await.rejection_link().1;
    assert_eq!(params["error"], "unauthorized_client");
    let bare = latchkey.fixtures().sign_in_client_with(&json!({ "permissions": [] })).await;
    assert_eq!(
        visit(&latchkey, &AuthorizeRequest::of(&bare)).await.rejection_link().1["error"],
        "invalid_target"
    );
}

#[tokio::test]
async fn no_sign_in_method_is_temporarily_unavailable() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = Browser::from_router(latchkey.pages(|config| config.mail = None));
    let params = browser
        .get(&AuthorizeRequest::of(&latchkey.fixtures().sign_in_client().await).path())
        .await
        .rejection_link()
        .1;
    assert_eq!(params["error"], "temporarily_unavailable");
}

#[tokio::test]
async fn valid_requests_start_a_sign_in() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let good = || AuthorizeRequest::of(&client);
    for request in [
        good(),
        good().without("redirect_uri"),
        good().with("redirect_uri", ""),
        good().without("state"),
        good().with("state", &"x".repeat(4_096)),
        good().with("state", &"!".repeat(2_048)),
        good().with("response_mode", "query"),
        good().with("scope", "orders:write orders:read"),
        good().with("scope", ""),
        good().with("scope", "  orders:read   orders:write "),
        good().with("scope", "openid profile email offline_access"),
        good().with("resource", "https://api.example.com/").and("audience", "https://api.example.com"),
        good().with("resource", "backoffice_api"),
        good().with("audience", "https://api.example.com"),
        good().with("redirect_uri", &format!("{CALLBACK}?tenant=1")),
        good().and("prompt", "login consent").and("nonce", "n").and("<x>", "\"'"),
        good().and("max_age", "0").and("display", "popup").and("ui_locales", "de fr").and("acr_values", "1"),
        good().and("id_token_hint", "e30.e30.").and("claims", "{}").and("login_hint", "no address"),
    ] {
        visit(&latchkey, &request).await.expect(200).expect_text("Order portal");
    }
}

#[tokio::test]
async fn login_hint_fills_the_address_in() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let address = async |request: AuthorizeRequest| {
        let page = visit(&latchkey, &request).await.expect(200);
        page.form("/email").get("email").unwrap().to_owned()
    };
    let good = || AuthorizeRequest::of(&client);
    assert_eq!(address(good().with("login_hint", "ann@acme.example")).await, "ann@acme.example");
    assert_eq!(address(good()).await, "");
    assert_eq!(address(good().with("login_hint", "\"><script>")).await, "");
}

/// The error is shown on a page, and nothing is redirected.
#[track_caller]
fn assert_not_redirected(visit: &PageVisit, error: &str, case: &str) {
    assert_eq!((visit.response.status.as_u16(), visit.response.header("location")), (400, ""), "{case}");
    assert!(
        visit.contains_text("This link does not work") && visit.contains_text("Go back to it and try again"),
        "{case}"
    );
    assert!(
        visit.contains_text(&format!("For developers: {error}, ")),
        "{case}: {}",
        page_text(&visit.text())
    );
    assert_eq!(visit.response.headers.get("set-cookie"), None, "{case}");
}

#[tokio::test]
async fn invalid_client_or_redirect_uri_does_not_redirect() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let two = latchkey
        .fixtures()
        .sign_in_client_with(&json!({ "redirect_uris": [CALLBACK, "https://app.example.com/other"] }))
        .await;
    let good = || AuthorizeRequest::of(&client);
    for request in [
        good().without("client_id"),
        good().with("client_id", ""),
        good().with("client_id", "a b"),
        good().with("client_id", &client.client_secret),
        good().and("client_id", &client.client_id),
        good().and("redirect_uri", CALLBACK),
        good().with("redirect_uri", "https://evil.example/callback"),
        good().with("redirect_uri", "https://app.example.com/callback/../other"),
        good().with("redirect_uri", "javascript:alert(1)"),
        good().with("redirect_uri", "/callback"),
        good().with("redirect_uri", &format!("{CALLBACK}#f")),
        good().with("redirect_uri", &format!("{CALLBACK}?code=x")),
        AuthorizeRequest::of(&two).without("redirect_uri"),
        good().without("redirect_uri").with("client_id", &two.client_id),
    ] {
        let visit = visit(&latchkey, &request).await;
        assert_not_redirected(&visit, "invalid_request", &request.path());
    }
}

#[tokio::test]
async fn unknown_and_disabled_clients_get_the_same_page() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (disabled, suspended) =
        (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().sign_in_client().await);
    latchkey.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    let unknown = TestClient { client_id: "unknown".to_owned(), ..disabled.clone() };
    let mut pages = Vec::new();
    for client in [&unknown, &disabled] {
        let visit = visit(&latchkey, &AuthorizeRequest::of(client)).await;
        assert_not_redirected(&visit, "unauthorized_client", &client.client_id);
        pages.push(visit.response.dump());
    }
    let path = format!("/v1/accounts/{ACCOUNT}");
    let body = json!({ "status": "disabled" });
    latchkey.admin_request("PATCH", &path).await.json(&body).send().await.expect(200);
    latchkey.advance(jiff::SignedDuration::from_secs(61));
    pages.push(visit(&latchkey, &AuthorizeRequest::of(&suspended)).await.response.dump());
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().sign_in_client().await;
    let path = AuthorizeRequest::of(&client).path();
    let id = "a".repeat(22);
    for (path, allowed) in [
        (path, "GET"),
        ("/oauth/callback?code=a&state=b".to_owned(), "GET"),
        (format!("/oauth/authorize/{id}"), "GET, HEAD"),
    ] {
        for method in ["POST", "PUT", "DELETE"] {
            let response = latchkey.request(method, &path).form("").send().await.expect(405);
            assert_eq!(response.header("allow"), allowed, "{method} {path}");
        }
    }
    for step in ["email", "code", "upstream", "consent"] {
        let response =
            latchkey.request("GET", &format!("/oauth/authorize/{id}/{step}")).send().await.expect(405);
        assert_eq!(response.header("allow"), "POST");
    }
}
