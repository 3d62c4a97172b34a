use crate::support::house::{ISSUER, TestHouse};
use serde_json::json;

#[tokio::test]
async fn both_well_known_paths_describe_the_issuer() {
    let house = TestHouse::new().await;
    for path in ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"] {
        let answer = house.ask("GET", path).send().await.expect(200);
        let metadata = answer.json();
        assert_eq!(metadata["issuer"], ISSUER);
        assert_eq!(metadata["token_endpoint"], format!("{ISSUER}/oauth/token"));
        assert_eq!(metadata["jwks_uri"], format!("{ISSUER}/.well-known/jwks.json"));
        assert_eq!(metadata["grant_types_supported"], json!(["client_credentials"]));
        assert_eq!(metadata["introspection_endpoint"], format!("{ISSUER}/oauth/introspect"));
        assert_eq!(metadata["revocation_endpoint"], format!("{ISSUER}/oauth/revoke"));
        for endpoint in ["token", "introspection", "revocation"] {
            assert_eq!(
                metadata[format!("{endpoint}_endpoint_auth_methods_supported")],
                json!(["client_secret_basic", "client_secret_post"]),
                "{endpoint}"
            );
        }
        assert_eq!(metadata["response_types_supported"], json!([]));
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}
