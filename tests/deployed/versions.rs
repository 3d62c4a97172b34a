//! The versions of the functions behind the API, and the alias that API Gateway invokes.

use crate::deployed::report;
use crate::deployed::stack::{Stack, Version};
use crate::support::fixtures::TestClient;
use crate::support::http_server::TestServer;
use serde_json::json;
use std::collections::BTreeSet;

/// The functions that API Gateway invokes.
const BEHIND_THE_API: [&str; 3] = ["token", "authorize", "clients"];

/// The version behind each alias.
async fn live_versions(stack: &Stack) -> Vec<String> {
    let mut versions = Vec::new();
    for name in BEHIND_THE_API {
        versions.push(stack.live_version(name).await);
    }
    versions
}

/// Whether a token that is issued now is in the log, which it is from `info` on.
async fn logs_tokens(stack: &Stack, served: &TestServer, client: &TestClient) -> bool {
    let issued = async || stack.log("token").await.matches("token issued").count();
    let before = issued().await;
    served.latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    issued().await > before
}

/// Deploys the same code with another level of the log: the SAM transform alone would publish no version.
pub async fn assert_parameter_reaches_the_api(
    stack: &Stack,
    served: &TestServer,
    client: &TestClient,
    parameters: &[(&str, &str)],
) {
    let before = live_versions(stack).await;
    assert!(logs_tokens(stack, served, client).await);
    let code = stack.code("token").await;
    stack.deploy(Version::Current, "another parameter alone", parameters);
    assert_eq!(stack.code("token").await, code);
    for (name, before) in BEHIND_THE_API.iter().zip(&before) {
        assert_ne!(stack.live_version(name).await, *before, "{name} has no new version");
        assert_eq!(stack.live_log_level(name).await, "error");
    }
    assert!(!logs_tokens(stack, served, client).await, "the API runs the version before");
    report("a parameter alone published versions, and the API runs them");
}

/// Goes back to the version before at once, as an operator does after a bad release, and forward again.
pub async fn assert_alias_goes_back(stack: &Stack, served: &TestServer, client: &TestClient) {
    let newest: u32 = stack.live_version("token").await.parse().unwrap();
    stack.move_alias("token", &(newest - 1).to_string()).await;
    assert!(logs_tokens(stack, served, client).await, "the version before logs tokens");
    stack.move_alias("token", &newest.to_string()).await;
    assert!(!logs_tokens(stack, served, client).await);
    report("the alias went back to the version before, and forward again");
}

/// The ids of the published keys.
async fn published_keys(served: &TestServer) -> BTreeSet<String> {
    let keys = served.latchkey.request("GET", "/.well-known/jwks.json").send().await.expect(200).json();
    keys["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// A leaked key is published for five minutes more, unless the functions are restarted.
pub async fn assert_restart_ends_caching(stack: &Stack, served: &TestServer) {
    let before = published_keys(served).await;
    let emergency = json!({ "emergency": "active", "id": "drill-of-a-restart" });
    assert_eq!(stack.invoke("rotate-keys", &emergency).await, "leaked_keys_dropped");
    for name in BEHIND_THE_API {
        stack.restart(name).await;
    }
    let after = published_keys(served).await;
    assert!(before.difference(&after).count() >= 2, "{before:?} {after:?}");
    report("a leaked key was published no more once the functions were restarted");
}
