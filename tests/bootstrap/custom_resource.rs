//! The custom resource that CloudFormation asks. It is answered whatever happens.

use super::{EmptyDeployment, client_secret};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use axum::Router;
use axum::extract::State;
use axum::routing::put;
use bootstrap::{BootstrapHandler, InvocationError, answer};
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::app::Config;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What CloudFormation was told, and with which content type.
type SentNotices = Arc<Mutex<Vec<(String, Value)>>>;

#[derive(Clone)]
struct Listener {
    notified: SentNotices,
    /// So many answers are lost.
    unwilling: Arc<Mutex<usize>>,
}

async fn hear(State(listener): State<Listener>, headers: HeaderMap, body: String) -> StatusCode {
    let mut unwilling = listener.unwilling.lock().unwrap();
    if *unwilling > 0 {
        *unwilling -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let kind = headers["content-type"].to_str().unwrap().to_owned();
    listener.notified.lock().unwrap().push((kind, serde_json::from_str(&body).unwrap()));
    StatusCode::OK
}

/// CloudFormation, as far as it listens.
async fn cloudformation(unwilling: usize) -> (String, SentNotices) {
    let listener = Listener { notified: SentNotices::default(), unwilling: Arc::new(Mutex::new(unwilling)) };
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/answer?X-Amz-Signature=signed", socket.local_addr().unwrap());
    let notified = Arc::clone(&listener.notified);
    let router = Router::new().route("/answer", put(hear)).with_state(listener);
    tokio::spawn(async move { axum::serve(socket, router).await.unwrap() });
    (url, notified)
}

fn request(kind: &str, url: &str) -> Value {
    let mut request = json!({
        "RequestType": kind,
        "ServiceToken": "arn:aws:lambda:eu-central-1:000000000000:function:latchkey-dev-bootstrap",
        "ResponseURL": url,
        "StackId": "arn:aws:cloudformation:eu-central-1:000000000000:stack/latchkey-dev/1",
        "RequestId": "r1",
        "ResourceType": "Custom::LatchkeyBootstrap",
        "LogicalResourceId": "Bootstrap",
        "ResourceProperties": { "Stage": "dev", "Revision": "1" },
    });
    if kind != "Create" {
        request["PhysicalResourceId"] = json!("as-it-was-named");
    }
    request
}

fn deadline() -> Timestamp {
    Timestamp::now().checked_add(SignedDuration::from_mins(3)).unwrap()
}

/// Asks, and returns what CloudFormation was told: once, and in time.
async fn ask(deployment: &BootstrapHandler, kind: &str) -> Value {
    let (url, notified) = cloudformation(0).await;
    answer(deployment, request(kind, &url), deadline()).await.unwrap();
    let notified = std::mem::take(&mut *notified.lock().unwrap());
    let [(kind, answer)] = &notified[..] else { panic!("told {} times", notified.len()) };
    assert_eq!(kind, "", "the signature covers an empty content type");
    for member in ["StackId", "RequestId", "LogicalResourceId"] {
        assert_eq!(answer[member], request("Create", "")[member]);
    }
    answer.clone()
}

#[tokio::test]
async fn creating_makes_everything_and_tells_names_only() {
    let bare = EmptyDeployment::new(aws::endpoint()).await.with_secrets_of_the_stack().await;
    let deployment = BootstrapHandler::new(Ok(bare.config.clone()));
    let made = ask(&deployment, "Create").await;
    let name = format!("latchkey/{}/clients/latchkey-operator", bare.ground.stage);
    assert_eq!(made["Status"], "SUCCESS");
    assert_eq!(made["Data"], json!({ "OperatorClientId": "latchkey-operator", "OperatorSecretName": name }));
    assert!(!made["PhysicalResourceId"].as_str().unwrap().is_empty());

    let values = bare.values().await;
    assert_eq!(values.len(), 3);
    assert!(!made.to_string().contains(&client_secret(&values["operator"])));

    let again = ask(&deployment, "Create").await;
    assert_eq!(again, made);
    let updated = ask(&deployment, "Update").await;
    assert_eq!((&updated["Status"], &updated["Data"]), (&json!("SUCCESS"), &made["Data"]));
    assert_eq!(updated["PhysicalResourceId"], "as-it-was-named");
    assert!(bare.values().await == values, "a repeat changed something");
}

#[tokio::test]
async fn the_operator_is_told_before_their_secret_ends() {
    let bare = EmptyDeployment::new(aws::endpoint()).await.with_secrets_of_the_stack().await;
    ask(&BootstrapHandler::new(Ok(bare.config.clone())), "Create").await;
    let scanned = bare.aws.dynamodb().scan().table_name(&bare.config.tables.directory).send().await.unwrap();
    let secrets: Vec<_> =
        scanned.items().iter().filter(|item| item["sk"].as_s().unwrap().starts_with("SECRET#")).collect();
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0]["remind"].as_bool(), Ok(&true));
}

