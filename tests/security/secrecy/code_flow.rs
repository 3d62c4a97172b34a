//! Codes, verifiers and refresh tokens: used, misused and sent in the wrong place.

use crate::security::secrecy::KnownSecrets;
use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::TestResponse;
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::code_flow::{Tokens, VERIFIER, code_form, refresh_form, with_client_auth};
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::oauth::refresh_token::RefreshToken;

fn add_tokens(known_secrets: &mut KnownSecrets, tokens: &Tokens) {
    known_secrets.add("a refresh token", &tokens.refresh);
    let parsed = RefreshToken::parse(&tokens.refresh).unwrap();
    known_secrets.add("the handle of a family", parsed.handle());
    known_secrets.add("the secret of a refresh token", parsed.secret());
    known_secrets.add("an access token's signature", tokens.access.rsplit('.').next().unwrap());
}

/// Runs a code and its tokens through all valid and invalid uses. Returns the error responses.
async fn run_lifecycle(
    latchkey: &mut TestApp,
    app: &TestClient,
    known_secrets: &mut KnownSecrets,
) -> Vec<TestResponse> {
    let (code, spare) = (latchkey.fixtures().code(app).await, latchkey.fixtures().code(app).await);
    known_secrets.add("a code", &code);
    known_secrets.add("another code", &spare);
    let first = Tokens::of(&latchkey.redeem(app, &code).await.expect(200));
    let second = Tokens::of(&latchkey.refresh(app, &first.refresh, "").await.expect(200));
    latchkey.refresh(app, &first.refresh, "").await.expect(200);
    add_tokens(known_secrets, &first);
    add_tokens(known_secrets, &second);
    let checker = latchkey.fixtures().client().await;
    for token in [&first.refresh, &second.refresh, &second.access, &spare] {
        latchkey.introspect(&checker, token).await;
    }

    let (token, secret) = (&second.refresh, &checker.client_secret);
    known_secrets.add("the checker's secret", secret);
    let (redemption, refresh) = (code_form(&spare, VERIFIER), refresh_form(token));
    let request = |form: &str| with_client_auth(latchkey.request("POST", "/oauth/token"), app, form);
    let plain = |form: &str| latchkey.request("POST", "/oauth/token").form(form);
    let bad = vec![
        request(&redemption.replace(VERIFIER, &format!("{VERIFIER}0"))),
        request(&format!("{redemption}&resource={token}")),
        request(&format!("{redemption}&code={spare}")),
        request(&redemption.replace("callback", token)),
        request(&format!("{refresh}&scope={token}")),
        request(&format!("{refresh}&scope={spare}")),
        request(&format!("{refresh}&resource={spare}")),
        request(&refresh_form(&spare)),
        request(&code_form(token, VERIFIER)),
        request(&format!("grant_type={token}")),
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
    for request in bad {
        let response = request.send().await;
        assert!(response.status.is_client_error(), "{}: {}", response.status, response.text());
        errors.push(response);
    }
    latchkey.advance(SignedDuration::from_secs(31));
    errors.push(latchkey.redeem(app, &code).await.expect(400));
    errors.push(latchkey.refresh(app, &first.refresh, "").await.expect(400));
    let form = format!("token={}", second.refresh);
    with_client_auth(latchkey.request("POST", "/oauth/revoke"), app, &form).send().await.expect(200);
    errors
}

#[tokio::test]
async fn no_code_flow_secret_is_in_logs_errors_or_tables() {
    let log = CapturedLog::default();
    let guard = log.listen();
    let mut latchkey = TestApp::with_members().await;
    let mut known_secrets = KnownSecrets::default();
    known_secrets.add("the verifier", VERIFIER);
    let mut errors = Vec::new();
    for app in [latchkey.fixtures().code_flow_client().await, latchkey.fixtures().public_client().await] {
        errors.extend(run_lifecycle(&mut latchkey, &app, &mut known_secrets).await);
    }
    drop(guard);
    let log = log.text();
    for reported in ["token issued", "code_replayed", "token revoked", "token introspected"] {
        assert!(log.contains(reported), "{reported} was not logged");
    }
    known_secrets.assert_absent("the log", &log);
    for error in &errors {
        known_secrets.assert_absent("an error", &error.text());
    }
    assert!(
        !latchkey.inspect().grants("FAMILY#").await.is_empty()
            && !latchkey.inspect().grants("CODE#").await.is_empty()
    );
    known_secrets.assert_in_no_table(&latchkey).await;
}
