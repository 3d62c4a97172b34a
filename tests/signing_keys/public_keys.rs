//! The public keys are a secret of their own, for the functions that only verify. They follow the key ring.

use super::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use jiff::Timestamp;
use local::server::REMIND_OPERATOR;
use serde_json::{Value, json};
use shared::adapters::signing::KeyRingDocument;
use shared::app::{App, Clock, ManagementState, bootstrap};
use std::collections::BTreeSet;
use std::sync::Arc;

impl TestApp {
    async fn public_keys(&self) -> Value {
        let name = &self.server.management.app.config.verification_keys_secret;
        let read = self.server.aws.secrets_manager().get_secret_value().secret_id(name).send().await.unwrap();
        serde_json::from_str(read.secret_string().unwrap()).unwrap()
    }

    /// The key ids among the stored public keys.
    pub async fn public_key_ids(&self) -> BTreeSet<String> {
        let keys = self.public_keys().await["keys"].as_array().unwrap().clone();
        keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    async fn assert_in_step(&self, when: &str) {
        assert_eq!(self.public_key_ids().await, self.observed_keys().await.all, "{when}");
        let stored = self.public_keys().await;
        assert_eq!(stored["ring_version"], self.ring_version().await, "{when}");
        let published = stored["published"].as_array().unwrap();
        let kids: BTreeSet<_> = published.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect();
        assert_eq!(
            (kids, published.len()),
            (self.public_key_ids().await, stored["keys"].as_array().unwrap().len())
        );
        for key in published {
            let known = if key["position"] == "previous" { "kept_until" } else { "published_at" };
            assert!(key[known].is_string(), "{when}: {key}");
        }
    }
}

#[tokio::test]
async fn public_keys_follow_the_ring_and_have_nothing_private() {
    let latchkey = TestApp::new().await;
    latchkey.assert_in_step("bootstrap").await;
    latchkey.rotate().await;
    latchkey.assert_in_step("rotation").await;
    for leaked in ["next", "active", "previous", "all"] {
        latchkey.replace_compromised(leaked, leaked).await;
        latchkey.assert_in_step(leaked).await;
    }
    for key in latchkey.public_keys().await["keys"].as_array().unwrap() {
        let members: BTreeSet<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        let rsa = BTreeSet::from(["alg", "e", "kid", "kty", "n", "use"]);
        let p256 = BTreeSet::from(["alg", "crv", "kid", "kty", "use", "x", "y"]);
        assert!(members == rsa || members == p256, "{members:?}");
    }
}

#[tokio::test]
async fn management_api_reads_no_private_key() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    let token = latchkey.admin().await.to_owned();
    let config = latchkey.server.management.app.config.clone();
    // As in a new instance of the function, which has read nothing yet.
    let app = Arc::new(App::new(config, &latchkey.server.aws, Clock::System));
    let state = ManagementState::new(app, &latchkey.server.aws);
    proxy.take_calls();
    state.warm_up().await.unwrap();
    let instance = TestApp::with_router(latchkey.server, clients::router(Arc::new(state)));
    instance.request("GET", "/v1/accounts").bearer(&token).send().await.expect(200);
    let read: Vec<_> =
        proxy.take_calls().into_iter().filter(|call| call.operation == "GetSecretValue").collect();
    let names: BTreeSet<_> = read.iter().map(|call| call.input["SecretId"].as_str().unwrap()).collect();
    assert!(names.iter().any(|name| name.ends_with("/verification-keys")), "{names:?}");
    assert!(!names.iter().any(|name| name.ends_with("/signing-keys")), "{names:?}");
}

#[tokio::test]
async fn every_secret_of_the_deployment_is_read_by_its_current_label() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.admin().await;
    let read = proxy.take_calls().into_iter().filter(|call| call.operation == "GetSecretValue");
    let mut seen = 0;
    for call in read.filter(|call| !call.input["SecretId"].as_str().unwrap().contains("/clients/")) {
        assert_eq!(
            (&call.input["VersionStage"], &call.input["VersionId"]),
            (&json!("AWSCURRENT"), &Value::Null)
        );
        seen += 1;
    }
    assert!(seen >= 3, "{seen}");
}

#[tokio::test]
async fn bootstrap_catches_up_with_a_version_that_did_not_publish() {
    let latchkey = TestApp::new().await;
    let current = latchkey.ring_version().await;
    let ring = KeyRingDocument::generate(Timestamp::now()).unwrap().to_json().unwrap();
    assert!(latchkey.keys().replace(Some(&current), &ring).await.unwrap());
    assert_ne!(latchkey.public_key_ids().await, latchkey.observed_keys().await.all);
    let (management, aws) = (&latchkey.server.management, &latchkey.server.aws);
    bootstrap(management, &aws.secrets_manager(), REMIND_OPERATOR).await.unwrap();
    latchkey.assert_in_step("bootstrap").await;
}

#[tokio::test]
async fn emergency_that_could_not_publish_publishes_when_it_is_repeated() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    let event = json!({ "emergency": "all", "id": "leak" });
    let before = latchkey.ring_version().await;
    // The second value that is stored is that of the public keys.
    proxy.inject(InjectedFault::json_error("PutSecretValue", "AccessDeniedException").after(1));
    latchkey.server.rotator.emergency(event.clone()).await.unwrap_err();
    proxy.clear();
    assert_ne!(latchkey.ring_version().await, before, "the leaked keys are revoked whatever happens then");
    latchkey.server.rotator.emergency(event).await.unwrap();
    latchkey.assert_in_step("repeated").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_emergencies_leave_the_keys_of_the_last_ring() {
    let latchkey = Arc::new(TestApp::new().await);
    let mut events = tokio::task::JoinSet::new();
    for number in 0..4 {
        let latchkey = Arc::clone(&latchkey);
        events.spawn(async move {
            let event = json!({ "emergency": "next", "id": format!("leak-{number}") });
            latchkey.server.rotator.emergency(event).await.unwrap();
        });
    }
    events.join_all().await;
    latchkey.assert_in_step("concurrent").await;
}
