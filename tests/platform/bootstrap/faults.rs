//! A bootstrap that is rejected, throttled or crashes at any of its calls: nothing that exists is overwritten,
//! nothing unreadable is treated as absent, and the next bootstrap succeeds.

use super::{EmptyDeployment, pepper};
use crate::support::app::{TestApp, ring};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, CrashPoint, InjectedFault};
use jiff::SignedDuration;
use local::server::{LocalConfig, LocalServer, config};
use std::collections::BTreeMap;

/// Longer than an abandoned attempt to create a client blocks others.
const ABANDONED: SignedDuration = SignedDuration::from_secs(61);

/// With an existing key ring, since generating keys takes long.
async fn with_key_ring(proxy: &AwsProxy) -> EmptyDeployment {
    let deployment = EmptyDeployment::new(&proxy.endpoint).await;
    deployment.create(&deployment.config.pepper_secret, Some(&pepper())).await;
    deployment.create(&deployment.config.signing_keys_secret, Some(ring())).await;
    deployment
}

async fn without_key_ring(proxy: &AwsProxy) -> EmptyDeployment {
    EmptyDeployment::new(&proxy.endpoint).await.with_stack_secrets().await
}

async fn assert_next_bootstrap_succeeds(proxy: &AwsProxy, deployment: &EmptyDeployment, when: &str) {
    proxy.clear();
    let (before, operator_secrets) = (deployment.values().await, deployment.operator_secrets().await);
    deployment.clock.set(deployment.clock.now().checked_add(ABANDONED).unwrap());
    deployment.bootstrap().await.unwrap_or_else(|error| panic!("{when}: {error}"));
    let after = deployment.values().await;
    assert_eq!(
        after.keys().copied().collect::<Vec<_>>(),
        ["operator", "pepper", "public keys", "ring"],
        "{when}"
    );
    for (what, value) in before {
        // Before the directory has a secret of the operator, no value or one that was never returned may be
        // replaced: Secrets Manager makes the first version of a secret AWSCURRENT, whatever stages it is
        // stored with.
        let unused = what == "operator" && operator_secrets == 0;
        assert!(unused || after[what] == value, "{when}: the {what} was overwritten");
    }
    assert_eq!(deployment.operator_secrets().await, 1, "{when}");
    let settled = LocalConfig { aws_endpoint: aws::endpoint().to_owned(), ..deployment.local_config.clone() };
    let latchkey = LocalServer::build(settled.clone(), config(&settled)).await.unwrap();
    let mut latchkey = TestApp::from_server(latchkey);
    latchkey.advance(SignedDuration::from_mins(17));
    assert_eq!(latchkey.sweep().await.failed, 0, "{when}");
    latchkey.inspect().assert_settled().await;
}

async fn fail_each_call(prepare: impl AsyncFn(&AwsProxy) -> EmptyDeployment, code: &str, at_least: usize) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let deployment = prepare(&proxy).await;
    proxy.take_calls();
    deployment.bootstrap().await.unwrap();
    let calls = proxy.take_calls();
    assert!(calls.len() >= at_least, "{} calls", calls.len());
    let mut failed = 0;
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for call in &calls {
        let operation: &'static str = call.operation.clone().leak();
        let before = seen.entry(operation).or_default();
        let when = format!("{operation} number {before} answers {code}");
        let deployment = prepare(&proxy).await;
        proxy.inject(InjectedFault::json_error(operation, code).after(*before));
        *before += 1;
        if let Err(error) = deployment.bootstrap().await {
            assert!(error.to_string().contains(code), "{when}: {error}");
            failed += 1;
        }
        assert_next_bootstrap_succeeds(&proxy, &deployment, &when).await;
    }
    // Once the client exists, the remaining work is left to the sweep.
    assert!(failed >= 10, "only {failed} of {} calls failed", calls.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn access_denied_at_any_call_is_an_error() {
    fail_each_call(with_key_ring, "AccessDeniedException", 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_at_any_call_is_survived() {
    fail_each_call(with_key_ring, "ThrottlingException", 20).await;
}

#[tokio::test]
async fn unreadable_key_ring_is_not_replaced() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    for code in
        ["AccessDeniedException", "DecryptionFailure", "InternalServiceError", "InvalidRequestException"]
    {
        let deployment = with_key_ring(&proxy).await;
        proxy.take_calls();
        proxy.inject(InjectedFault::json_error("GetSecretValue", code));
        deployment.bootstrap().await.unwrap_err();
        let calls = proxy.take_calls();
        assert!(calls.iter().all(|call| call.operation == "GetSecretValue"), "{code}: {calls:?}");
        proxy.clear();
    }
}

#[tokio::test]
async fn invalid_key_ring_is_an_error_and_kept() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let deployment = EmptyDeployment::new(&proxy.endpoint).await;
    deployment.create(&deployment.config.signing_keys_secret, Some("{\"active\": {}}")).await;
    let error = deployment.bootstrap().await.unwrap_err().to_string();
    assert!(error.contains("signing keys"), "{error}");
    assert_eq!(deployment.value(&deployment.config.signing_keys_secret).await.unwrap(), "{\"active\": {}}");
    assert_eq!(deployment.operator_secrets().await, 0, "no partial deployment");
}

#[tokio::test]
async fn operator_id_of_another_account_is_an_error() {
    let latchkey = TestApp::with_fixtures().await;
    let config = &latchkey.server.management.app.config;
    // As if another account had created it before the first bootstrap.
    let item = latchkey.inspect().partition("CLIENT#latchkey-operator").await;
    let mut client = item.into_iter().find(|item| item["sk"].as_s().unwrap() == "CLIENT").unwrap();
    let other = aws_sdk_dynamodb::types::AttributeValue::S("T12345678".to_owned());
    client.insert("account_id".to_owned(), other);
    let put = latchkey.server.aws.dynamodb().put_item().table_name(&config.tables.directory);
    put.set_item(Some(client)).send().await.unwrap();
    let aws = &latchkey.server.aws;
    let again = shared::app::bootstrap(&latchkey.server.management, &aws.secrets_manager(), false).await;
    assert!(again.unwrap_err().to_string().contains("another account"));
}

async fn crash_at_each_call(prepare: impl AsyncFn(&AwsProxy) -> EmptyDeployment, at_least: usize) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    for point in [CrashPoint::Before, CrashPoint::After] {
        for number in 0.. {
            let deployment = prepare(&proxy).await;
            let survived = proxy.crash_at_write(number, point, deployment.bootstrap()).await;
            if let Some(created) = survived {
                created.unwrap();
                assert!(number >= at_least, "{number} writes");
                break;
            }
            assert_next_bootstrap_succeeds(&proxy, &deployment, &format!("crash {point:?} write {number}"))
                .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn crash_at_any_call_of_operator_creation_is_recovered() {
    crash_at_each_call(with_key_ring, 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn crash_at_any_call_of_first_bootstrap_is_recovered() {
    crash_at_each_call(without_key_ring, 14).await;
}
