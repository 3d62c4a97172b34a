//! Secrets in the log.

use crate::oauth::idp::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, CODE, HOST, IdpFixture, oauth_error};
use crate::support::log_capture::CapturedLog;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

#[tokio::test]
async fn secrets_are_never_logged() {
    let fixture = IdpFixture::new().await;
    fixture.internet.publish(HOST, "/userinfo", &json!({ "sub": "ann", "email": "ann@acme.example" }));
    // The client secret is read from Secrets Manager before the log is captured: what the SDK logs is not under test.
    fixture.sign_in(|_| {}).await.unwrap();
    let log = CapturedLog::default();
    let log_guard = log.listen();
    tracing::info!("the log is captured");
    let started = fixture.start_sign_in().await;
    let claims = fixture.claims(&started);
    let mut without_email = claims.clone();
    without_email["email"] = Value::Null;
    let mut output = Vec::new();
    let mut id_tokens = Vec::new();
    for claims in [claims, without_email, json!({ "iss": "another", "nonce": started.nonce })] {
        let id_token = fixture.key.assert(&claims);
        fixture.exchange_for(&id_token);
        output.push(format!("{:?}", fixture.callback(&started).await));
        id_tokens.push(id_token);
    }
    for (status, code) in [(400, "invalid_grant"), (400, CODE), (500, "server_error")] {
        fixture.internet.respond_with(HOST, "/token", oauth_error(status, code));
        output.push(format!("{:?}", fixture.callback(&started).await));
    }
    output.push(format!("{:?}", started.redirect));
    drop(log_guard);
    output.push(log.text());
    let output = output.concat();
    assert!(output.contains("the log is captured"));
    let stored = serde_json::to_value(&started.redirect.pending).unwrap();
    let basic = STANDARD.encode(format!("{CLIENT_ID}:pr0vider%27s%2Bs3cret"));
    let secrets = [CLIENT_SECRET, "pr0vider%27s", &basic, CODE, ACCESS_TOKEN, "s3cret"];
    let secrets = secrets
        .into_iter()
        .chain([stored["nonce"].as_str().unwrap(), stored["pkce_verifier"].as_str().unwrap()]);
    for secret in secrets.chain(id_tokens.iter().map(String::as_str)) {
        assert!(!output.contains(secret), "{secret} is logged");
    }
}
