//! What a client may ask, and who hears that it may not: the client, or, where it cannot be told, the person.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, Visit, plain};
use crate::support::sign_in::{AuthorizeRequest, CALLBACK, CHALLENGE};
use serde_json::json;

async fn visit(latchkey: &TestApp, asking: &AuthorizeRequest) -> Visit {
    Browser::new(latchkey).get(&asking.path()).await
}

#[tokio::test]
async fn a_bad_request_of_a_good_client_goes_back_to_it_with_the_code_of_the_rfc() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.authorize_state().await;
    let good = || AuthorizeRequest::of(&client);
    let long = "x".repeat(2_049);
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
        (good().with("scope", "orders:read  orders:write"), "invalid_scope"),
        (good().with("scope", "orders:read\u{e9}"), "invalid_scope"),
        (good().with("resource", "https://other.example"), "invalid_target"),
        (good().with("resource", "latchkey"), "invalid_target"),
        (good().with("resource", &format!("{ISSUER}/v1")), "invalid_target"),
        (good().and("resource", "backoffice_api").and("resource", "backoffice_api"), "invalid_target"),
        (good().and("resource", "backoffice_api").and("audience", "other"), "invalid_target"),
        (good().with("request", "e30.e30."), "request_not_supported"),
        (good().with("request_uri", "https://app.example.com/r"), "request_uri_not_supported"),
    ];
    for (asking, error) in table {
        let (place, reported) = visit(&latchkey, &asking).await.sent_to();
        let case = asking.path();
        assert_eq!((place.as_str(), reported["error"].as_str()), (CALLBACK, error), "{case}");
        assert_eq!((reported["iss"].as_str(), reported["state"].as_str()), (ISSUER, "s t&te"), "{case}");
        assert!(!reported["error_description"].is_empty() && !reported.contains_key("code"), "{case}");
    }
    for (asking, what) in [
        (good().with("state", &long), "a state that cannot be kept"),
        (good().and("state", "another"), "two states"),
        (good().without("state").without("code_challenge"), "no state"),
    ] {
        let reported = visit(&latchkey, &asking).await.sent_to().1;
        assert_eq!((reported["error"].as_str(), reported.get("state")), ("invalid_request", None), "{what}");
    }
    let not_text = format!("{}&scope=%ff", good().path());
    let reported = Browser::new(&latchkey).get(&not_text).await.sent_to().1;
    assert_eq!((reported["error"].as_str(), reported["state"].as_str()), ("invalid_request", "s t&te"));
}

#[tokio::test]
async fn a_client_that_may_not_use_the_flow_hears_so() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.authorize_state_with(&json!({ "grant_types": ["client_credentials"] })).await;
    let reported = visit(&latchkey, &AuthorizeRequest::of(&client)).await.sent_to().1;
    assert_eq!(reported["error"], "unauthorized_client");
    let bare = latchkey.authorize_state_with(&json!({ "permissions": [] })).await;
    assert_eq!(visit(&latchkey, &AuthorizeRequest::of(&bare)).await.sent_to().1["error"], "invalid_target");
}

#[tokio::test]
async fn without_any_way_to_sign_in_the_client_hears_that_it_is_unavailable() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = Browser::of(latchkey.pages(|config| config.mail = None));
    let reported =
        browser.get(&AuthorizeRequest::of(&latchkey.authorize_state().await).path()).await.sent_to().1;
    assert_eq!(reported["error"], "temporarily_unavailable");
}

#[tokio::test]
async fn good_requests_in_all_their_forms_begin_a_sign_in() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.authorize_state().await;
    let good = || AuthorizeRequest::of(&client);
    for asking in [
        good(),
        good().without("redirect_uri"),
        good().with("redirect_uri", ""),
        good().without("state"),
        good().with("state", &"x".repeat(2_048)),
        good().with("response_mode", "query"),
        good().with("scope", "orders:write orders:read"),
        good().with("scope", ""),
        good().with("resource", "backoffice_api"),
        good().with("audience", "https://api.example.com"),
        good().with("redirect_uri", &format!("{CALLBACK}?tenant=1")),
        good().and("prompt", "login").and("prompt", "none").and("nonce", "n").and("<x>", "\"'"),
    ] {
        visit(&latchkey, &asking).await.expect(200).expect_saying("Order desk");
    }
}

/// Neither the client nor what it is told is known: nothing is sent anywhere.
#[track_caller]
fn assert_stays(visit: &Visit, error: &str, case: &str) {
    assert_eq!((visit.answer.status.as_u16(), visit.answer.header("location")), (400, ""), "{case}");
    assert!(visit.says("This link does not work") && visit.says("Go back to it and try again"), "{case}");
    assert!(visit.says(&format!("For developers: {error}, ")), "{case}: {}", plain(&visit.text()));
    assert_eq!(visit.answer.headers.get("set-cookie"), None, "{case}");
}

#[tokio::test]
async fn a_bad_client_or_redirect_uri_redirects_nobody() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.authorize_state().await;
    let two = latchkey
        .authorize_state_with(&json!({ "redirect_uris": [CALLBACK, "https://app.example.com/other"] }))
        .await;
    let good = || AuthorizeRequest::of(&client);
    for asking in [
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
        let visit = visit(&latchkey, &asking).await;
        assert_stays(&visit, "invalid_request", &asking.path());
    }
}

#[tokio::test]
async fn unknown_disabled_and_suspended_clients_are_one_page() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (disabled, suspended) = (latchkey.authorize_state().await, latchkey.authorize_state().await);
    latchkey.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    let unknown = TestClient { client_id: "nobody".to_owned(), ..disabled.clone() };
    let mut pages = Vec::new();
    for client in [&unknown, &disabled] {
        let visit = visit(&latchkey, &AuthorizeRequest::of(client)).await;
        assert_stays(&visit, "unauthorized_client", &client.client_id);
        pages.push(visit.answer.dump());
    }
    let path = format!("/v1/accounts/{ACCOUNT}");
    let body = json!({ "status": "disabled" });
    latchkey.admin_request("PATCH", &path).await.json(&body).send().await.expect(200);
    latchkey.advance(jiff::SignedDuration::from_secs(61));
    pages.push(visit(&latchkey, &AuthorizeRequest::of(&suspended)).await.answer.dump());
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
}

#[tokio::test]
async fn what_is_no_get_is_told_so() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.authorize_state().await;
    let path = AuthorizeRequest::of(&client).path();
    for method in ["POST", "PUT", "DELETE"] {
        let answer = latchkey.request(method, &path).form("").send().await.expect(405);
        assert_eq!(answer.header("allow"), "GET, HEAD");
    }
    let id = "a".repeat(22);
    for step in ["email", "code", "upstream", "consent"] {
        let answer =
            latchkey.request("GET", &format!("/oauth/authorize/{id}/{step}")).send().await.expect(405);
        assert_eq!(answer.header("allow"), "POST");
    }
}
