//! Many concurrent bootstraps agree on one key ring, one pepper and one operator.

use crate::platform::bootstrap::{EmptyDeployment, client_secret};
use crate::support::app::{TestApp, ring};
use crate::support::aws;
use local::server::LocalServer;
use std::collections::BTreeSet;
use std::sync::Arc;

const INSTANCES: usize = 8;

async fn bootstrap_concurrently(deployment: EmptyDeployment) -> EmptyDeployment {
    let deployment = Arc::new(deployment);
    let mut bootstraps = tokio::task::JoinSet::new();
    for _ in 0..INSTANCES {
        let deployment = Arc::clone(&deployment);
        bootstraps.spawn(async move {
            // The values that each of them uses from then on.
            let management = deployment.cold_start();
            let created = shared::app::bootstrap(&management, &deployment.aws.secrets_manager(), false).await;
            let created = created.unwrap_or_else(|error| panic!("{error}"));
            let now = management.app.clock.now();
            let jwks = management.app.key_ring(now).await.unwrap().jwks().to_owned();
            let peppers = management.app.peppers(now).await.unwrap();
            (created.secret_name, jwks, *peppers.sealing_key())
        });
    }
    let outcomes: BTreeSet<_> = bootstraps.join_all().await.into_iter().collect();
    assert_eq!(outcomes.len(), 1, "the instances do not agree");
    Arc::into_inner(deployment).unwrap()
}

async fn assert_bootstrapped(deployment: EmptyDeployment) {
    let values = deployment.values().await;
    assert_eq!(values.keys().copied().collect::<Vec<_>>(), ["operator", "pepper", "public keys", "ring"]);
    assert_eq!(deployment.operator_secrets().await, 1);
    let config = &deployment.config;
    for name in [&config.signing_keys_secret, &config.verification_keys_secret, &config.pepper_secret] {
        assert_eq!(deployment.custom_stages(name).await, Vec::<String>::new(), "{name}");
    }
    let latchkey = TestApp::from_server(
        LocalServer::build(deployment.local_config.clone(), deployment.config.clone()).await.unwrap(),
    );
    latchkey.inspect().assert_settled().await;
    latchkey.token("latchkey-operator", &client_secret(&values["operator"]), "").await.expect(200);
    assert!(deployment.values().await == values, "a later bootstrap changed a value");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_bootstraps_of_empty_deployment_agree() {
    assert_bootstrapped(bootstrap_concurrently(EmptyDeployment::new(aws::endpoint()).await).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_bootstraps_after_stack_creation_agree() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await.with_stack_secrets().await;
    assert_bootstrapped(bootstrap_concurrently(deployment).await).await;
}

#[tokio::test]
async fn existing_key_ring_is_kept_byte_for_byte() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await;
    deployment.create(&deployment.config.signing_keys_secret, Some(ring())).await;
    deployment.bootstrap().await.unwrap();
    assert!(
        deployment.value(&deployment.config.signing_keys_secret).await.unwrap() == ring(),
        "the ring was changed"
    );
}

#[tokio::test]
async fn operator_without_live_secret_gets_new_one() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await;
    deployment.create(&deployment.config.signing_keys_secret, Some(ring())).await;
    deployment.bootstrap().await.unwrap();
    let first = client_secret(&deployment.values().await["operator"]);
    deployment.clock.set("2035-01-31T12:00:00Z".parse().unwrap());
    deployment.bootstrap().await.unwrap();
    let second = client_secret(&deployment.values().await["operator"]);
    assert!(first != second, "the secret is unchanged");
    assert_eq!(deployment.operator_secrets().await, 1);
}
