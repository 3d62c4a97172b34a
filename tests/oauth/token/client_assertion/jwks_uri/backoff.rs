//! A host that fails is left alone, for longer each time, by all instances together.

use crate::oauth::token::client_assertion::jwks_uri::{HOST, PublishedKeys};
use crate::oauth::token::client_assertion::new_claims;
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fake_internet::TlsListener;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fault_injection::{FAULTS, cold_start, fault};
use crate::support::http::TestRequest;
use axum::Router;
use jiff::SignedDuration;

/// An instance of the token function that has just started, with nothing in memory.
async fn instance(published: &PublishedKeys) -> (Router, AwsProxy) {
    let (app, _, proxy) = cold_start(&published.latchkey).await;
    (token::router(app), proxy)
}

/// The status of an authentication at an instance.
async fn authenticate_at(published: &PublishedKeys, router: &Router, key: &TestKey) -> u16 {
    let form = form(&key.assert(&new_claims(&published.latchkey, &published.client)));
    let request = TestRequest::new(router.clone(), "POST", "/oauth/token").form(&form);
    request.send().await.status.as_u16()
}

#[tokio::test]
async fn pauses_grow_to_five_minutes_for_all_instances_together() {
    let key = TestKey::new("ES256").named("k");
    let mut published = PublishedKeys::unpublished().await;
    published.internet.set_listener(HOST, TlsListener::Closed);
    published.request(&key).await.expect(401);
    for (attempt, pause) in [30, 60, 120, 240, 300, 300].into_iter().enumerate() {
        let instances = [instance(&published).await, instance(&published).await];
        published.latchkey.advance(SignedDuration::from_secs(pause - 1));
        for (router, _proxy) in &instances {
            assert_eq!(authenticate_at(&published, router, &key).await, 401);
        }
        assert_eq!(published.internet.connections(), attempt + 1, "before the pause of {pause} s is over");
        published.latchkey.advance(SignedDuration::from_secs(1));
        for (router, _proxy) in &instances {
            assert_eq!(authenticate_at(&published, router, &key).await, 401);
        }
        assert_eq!(published.internet.connections(), attempt + 2, "one instance tries again");
    }
    published.internet.set_listener(HOST, TlsListener::Open);
    published.publish(&key.jwks());
    published.latchkey.advance(SignedDuration::from_mins(5));
    let (router, _proxy) = instance(&published).await;
    assert_eq!(authenticate_at(&published, &router, &key).await, 200);
    assert_eq!(published.latchkey.inspect().grants("FETCH#").await.len(), 0, "a success ends it");
}

#[tokio::test]
async fn host_that_works_costs_one_read_and_no_write_for_each_fetch() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::new(&key.jwks()).await;
    let (router, proxy) = instance(&published).await;
    assert_eq!(authenticate_at(&published, &router, &key).await, 200);
    let calls = proxy.take_calls();
    let of_failures = |call: &&crate::support::fault_injection::aws_proxy::AwsCall| {
        call.input.to_string().contains("FETCH#")
    };
    let of_failures: Vec<_> = calls.iter().filter(of_failures).map(|call| call.operation.as_str()).collect();
    assert_eq!(of_failures, ["GetItem"]);
    assert_eq!(authenticate_at(&published, &router, &key).await, 200);
    assert!(proxy.take_calls().iter().all(|call| !call.input.to_string().contains("FETCH#")));
}

#[tokio::test]
async fn keys_are_fetched_although_failures_cannot_be_shared() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::new(&key.jwks()).await;
    for name in FAULTS {
        let (router, proxy) = instance(&published).await;
        // The first item that is read is the account.
        proxy.inject(fault(name, "GetItem").after(1));
        assert_eq!(authenticate_at(&published, &router, &key).await, 200, "{name}");
    }
}
