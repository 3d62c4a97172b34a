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
                json!(["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]),
                "{endpoint}"
            );
        }
        assert_eq!(metadata["response_types_supported"], json!(["code"]));
        assert_eq!(metadata["response_modes_supported"], json!(["query"]));
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
        assert_eq!(response.header("cache-control"), "public, max-age=300");
        assert_eq!(response.header("access-control-allow-origin"), "*");
    }
}
