//! Rejected requests that leave the code valid, and the replay, which revokes its tokens (RFC 6749 §4.1.2).

use crate::support::app::TestApp;
use crate::support::sign_in::code_flow::{
    CodeRequest, Tokens, VERIFIER, WRONG_VERIFIER, assert_error, code_form,
};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn rejected_requests_neither_redeem_nor_revoke() {
    let latchkey = TestApp::with_members().await;
    let (app, other) =
        (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().code_flow_client().await);
    let code = latchkey.fixtures().code(&app).await;
    let good = code_form(&code, VERIFIER);
    let elsewhere = good.replace("callback", "callback2");
    let without_uri = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let wrong = [
        ("another client", &other, good.clone(), "invalid_grant"),
        ("another verifier", &app, code_form(&code, WRONG_VERIFIER), "invalid_grant"),
        ("a verifier that is none", &app, code_form(&code, "short"), "invalid_grant"),
        ("no verifier", &app, good.replace("code_verifier", "verifier"), "invalid_request"),
        ("another redirect_uri", &app, elsewhere, "invalid_grant"),
        ("a longer redirect_uri", &app, good.replace("callback", "callback%2F"), "invalid_grant"),
        ("no redirect_uri", &app, without_uri, "invalid_grant"),
        ("another resource", &app, format!("{good}&resource=latchkey"), "invalid_target"),
        ("two resources", &app, format!("{good}&resource=a&audience=b"), "invalid_target"),
        ("an unknown code", &app, code_form(&"x".repeat(43), VERIFIER), "invalid_grant"),
        (
            "no code at all",
            &app,
            format!("grant_type=authorization_code&code_verifier={VERIFIER}"),
            "invalid_request",
        ),
    ];
    let mut bodies = std::collections::BTreeSet::new();
    for (name, client, form, error) in &wrong {
        let response = latchkey.client_token_request(client, form).send().await;
        assert_error(&response, error, name);
        if *error == "invalid_grant" {
            bodies.insert(response.text());
        }
    }
    assert_eq!(bodies.len(), 1, "every invalid_grant is the same: {bodies:?}");
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));

    // Nor after the redemption: only its own client with its own verifier is a replay.
    for (name, client, form, _) in wrong.iter().filter(|(name, ..)| *name != "another resource") {
        latchkey.client_token_request(client, form).send().await.expect(400);
        assert!(latchkey.is_active(&app, &tokens.access).await, "{name}");
    }
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
}

#[tokio::test]
async fn code_replay_revokes_issued_tokens() {
    let mut latchkey = TestApp::with_members().await;
    for later in [0, 61, 3_599] {
        let app = latchkey.fixtures().code_flow_client().await;
        let code = latchkey.fixtures().code(&app).await;
        let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
        let newer = Tokens::of(&latchkey.refresh(&app, &tokens.refresh, "").await.expect(200));
        latchkey.advance(SignedDuration::from_secs(later));
        assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "a replay");
        for token in [&tokens.access, &newer.access, &tokens.refresh, &newer.refresh] {
            assert!(!latchkey.is_active(&app, token).await, "after {later} s");
        }
        assert_error(&latchkey.refresh(&app, &newer.refresh, "").await, "invalid_grant", "a refresh");
    }
}

#[tokio::test]
async fn code_expires_after_a_minute() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let start = latchkey.now();
    let (early, late) = (latchkey.fixtures().code(&app).await, latchkey.fixtures().code(&app).await);
    latchkey.set_time(start.checked_add(SignedDuration::from_secs(59)).unwrap());
    latchkey.redeem(&app, &early).await.expect(200);
    latchkey.set_time(start.checked_add(SignedDuration::from_secs(70)).unwrap());
    assert_error(&latchkey.redeem(&app, &late).await, "invalid_grant", "too late");
}

#[tokio::test]
async fn client_without_the_grant_type_is_unauthorized() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    latchkey.patch(&app.path(), &json!({ "grant_types": ["client_credentials"] })).await.expect(200);
    assert_error(&latchkey.redeem(&app, &code).await, "unauthorized_client", "taken");
    latchkey.patch(&app.path(), &json!({ "grant_types": ["authorization_code"] })).await.expect(200);
    latchkey.redeem(&app, &code).await.expect(200);
}

#[tokio::test]
async fn omitted_redirect_uri_need_not_be_repeated() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let unnamed = CodeRequest { redirect_uri: None, ..CodeRequest::default() };
    let code = latchkey.fixtures().code_with(&app, &unnamed).await;
    let plain = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    latchkey.client_token_request(&app, &plain).send().await.expect(200);
    // A client may send its only redirect URI all the same.
    let code = latchkey.fixtures().code_with(&app, &unnamed).await;
    latchkey.redeem(&app, &code).await.expect(200);
}
