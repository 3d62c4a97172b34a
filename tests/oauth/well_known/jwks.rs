use crate::support::app::TestApp;
use std::collections::BTreeSet;

#[tokio::test]
async fn all_public_keys_are_published() {
    let latchkey = TestApp::new().await;
    let response = latchkey.request("GET", "/.well-known/jwks.json").send().await.expect(200);
    let jwks = response.json();
    let keys = jwks["keys"].as_array().unwrap();
    let kids: BTreeSet<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!((keys.len(), kids.len()), (4, 4), "the next and the active key of both algorithms");
    for key in keys {
        let names: BTreeSet<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = match key["alg"].as_str().unwrap() {
            "RS256" => ["alg", "e", "kid", "kty", "n", "use"].into(),
            "ES256" => BTreeSet::from(["alg", "crv", "kid", "kty", "use", "x", "y"]),
            other => panic!("unexpected algorithm {other}"),
        };
        assert_eq!(names, expected);
        assert_eq!(key["use"], "sig");
    }
    assert_eq!(response.header("cache-control"), "public, max-age=300");
}
