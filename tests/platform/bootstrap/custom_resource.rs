//! The custom resource of CloudFormation. It responds whatever happens.

use super::{EmptyDeployment, client_secret};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use axum::Router;
use axum::extract::State;
use axum::routing::put;
use bootstrap::{BootstrapHandler, InvocationError, handle};
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::app::Config;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The responses sent to CloudFormation, each with its content type.
pub type SentResponses = Arc<Mutex<Vec<(String, Value)>>>;

#[derive(Clone)]
struct Listener {
    sent: SentResponses,
    /// The number of responses that are still to be lost.
    responses_to_lose: Arc<Mutex<usize>>,
}

async fn receive(State(listener): State<Listener>, headers: HeaderMap, body: String) -> StatusCode {
    let mut responses_to_lose = listener.responses_to_lose.lock().unwrap();
    if *responses_to_lose > 0 {
        *responses_to_lose -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let kind = headers["content-type"].to_str().unwrap().to_owned();
    listener.sent.lock().unwrap().push((kind, serde_json::from_str(&body).unwrap()));
    StatusCode::OK
}

/// Starts an endpoint for CloudFormation's response URL that loses the first responses.
pub async fn response_endpoint(responses_to_lose: usize) -> (String, SentResponses) {
    let listener = Listener {
        sent: SentResponses::default(),
        responses_to_lose: Arc::new(Mutex::new(responses_to_lose)),
    };
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/answer?X-Amz-Signature=signed", socket.local_addr().unwrap());
    let sent = Arc::clone(&listener.sent);
    let router = Router::new().route("/answer", put(receive)).with_state(listener);
    tokio::spawn(async move { axum::serve(socket, router).await.unwrap() });
    (url, sent)
}

pub fn request(kind: &str, url: &str) -> Value {
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

pub fn deadline() -> Timestamp {
    Timestamp::now().checked_add(SignedDuration::from_mins(3)).unwrap()
}

/// Invokes the handler, and returns the response to CloudFormation, which is sent exactly once.
pub async fn invoke(handler: &BootstrapHandler, kind: &str) -> Value {
    invoke_with(handler, kind, |_| {}).await
}

/// Invokes it with a changed request.
pub async fn invoke_with(handler: &BootstrapHandler, kind: &str, change: impl FnOnce(&mut Value)) -> Value {
    let (url, sent) = response_endpoint(0).await;
    let mut request_sent = request(kind, &url);
    change(&mut request_sent);
    handle(handler, request_sent, deadline()).await.unwrap();
    let sent = std::mem::take(&mut *sent.lock().unwrap());
    let [(kind, response)] = &sent[..] else { panic!("{} responses were sent", sent.len()) };
    assert_eq!(kind, "", "the signature covers an empty content type");
    for member in ["StackId", "RequestId", "LogicalResourceId"] {
        assert_eq!(response[member], request("Create", "")[member]);
    }
    response.clone()
}

#[tokio::test]
async fn create_bootstraps_and_returns_names_only() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await.with_stack_secrets().await;
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    let created = invoke(&handler, "Create").await;
    let name = format!("latchkey/{}/clients/latchkey-operator", deployment.local_config.stage);
    assert_eq!(created["Status"], "SUCCESS");
    assert_eq!(
        created["Data"],
        json!({ "OperatorClientId": "latchkey-operator", "OperatorSecretName": name })
    );
    assert!(!created["PhysicalResourceId"].as_str().unwrap().is_empty());

    let values = deployment.values().await;
    assert_eq!(values.len(), 4);
    assert!(!created.to_string().contains(&client_secret(&values["operator"])));

    let again = invoke(&handler, "Create").await;
    assert_eq!(again, created);
    let updated = invoke(&handler, "Update").await;
    assert_eq!((&updated["Status"], &updated["Data"]), (&json!("SUCCESS"), &created["Data"]));
    assert_eq!(updated["PhysicalResourceId"], "as-it-was-named");
    assert!(deployment.values().await == values, "a repeated request changed a value");
}

#[tokio::test]
async fn operator_is_reminded_before_secret_expires() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await.with_stack_secrets().await;
    invoke(&BootstrapHandler::new(Ok(deployment.config.clone())), "Create").await;
    let scanned = deployment
        .aws
        .dynamodb()
        .scan()
        .table_name(&deployment.config.tables.directory)
        .send()
        .await
        .unwrap();
    let secrets: Vec<_> =
        scanned.items().iter().filter(|item| item["sk"].as_s().unwrap().starts_with("SECRET#")).collect();
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0]["remind"].as_bool(), Ok(&true));
}

