//! Many first starts at once agree on one ring, one pepper and one operator.

use crate::bootstrap::{EmptyDeployment, client_secret};
use crate::support::app::{TestApp, ring};
use crate::support::aws;
use local::server::LocalServer;
use std::collections::BTreeSet;
use std::sync::Arc;

const MANY: usize = 8;

async fn all_at_once(bare: EmptyDeployment) -> EmptyDeployment {
    let bare = Arc::new(bare);
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..MANY {
        let bare = Arc::clone(&bare);
        starts.spawn(async move {
            // What each of them works with from then on.
            let management = bare.cold();
            let made = shared::app::bootstrap(&management, &bare.aws.secrets_manager(), false).await;
            let made = made.unwrap_or_else(|fault| panic!("{fault}"));
            let now = management.app.clock.now();
            let jwks = management.app.key_ring(now).await.unwrap().jwks().to_owned();
            let peppers = management.app.peppers(now).await.unwrap();
            (made.secret_name, jwks, *peppers.sealing_key())
        });
    }
    let seen: BTreeSet<_> = starts.join_all().await.into_iter().collect();
    assert_eq!(seen.len(), 1, "they do not agree");
    Arc::into_inner(bare).unwrap()
}

async fn is_furnished(bare: EmptyDeployment) {
    let values = bare.values().await;
    assert_eq!(values.keys().copied().collect::<Vec<_>>(), ["operator", "pepper", "ring"]);
    assert_eq!(bare.operator_secrets().await, 1);
    for name in [&bare.config.signing_keys_secret, &bare.config.pepper_secret] {
        assert_eq!(bare.odd_labels(name).await, Vec::<String>::new(), "{name}");
    }
    let latchkey =
        TestApp::from_server(LocalServer::build(bare.ground.clone(), bare.config.clone()).await.unwrap());
    latchkey.assert_settled().await;
    latchkey.token("latchkey-operator", &client_secret(&values["operator"]), "").await.expect(200);
    assert!(bare.values().await == values, "a later start changed something");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_nothing() {
    is_furnished(all_at_once(EmptyDeployment::new(aws::endpoint()).await).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_stack_has_made_a_pepper_and_an_empty_secret_for_the_ring() {
    let bare = EmptyDeployment::new(aws::endpoint()).await.with_secrets_of_the_stack().await;
    is_furnished(all_at_once(bare).await).await;
}

#[tokio::test]
async fn a_ring_that_is_there_stays_to_the_letter() {
    let bare = EmptyDeployment::new(aws::endpoint()).await;
    bare.create(&bare.config.signing_keys_secret, Some(ring())).await;
    bare.bootstrap().await.unwrap();
    assert!(bare.value(&bare.config.signing_keys_secret).await.unwrap() == ring(), "the ring was changed");
}

#[tokio::test]
async fn an_operator_whose_secrets_have_all_ended_gets_a_new_one() {
    let bare = EmptyDeployment::new(aws::endpoint()).await;
    bare.create(&bare.config.signing_keys_secret, Some(ring())).await;
    bare.bootstrap().await.unwrap();
    let first = client_secret(&bare.values().await["operator"]);
    bare.clock.set("2035-01-31T12:00:00Z".parse().unwrap());
    bare.bootstrap().await.unwrap();
    let second = client_secret(&bare.values().await["operator"]);
    assert!(first != second, "it has the same secret still");
    assert_eq!(bare.operator_secrets().await, 1);
}
