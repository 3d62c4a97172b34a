//! What is never written down.

use crate::oauth::idp::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, CODE, HOST, SigningIn, oauth_error};
use crate::support::log_capture::CapturedLog;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

#[tokio::test]
async fn no_secret_code_token_or_nonce_is_logged_whatever_comes_of_it() {
    let signing_in = SigningIn::new().await;
    signing_in.outside.publish(HOST, "/userinfo", &json!({ "sub": "ann", "email": "ann@acme.example" }));
    // The client secret is read from Secrets Manager before anybody listens to what its SDK has to say.
    signing_in.sign_in(|_| {}).await.unwrap().unwrap();
    let log = CapturedLog::default();
    let listening = log.listen();
    tracing::info!("somebody listens");
    let traveller = signing_in.set_out().await;
    let claims = signing_in.claims(&traveller);
    let mut silent = claims.clone();
    silent["email"] = Value::Null;
    let mut notified = Vec::new();
    let mut id_tokens = Vec::new();
    for claims in [claims, silent, json!({ "iss": "another", "nonce": traveller.nonce })] {
        let id_token = signing_in.key.assert(&claims);
        signing_in.exchange_for(&id_token);
        notified.push(format!("{:?}", signing_in.arrive(&traveller).await));
        id_tokens.push(id_token);
    }
    for (status, code) in [(400, "invalid_grant"), (400, CODE), (500, "server_error")] {
        signing_in.outside.respond_with(HOST, "/token", oauth_error(status, code));
        notified.push(format!("{:?}", signing_in.arrive(&traveller).await));
    }
    notified.push(format!("{:?}", traveller.departure));
    drop(listening);
    notified.push(log.text());
    let notified = notified.concat();
    assert!(notified.contains("somebody listens"));
    let kept = serde_json::to_value(&traveller.departure.pending).unwrap();
    let basic = STANDARD.encode(format!("{CLIENT_ID}:pr0vider%27s%2Bs3cret"));
    let secrets = [CLIENT_SECRET, "pr0vider%27s", &basic, CODE, ACCESS_TOKEN, "s3cret"];
    let secrets =
        secrets.into_iter().chain([kept["nonce"].as_str().unwrap(), kept["pkce_verifier"].as_str().unwrap()]);
    for secret in secrets.chain(id_tokens.iter().map(String::as_str)) {
        assert!(!notified.contains(secret), "{secret} was told");
    }
}