#[tokio::test]
async fn deleting_touches_nothing() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let bare = EmptyDeployment::new(&proxy.endpoint).await;
    proxy.take_calls();
    let answer = ask(&BootstrapHandler::new(Ok(bare.config.clone())), "Delete").await;
    assert_eq!(
        (&answer["Status"], &answer["PhysicalResourceId"]),
        (&json!("SUCCESS"), &json!("as-it-was-named"))
    );
    assert!(proxy.take_calls().is_empty());
}

#[tokio::test]
async fn a_failure_is_answered_with_its_reason() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let bare = EmptyDeployment::new(&proxy.endpoint).await.with_secrets_of_the_stack().await;
    proxy.inject(InjectedFault::json_error("TransactWriteItems", "AccessDeniedException"));
    let answer = ask(&BootstrapHandler::new(Ok(bare.config.clone())), "Create").await;
    assert_eq!(answer["Status"], "FAILED");
    let reason = answer["Reason"].as_str().unwrap();
    assert!(reason.contains("creating an account: AccessDeniedException"), "{reason}");
    assert_eq!(answer["Data"], json!({}));
}

#[tokio::test]
async fn a_configuration_that_is_not_right_is_answered_and_so_is_an_unknown_request() {
    let variables: BTreeMap<&str, &str> = [("STAGE", "a/b")].into();
    let wrong = Config::read(&|name| variables.get(name).map(|value| (*value).to_owned()));
    let answer = ask(&BootstrapHandler::new(wrong), "Create").await;
    assert_eq!(answer["Status"], "FAILED");
    assert!(answer["Reason"].as_str().unwrap().starts_with("STAGE: expected"), "{answer}");

    let bare = EmptyDeployment::new(aws::endpoint()).await;
    let answer = ask(&BootstrapHandler::new(Ok(bare.config.clone())), "Replace").await;
    assert_eq!(answer["Status"], "FAILED");
    assert!(bare.values().await.is_empty());
}

#[tokio::test]
async fn work_that_would_not_end_in_time_is_given_up_and_answered() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let bare = EmptyDeployment::new(&proxy.endpoint).await;
    proxy.inject(InjectedFault::silence("GetSecretValue"));
    let (url, notified) = cloudformation(0).await;
    let soon = Timestamp::now().checked_add(SignedDuration::from_secs(31)).unwrap();
    answer(&BootstrapHandler::new(Ok(bare.config.clone())), request("Create", &url), soon).await.unwrap();
    let notified = notified.lock().unwrap();
    assert_eq!(notified[0].1["Status"], "FAILED");
    assert!(notified[0].1["Reason"].as_str().unwrap().contains("too long"));
}

#[tokio::test]
async fn an_answer_that_is_lost_is_sent_again_and_one_that_never_arrives_is_an_error() {
    let bare = EmptyDeployment::new(aws::endpoint()).await;
    let deployment = BootstrapHandler::new(Ok(bare.config.clone()));
    let (url, notified) = cloudformation(2).await;
    answer(&deployment, request("Delete", &url), deadline()).await.unwrap();
    assert_eq!(notified.lock().unwrap().len(), 1);

    let (url, _) = cloudformation(usize::MAX).await;
    let unanswered = answer(&deployment, request("Delete", &url), deadline()).await.unwrap_err();
    assert_eq!(unanswered.to_string(), "answering CloudFormation: status 503");
    assert!(!format!("{unanswered:?}").contains("signed"), "the URL is as good as a key");
}

#[tokio::test]
async fn an_event_that_is_not_cloudformations_makes_nothing() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let bare = EmptyDeployment::new(&proxy.endpoint).await;
    proxy.take_calls();
    let deployment = BootstrapHandler::new(Ok(bare.config.clone()));
    let with = |url: &str| request("Create", url);
    for event in [
        json!({}),
        json!([]),
        json!({ "ensure": "everything" }),
        json!({ "ensure": "operator", "force": true }),
        json!({ "RequestType": "Create" }),
        with("http://example.com/"),
        with("ftp://127.0.0.1/"),
        with("https://user:password@example.com/"),
        with(""),
    ] {
        let refused = answer(&deployment, event.clone(), deadline()).await.unwrap_err();
        assert!(matches!(refused, InvocationError::Event(_)), "{event}: {refused}");
    }
    assert!(proxy.take_calls().is_empty());
}

#[tokio::test]
async fn an_operator_can_ask_by_hand() {
    let bare = EmptyDeployment::new(aws::endpoint()).await.with_secrets_of_the_stack().await;
    let deployment = BootstrapHandler::new(Ok(bare.config.clone()));
    let made = answer(&deployment, json!({ "ensure": "operator" }), deadline()).await.unwrap();
    assert_eq!(made["OperatorClientId"], "latchkey-operator");
    assert_eq!(bare.values().await.len(), 3);
}
