//! Programs that run on a platform, whose token is what they authenticate with.

use super::{Site, folder, node, offered, python, shell};
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::FakeInternet;
use crate::support::http_server::loopback_listener;
use serde_json::json;

#[tokio::test]
async fn programs_of_a_workload_get_a_token_with_the_one_of_their_platform() {
    let internet = FakeInternet::start().await;
    let (listener, issuer) = loopback_listener().await;
    let site = Site::with(listener, issuer, |config| config.internet = internet.internet()).await;
    let browser = site.latchkey.administrator_in_console().await;
    let key = TestKey::new("RS256").named("k1");
    internet.publish_issuer("issuer.example.com", &key.jwks());
    let identity =
        json!({ "issuer": "https://issuer.example.com", "subject": "job", "audience": site.issuer });
    let body = json!({ "token_endpoint_auth_method": "private_key_jwt", "federated_identities": [identity] });
    let (id, _) = site.client(body).await;
    for language in ["curl", "python", "node"] {
        let (text, folder) =
            (offered(&browser, &id, language).await, folder(&format!("workload-{language}")));
        let now = site.latchkey.now().as_second();
        let token = key.assert(&json!({
            "iss": "https://issuer.example.com", "sub": "job", "aud": site.issuer, "iat": now, "exp": now + 300,
        }));
        let file = folder.join("platform-token");
        std::fs::write(&file, &token).unwrap();
        let command = match language {
            "curl" => Some(shell(&text)),
            "python" => Some(python(&folder, &text)),
            _ => node(&text, "workload_program"),
        };
        let Some(mut command) = command else { continue };
        command.env("WORKLOAD_TOKEN", &token).env("WORKLOAD_TOKEN_FILE", &file);
        site.check(language, command, &id).await;
    }
}
