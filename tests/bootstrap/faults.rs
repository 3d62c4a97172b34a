//! A first start that is refused, throttled or killed at any of its calls: nothing that is there is
//! overwritten, nothing is taken for absent that only could not be read, and the next start succeeds.

use super::{EmptyDeployment, pepper};
use crate::support::app::{TestApp, ring};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, CrashPoint, InjectedFault};
use jiff::SignedDuration;
use local::server::{LocalConfig, LocalServer, config};
use std::collections::BTreeMap;

/// Longer than an abandoned attempt to make a client keeps others away.
const ABANDONED: SignedDuration = SignedDuration::from_secs(61);

/// With a ring that is there, since making keys takes long.
async fn with_ring(proxy: &AwsProxy) -> EmptyDeployment {
    let bare = EmptyDeployment::new(&proxy.endpoint).await;
    bare.create(&bare.config.pepper_secret, Some(&pepper())).await;
    bare.create(&bare.config.signing_keys_secret, Some(ring())).await;
    bare
}

async fn without_ring(proxy: &AwsProxy) -> EmptyDeployment {
    EmptyDeployment::new(&proxy.endpoint).await.with_secrets_of_the_stack().await
}

async fn later_start_succeeds(proxy: &AwsProxy, bare: &EmptyDeployment, when: &str) {
    proxy.clear();
    let (before, operator_secrets) = (bare.values().await, bare.operator_secrets().await);
    bare.clock.set(bare.clock.now().checked_add(ABANDONED).unwrap());
    bare.bootstrap().await.unwrap_or_else(|fault| panic!("{when}: {fault}"));
    let after = bare.values().await;
    assert_eq!(after.keys().copied().collect::<Vec<_>>(), ["operator", "pepper", "ring"], "{when}");
    for (what, value) in before {
        // Before the directory has a secret of the operator, the value is none or one that nobody was given: Secrets
        // Manager makes the first version of a secret AWSCURRENT, whatever stages it is stored with.
        let unused = what == "operator" && operator_secrets == 0;
        assert!(unused || after[what] == value, "{when}: the {what} was overwritten");
    }
    assert_eq!(bare.operator_secrets().await, 1, "{when}");
    let settled = LocalConfig { aws_endpoint: aws::endpoint().to_owned(), ..bare.ground.clone() };
    let latchkey = LocalServer::build(settled.clone(), config(&settled)).await.unwrap();
    let mut latchkey = TestApp::from_server(latchkey);
    latchkey.advance(SignedDuration::from_mins(17));
    assert_eq!(latchkey.sweep().await.failed, 0, "{when}");
    latchkey.assert_settled().await;
}

async fn each_call_refused(prepare: impl AsyncFn(&AwsProxy) -> EmptyDeployment, code: &str, at_least: usize) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let bare = prepare(&proxy).await;
    proxy.take_calls();
    bare.bootstrap().await.unwrap();
    let calls = proxy.take_calls();
    assert!(calls.len() >= at_least, "{} calls", calls.len());
    let mut faults = 0;
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for call in &calls {
        let operation: &'static str = call.operation.clone().leak();
        let before = seen.entry(operation).or_default();
        let when = format!("{operation} number {before} answers {code}");
        let bare = prepare(&proxy).await;
        proxy.inject(InjectedFault::json_error(operation, code).after(*before));
        *before += 1;
        if let Err(fault) = bare.bootstrap().await {
            assert!(fault.to_string().contains(code), "{when}: {fault}");
            faults += 1;
        }
        later_start_succeeds(&proxy, &bare, &when).await;
    }
    // Once the client is there, what remains to be done is left to the sweep.
    assert!(faults >= 10, "only {faults} of {} were felt", calls.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn access_denied_at_any_call_is_a_fault_and_never_an_absence() {
    each_call_refused(with_ring, "AccessDeniedException", 15).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn throttled_at_any_call() {
    each_call_refused(with_ring, "ThrottlingException", 15).await;
}

#[tokio::test]
async fn keys_that_cannot_be_read_are_not_made_again() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    for code in
        ["AccessDeniedException", "DecryptionFailure", "InternalServiceError", "InvalidRequestException"]
    {
        let bare = with_ring(&proxy).await;
        proxy.take_calls();
        proxy.inject(InjectedFault::json_error("GetSecretValue", code));
        bare.bootstrap().await.unwrap_err();
        let calls = proxy.take_calls();
        assert!(calls.iter().all(|call| call.operation == "GetSecretValue"), "{code}: {calls:?}");
        proxy.clear();
    }
}

#[tokio::test]
async fn keys_that_cannot_be_used_are_a_fault_and_stay() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let bare = EmptyDeployment::new(&proxy.endpoint).await;
    bare.create(&bare.config.signing_keys_secret, Some("{\"active\": {}}")).await;
    let fault = bare.bootstrap().await.unwrap_err().to_string();
    assert!(fault.contains("signing keys"), "{fault}");
    assert_eq!(bare.value(&bare.config.signing_keys_secret).await.unwrap(), "{\"active\": {}}");
    assert_eq!(bare.operator_secrets().await, 0, "half a deployment");
}

#[tokio::test]
async fn an_operator_id_that_is_somebody_elses_is_a_fault() {
    let latchkey = TestApp::with_fixtures().await;
    let config = &latchkey.server.management.app.config;
    // As though another account had taken it before the first start.
    let item = latchkey.partition("CLIENT#latchkey-operator").await;
    let mut client = item.into_iter().find(|item| item["sk"].as_s().unwrap() == "CLIENT").unwrap();
    let other = aws_sdk_dynamodb::types::AttributeValue::S("T12345678".to_owned());
    client.insert("account_id".to_owned(), other);
    let put = latchkey.server.aws.dynamodb().put_item().table_name(&config.tables.directory);
    put.set_item(Some(client)).send().await.unwrap();
    let aws = &latchkey.server.aws;
    let again = shared::app::bootstrap(&latchkey.server.management, &aws.secrets_manager(), false).await;
    assert!(again.unwrap_err().to_string().contains("another account"));
}

async fn killed_at_each_call(prepare: impl AsyncFn(&AwsProxy) -> EmptyDeployment, at_least: usize) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    for moment in [CrashPoint::Before, CrashPoint::After] {
        for number in 0.. {
            let bare = prepare(&proxy).await;
            let survived = proxy.crash(number, moment, bare.bootstrap()).await;
            if let Some(made) = survived {
                made.unwrap();
                assert!(number >= at_least, "{number} calls");
                break;
            }
            later_start_succeeds(&proxy, &bare, &format!("killed {moment:?} call {number}")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_call_while_it_makes_the_operator() {
    killed_at_each_call(with_ring, 15).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_call_while_it_makes_everything() {
    killed_at_each_call(without_ring, 19).await;
}
