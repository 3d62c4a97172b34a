//! A token verifier that meets an unknown key id reads the public keys again, at a limited rate.

use super::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsCall, AwsProxy, InjectedFault};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use local::server::{LocalConfig, LocalServer};
use shared::app::Endpoints;

const PATH: &str = "/v1/accounts/T00000001/clients";

/// Another instance of the same deployment that has the keys in its cache.
async fn other_instance(latchkey: &TestApp, proxy: &AwsProxy) -> TestApp {
    let config = latchkey.server.management.app.config.clone();
    let mut other_config = config.clone();
    other_config.aws.endpoints = Endpoints::at(&proxy.endpoint);
    let local_config = LocalConfig {
        aws_endpoint: proxy.endpoint.clone(),
        issuer: config.issuer.clone(),
        stage: config.stage.clone(),
    };
    let other = TestApp::from_server(LocalServer::build(local_config, other_config).await.unwrap());
    let token = other.admin().await.to_owned();
    other.request("GET", PATH).bearer(&token).send().await.expect(200);
    proxy.take_calls();
    other
}

fn key_reads(calls: &[AwsCall]) -> usize {
    let keys = |call: &&AwsCall| {
        call.operation == "GetSecretValue"
            && call.input["SecretId"].as_str().is_some_and(|id| id.ends_with("verification-keys"))
    };
    calls.iter().filter(keys).count()
}

fn token_of_unknown_key(number: usize) -> String {
    let part = |json: String| URL_SAFE_NO_PAD.encode(json);
    let header = part(format!("{{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"invented-{number}\"}}"));
    format!("{header}.{}.{}", part("{}".to_owned()), part("signature".to_owned()))
}

#[tokio::test]
async fn token_of_new_key_is_accepted_at_once_everywhere() {
    let (proxy, signers) = (AwsProxy::start(aws::endpoint()).await, AwsProxy::start(aws::endpoint()).await);
    let latchkey = TestApp::new().await;
    let verifier = other_instance(&latchkey, &proxy).await;
    latchkey.replace_compromised("all", "leak").await;
    // It starts after the compromise, so it signs with a key that the other instance has never seen.
    let signer = other_instance(&latchkey, &signers).await;
    let token = signer.admin().await.to_owned();
    verifier.request("GET", PATH).bearer(&token).send().await.expect(200);
    verifier.request("GET", PATH).bearer(&token).send().await.expect(200);
    assert_eq!(key_reads(&proxy.take_calls()), 1);
}

#[tokio::test]
async fn unknown_key_ids_cause_one_read_per_10_seconds() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::new().await;
    let mut other = other_instance(&latchkey, &proxy).await;
    for number in 0..50 {
        other.request("GET", PATH).bearer(&token_of_unknown_key(number)).send().await.expect(401);
    }
    assert_eq!(key_reads(&proxy.take_calls()), 1);
    other.advance(SignedDuration::from_secs(10));
    for number in 0..50 {
        other.request("GET", PATH).bearer(&token_of_unknown_key(number)).send().await.expect(401);
    }
    assert_eq!(key_reads(&proxy.take_calls()), 1);
}

#[tokio::test]
async fn unreadable_keys_give_no_decision() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::new().await;
    let other = other_instance(&latchkey, &proxy).await;
    proxy.inject(InjectedFault::json_error("GetSecretValue", "AccessDeniedException"));
    let response = other.request("GET", PATH).bearer(&token_of_unknown_key(1)).send().await.expect(503);
    assert!(!response.header("retry-after").is_empty());
    // Tokens of known keys are accepted throughout.
    let token = latchkey.admin().await.to_owned();
    other.request("GET", PATH).bearer(&token).send().await.expect(200);
}
