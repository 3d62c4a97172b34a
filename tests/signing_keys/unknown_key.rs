//! A verifier of our own that meets a key it does not know reads the ring again, now and then.

use super::TestHouse;
use crate::support::aws_proxy::{AwsCall, AwsProxy, Canned};
use crate::support::emulator;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use local::server::{LocalConfig, LocalServer};
use shared::app::Endpoints;

const PATH: &str = "/v1/accounts/T00000001/clients";

/// Another instance of the same deployment, which has read the ring before.
async fn another(house: &TestHouse, proxy: &AwsProxy) -> TestHouse {
    let config = house.house.management.app.config.clone();
    let mut config_there = config.clone();
    config_there.aws.endpoints = Endpoints::at(&proxy.endpoint);
    let ground = LocalConfig {
        aws_endpoint: proxy.endpoint.clone(),
        issuer: config.issuer.clone(),
        stage: config.stage.clone(),
    };
    let other = TestHouse::around(LocalServer::build(ground, config_there).await.unwrap());
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
    let (proxy, signers) =
        (AwsProxy::start(emulator::endpoint()).await, AwsProxy::start(emulator::endpoint()).await);
    let house = TestHouse::new().await;
    let verifier = another(&house, &proxy).await;
    house.emergency("all", "leak").await;
    // It starts after the emergency, so it signs with a key that the other one has never seen.
    let signer = another(&house, &signers).await;
    let token = signer.admin().await.to_owned();
    verifier.ask("GET", PATH).bearer(&token).send().await.expect(200);
    verifier.ask("GET", PATH).bearer(&token).send().await.expect(200);
    assert_eq!(reads_of_the_ring(&proxy.take_calls()), 1);
}

#[tokio::test]
async fn invented_keys_cost_one_read_in_ten_seconds() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::new().await;
    let mut other = another(&house, &proxy).await;
    for number in 0..50 {
        other.ask("GET", PATH).bearer(&invented(number)).send().await.expect(401);
    }
    assert_eq!(reads_of_the_ring(&proxy.take_calls()), 1);
    other.advance(SignedDuration::from_secs(10));
    for number in 0..50 {
        other.ask("GET", PATH).bearer(&invented(number)).send().await.expect(401);
    }
    assert_eq!(reads_of_the_ring(&proxy.take_calls()), 1);
}

#[tokio::test]
async fn where_the_ring_cannot_be_read_again_nothing_is_decided() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::new().await;
    let other = another(&house, &proxy).await;
    proxy.can(Canned::json_error("GetSecretValue", "AccessDeniedException"));
    let answer = other.ask("GET", PATH).bearer(&invented(1)).send().await.expect(503);
    assert!(!answer.header("retry-after").is_empty());
    // Those whose key is known are served all the while.
    let token = house.admin().await.to_owned();
    other.ask("GET", PATH).bearer(&token).send().await.expect(200);
}
