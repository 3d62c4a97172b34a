//! Codes, verifiers and refresh tokens: used, misused and misplaced.

use crate::security::secrecy::Marked;
use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::TestResponse;
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::code_flow::{Tokens, VERIFIER, code_form, refresh_form, said_by};
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::oauth::refresh_token::RefreshToken;

fn mark(marked: &mut Marked, tokens: &Tokens) {
    marked.add("a refresh token", &tokens.refresh);
    let parsed = RefreshToken::parse(&tokens.refresh).unwrap();
    marked.add("the handle of a family", parsed.handle());
    marked.add("the secret of a refresh token", parsed.secret());
    marked.add("an access token's signature", tokens.access.rsplit('.').next().unwrap());
}

/// Everything that a code and its tokens go through. Returns what was answered where something was wrong.
async fn live_through(latchkey: &mut TestApp, app: &TestClient, marked: &mut Marked) -> Vec<TestResponse> {
    let (code, spare) = (latchkey.code(app).await, latchkey.code(app).await);
    marked.add("a code", &code);
    marked.add("another code", &spare);
    let first = Tokens::of(&latchkey.redeem(app, &code).await.expect(200));
    let second = Tokens::of(&latchkey.refresh(app, &first.refresh, "").await.expect(200));
    latchkey.refresh(app, &first.refresh, "").await.expect(200);
    mark(marked, &first);
    mark(marked, &second);
    let checker = latchkey.client().await;
    for token in [&first.refresh, &second.refresh, &second.access, &spare] {
        latchkey.introspect(&checker, token).await;
    }

    let (token, secret) = (&second.refresh, &checker.client_secret);
    marked.add("the checker's secret", secret);
    let (redemption, refresh) = (code_form(&spare, VERIFIER), refresh_form(token));
    let ask = |form: &str| said_by(latchkey.request("POST", "/oauth/token"), app, form);
    let plain = |form: &str| latchkey.request("POST", "/oauth/token").form(form);
    let bad = vec![
        ask(&redemption.replace(VERIFIER, &format!("{VERIFIER}0"))),
        ask(&format!("{redemption}&resource={token}")),
        ask(&format!("{redemption}&code={spare}")),
        ask(&redemption.replace("callback", token)),
        ask(&format!("{refresh}&scope={token}")),
        ask(&format!("{refresh}&scope={spare}")),
        ask(&format!("{refresh}&resource={spare}")),
        ask(&refresh_form(&spare)),
        ask(&code_form(token, VERIFIER)),
        ask(&format!("grant_type={token}")),
        plain(&format!("{refresh}&client_id={token}")),
        plain(&format!("{refresh}&client_id={token}&client_secret={token}")),
        plain(&format!("{refresh}&client_id={}&client_secret={token}", checker.client_id)),
        latchkey.request("POST", "/oauth/token").basic(token, token).form(&refresh),
        latchkey.request("POST", "/oauth/token").bearer(token).form(&refresh),
        latchkey.request("POST", &format!("/oauth/token?{refresh}")).form(&refresh),
        latchkey
            .request("POST", &format!("/oauth/token?code={spare}&code_verifier={VERIFIER}"))
            .form(&redemption),
        latchkey
            .request("POST", "/oauth/token")
            .json(&json!({ "grant_type": "refresh_token", "refresh_token": [token] })),
        latchkey.request("POST", "/oauth/introspect").form(&format!("token={token}&client_id={token}")),
        latchkey.request("GET", &format!("/v1/accounts/{token}")).bearer(token),
    ];
    let mut errors = Vec::new();
    for ask in bad {
        let answer = ask.send().await;
        assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.text());
        errors.push(answer);
    }
    latchkey.advance(SignedDuration::from_secs(31));
    errors.push(latchkey.redeem(app, &code).await.expect(400));
    errors.push(latchkey.refresh(app, &first.refresh, "").await.expect(400));
    let form = format!("token={}", second.refresh);
    said_by(latchkey.request("POST", "/oauth/revoke"), app, &form).send().await.expect(200);
    errors
}

#[tokio::test]
async fn no_code_verifier_or_refresh_token_is_in_any_log_error_or_table() {
    let log = CapturedLog::default();
    let listening = log.listen();
    let mut latchkey = TestApp::with_members().await;
    let mut marked = Marked::default();
    marked.add("the verifier", VERIFIER);
    let mut errors = Vec::new();
    for app in [latchkey.app().await, latchkey.public_app().await] {
        errors.extend(live_through(&mut latchkey, &app, &mut marked).await);
    }
    drop(listening);
    let log = log.text();
    for reported in ["token issued", "code_replayed", "token revoked", "token introspected"] {
        assert!(log.contains(reported), "{reported} was not logged");
    }
    marked.assert_absent("the log", &log);
    for error in &errors {
        marked.assert_absent("an error", &error.text());
    }
    assert!(!latchkey.grants("FAMILY#").await.is_empty() && !latchkey.grants("CODE#").await.is_empty());
    marked.assert_in_no_table(&latchkey).await;
}
