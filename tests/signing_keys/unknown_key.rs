//! A verifier of our own that meets a key it does not know reads the ring again, now and then.

use super::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsCall, AwsProxy, InjectedFault};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use local::server::{LocalConfig, LocalServer};
use shared::app::Endpoints;

const PATH: &str = "/v1/accounts/T00000001/clients";

/// Another instance of the same deployment, which has read the ring before.
async fn another(latchkey: &TestApp, proxy: &AwsProxy) -> TestApp {
    let config = latchkey.server.management.app.config.clone();
    let mut config_there = config.clone();
    config_there.aws.endpoints = Endpoints::at(&proxy.endpoint);
    let ground = LocalConfig {
        aws_endpoint: proxy.endpoint.clone(),
        issuer: config.issuer.clone(),
        stage: config.stage.clone(),
    };
    let other = TestApp::from_server(LocalServer::build(ground, config_there).await.unwrap());
    other.published().await;
    proxy.take_calls();
    other
}

fn reads_of_the_ring(calls: &[AwsCall]) -> usize {
    let ring = |call: &&AwsCall| {
        call.operation == "GetSecretValue"
            && call.input["SecretId"].as_str().is_some_and(|id| id.ends_with("signing-keys"))
    };
    calls.iter().filter(ring).count()
}

fn invented(number: usize) -> String {
    let part = |json: String| URL_SAFE_NO_PAD.encode(json);
    let header = part(format!("{{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"invented-{number}\"}}"));
    format!("{header}.{}.{}", part("{}".to_owned()), part("signature".to_owned()))
}

#[tokio::test]
async fn a_token_of_a_new_key_is_accepted_at_once_everywhere() {
    let (proxy, signers) = (AwsProxy::start(aws::endpoint()).await, AwsProxy::start(aws::endpoint()).await);
    let latchkey = TestApp::new().await;
    let verifier = another(&latchkey, &proxy).await;
    latchkey.emergency("all", "leak").await;
    // It starts after the emergency, so it signs with a key that the other one has never seen.
    let signer = another(&latchkey, &signers).await;
    let token = signer.admin().await.to_owned();
    verifier.request("GET", PATH).bearer(&token).send().await.expect(200);
    verifier.request("GET", PATH).bearer(&token).send().await.expect(200);
    assert_eq!(reads_of_the_ring(&proxy.take_calls()), 1);
}

#[tokio::test]
async fn invented_keys_cost_one_read_in_ten_seconds() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::new().await;
    let mut other = another(&latchkey, &proxy).await;
    for number in 0..50 {
        other.request("GET", PATH).bearer(&invented(number)).send().await.expect(401);
    }
    assert_eq!(reads_of_the_ring(&proxy.take_calls()), 1);
    other.advance(SignedDuration::from_secs(10));
    for number in 0..50 {
        other.request("GET", PATH).bearer(&invented(number)).send().await.expect(401);
    }
    assert_eq!(reads_of_the_ring(&proxy.take_calls()), 1);
}

#[tokio::test]
async fn where_the_ring_cannot_be_read_again_nothing_is_decided() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::new().await;
    let other = another(&latchkey, &proxy).await;
    proxy.inject(InjectedFault::json_error("GetSecretValue", "AccessDeniedException"));
    let answer = other.request("GET", PATH).bearer(&invented(1)).send().await.expect(503);
    assert!(!answer.header("retry-after").is_empty());
    // Those whose key is known are served all the while.
    let token = latchkey.admin().await.to_owned();
    other.request("GET", PATH).bearer(&token).send().await.expect(200);
}
