use crate::support::app::{ISSUER, TestApp};
use serde_json::json;

#[tokio::test]
async fn both_well_known_paths_describe_the_issuer() {
    let latchkey = TestApp::new().await;
    for path in ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"] {
        let response = latchkey.request("GET", path).send().await.expect(200);
        let metadata = response.json();
        assert_eq!(metadata["issuer"], ISSUER);
        assert_eq!(metadata["token_endpoint"], format!("{ISSUER}/oauth/token"));
        assert_eq!(metadata["jwks_uri"], format!("{ISSUER}/.well-known/jwks.json"));
        assert_eq!(metadata["authorization_endpoint"], format!("{ISSUER}/oauth/authorize"));
        let grants = ["authorization_code", "client_credentials", "refresh_token"];
        assert_eq!(metadata["grant_types_supported"], json!(grants));
        assert_eq!(metadata["introspection_endpoint"], format!("{ISSUER}/oauth/introspect"));
        assert_eq!(metadata["revocation_endpoint"], format!("{ISSUER}/oauth/revoke"));
        let proving = json!(["client_secret_basic", "client_secret_post", "private_key_jwt"]);
        let all = json!(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]);
        for (endpoint, methods) in [("token", &all), ("introspection", &proving), ("revocation", &all)] {
            assert_eq!(
                &metadata[format!("{endpoint}_endpoint_auth_methods_supported")],
                methods,
                "{endpoint}"
            );
            assert_eq!(
                metadata[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")],
                json!([
                    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
                    "Ed25519"
                ]),
                "{endpoint}"
            );
        }
        assert_eq!(metadata["response_types_supported"], json!(["code"]));
        assert_eq!(metadata["response_modes_supported"], json!(["query"]));
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
        assert_eq!(response.header("cache-control"), "public, max-age=300");
        assert_eq!(response.header("access-control-allow-origin"), "*");
        for promise in ["id_token", "userinfo", "claims"] {
            assert!(!response.text().contains(promise), "there are no ID tokens: {}", response.text());
        }
    }
}

#[tokio::test]
async fn supported_scopes_are_those_of_every_account() {
    let latchkey = TestApp::with_fixtures().await;
    let scopes =
        json!([{ "name": "openid" }, { "name": "files:read" }, { "name": "files:all", "restricted": true }]);
    let open = json!({ "resource_id": "files", "audience": "https://files.example.com", "scopes": scopes });
    latchkey.fixtures().resource(&open).await;
    let entitled = json!({
        "resource_id": "secret", "audience": "https://secret.example.com", "scopes": [{ "name": "secret:read" }],
        "account_access": "entitled",
    });
    latchkey.fixtures().resource(&entitled).await;
    let metadata = latchkey.request("GET", "/.well-known/oauth-authorization-server").send().await.json();
    assert_eq!(metadata["scopes_supported"], json!(["files:read", "orders:read", "orders:write"]));
}