#[tokio::test]
async fn delete_changes_nothing() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let deployment = EmptyDeployment::new(&proxy.endpoint).await;
    proxy.take_calls();
    let response = invoke(&BootstrapHandler::new(Ok(deployment.config.clone())), "Delete").await;
    assert_eq!(
        (&response["Status"], &response["PhysicalResourceId"]),
        (&json!("SUCCESS"), &json!("as-it-was-named"))
    );
    assert!(proxy.take_calls().is_empty());
}

#[tokio::test]
async fn failure_response_has_reason() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let deployment = EmptyDeployment::new(&proxy.endpoint).await.with_stack_secrets().await;
    proxy.inject(InjectedFault::json_error("TransactWriteItems", "AccessDeniedException"));
    let response = invoke(&BootstrapHandler::new(Ok(deployment.config.clone())), "Create").await;
    assert_eq!(response["Status"], "FAILED");
    let reason = response["Reason"].as_str().unwrap();
    assert!(reason.contains("creating an account: AccessDeniedException"), "{reason}");
    assert_eq!(response["Data"], json!({}));
}

#[tokio::test]
async fn invalid_config_and_unknown_request_type_are_answered() {
    let variables: BTreeMap<&str, &str> = [("STAGE", "a/b")].into();
    let wrong = Config::read(&|name| variables.get(name).map(|value| (*value).to_owned()));
    let response = invoke(&BootstrapHandler::new(wrong), "Create").await;
    assert_eq!(response["Status"], "FAILED");
    assert!(response["Reason"].as_str().unwrap().starts_with("STAGE: expected"), "{response}");

    let deployment = EmptyDeployment::new(aws::endpoint()).await;
    let response = invoke(&BootstrapHandler::new(Ok(deployment.config.clone())), "Replace").await;
    assert_eq!(response["Status"], "FAILED");
    assert!(deployment.values().await.is_empty());
}

#[tokio::test]
async fn work_past_the_deadline_is_abandoned_and_answered() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let deployment = EmptyDeployment::new(&proxy.endpoint).await;
    proxy.inject(InjectedFault::silence("GetSecretValue"));
    let (url, sent) = response_endpoint(0).await;
    let soon = Timestamp::now().checked_add(SignedDuration::from_secs(31)).unwrap();
    handle(&BootstrapHandler::new(Ok(deployment.config.clone())), request("Create", &url), soon)
        .await
        .unwrap();
    let sent = sent.lock().unwrap();
    assert_eq!(sent[0].1["Status"], "FAILED");
    assert!(sent[0].1["Reason"].as_str().unwrap().contains("too long"));
}

#[tokio::test]
async fn lost_response_is_sent_again_and_unreachable_url_fails() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await;
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    let (url, sent) = response_endpoint(2).await;
    handle(&handler, request("Delete", &url), deadline()).await.unwrap();
    assert_eq!(sent.lock().unwrap().len(), 1);

    let (url, _) = response_endpoint(usize::MAX).await;
    let error = handle(&handler, request("Delete", &url), deadline()).await.unwrap_err();
    assert_eq!(error.to_string(), "answering CloudFormation: status 503");
    assert!(!format!("{error:?}").contains("signed"), "the URL holds a signature");
}

#[tokio::test]
async fn invalid_event_changes_nothing() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let deployment = EmptyDeployment::new(&proxy.endpoint).await;
    proxy.take_calls();
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    let created_at = |url: &str| request("Create", url);
    for event in [
        json!({}),
        json!([]),
        json!({ "ensure": "everything" }),
        json!({ "ensure": "operator", "force": true }),
        json!({ "RequestType": "Create" }),
        created_at("http://example.com/"),
        created_at("ftp://127.0.0.1/"),
        created_at("https://user:password@example.com/"),
        created_at(""),
    ] {
        let error = handle(&handler, event.clone(), deadline()).await.unwrap_err();
        assert!(matches!(error, InvocationError::Event(_)), "{event}: {error}");
    }
    assert!(proxy.take_calls().is_empty());
}

#[tokio::test]
async fn operator_can_invoke_it_by_hand() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await.with_stack_secrets().await;
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    let created = handle(&handler, json!({ "ensure": "operator" }), deadline()).await.unwrap();
    assert_eq!(created["OperatorClientId"], "latchkey-operator");
    assert_eq!(deployment.values().await.len(), 4);
}
