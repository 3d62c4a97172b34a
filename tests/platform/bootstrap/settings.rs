//! The custom resource that is the digest of the stack's settings.

use super::EmptyDeployment;
use super::custom_resource::{deadline, request, response_endpoint};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use bootstrap::{BootstrapHandler, handle};
use serde_json::{Value, json};

/// Invokes the handler for the settings, and returns the response to CloudFormation.
async fn settings(handler: &BootstrapHandler, kind: &str, values: &Value) -> Value {
    let (url, sent) = response_endpoint(0).await;
    let mut request = request(kind, &url);
    request["ResourceType"] = json!("Custom::LatchkeySettings");
    request["ResourceProperties"] = json!({ "ServiceTimeout": "600", "Values": values });
    handle(handler, request, deadline()).await.unwrap();
    let sent = sent.lock().unwrap();
    assert_eq!((sent.len(), &sent[0].1["Status"]), (1, &json!("SUCCESS")));
    sent[0].1.clone()
}

#[tokio::test]
async fn digest_of_settings_changes_with_each_value_and_calls_nothing() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let deployment = EmptyDeployment::new(&proxy.endpoint).await;
    proxy.take_calls();
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    let digest =
        async |kind, values: Value| settings(&handler, kind, &values).await["Data"]["Digest"].clone();
    let created = digest("Create", json!({ "LogLevel": "info", "IssuerUrl": "" })).await;
    assert_eq!(created.as_str().unwrap().len(), 16);
    assert_eq!(digest("Update", json!({ "IssuerUrl": "", "LogLevel": "info" })).await, created);
    for changed in [
        json!({ "LogLevel": "debug", "IssuerUrl": "" }),
        json!({ "LogLevel": "", "IssuerUrl": "info" }),
        json!({ "LogLevel": "info", "IssuerUrl": "", "Tracing": "" }),
        json!({}),
    ] {
        assert_ne!(digest("Update", changed).await, created);
    }
    let created = settings(&handler, "Create", &json!({})).await;
    assert_eq!(created["PhysicalResourceId"], "latchkey-settings");
    let deleted = settings(&handler, "Delete", &json!({})).await;
    assert_eq!((&deleted["Data"], &deleted["PhysicalResourceId"]), (&json!({}), &json!("as-it-was-named")));
    assert!(proxy.take_calls().is_empty());
}

#[tokio::test]
async fn unknown_resource_is_refused_and_may_be_deleted() {
    let deployment = EmptyDeployment::new(aws::endpoint()).await;
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    for (kind, status) in [("Create", "FAILED"), ("Update", "FAILED"), ("Delete", "SUCCESS")] {
        let (url, sent) = response_endpoint(0).await;
        let mut request = request(kind, &url);
        request["ResourceType"] = json!("Custom::LatchkeyLater");
        handle(&handler, request, deadline()).await.unwrap();
        assert_eq!(sent.lock().unwrap()[0].1["Status"], status, "{kind}");
    }
    assert!(deployment.values().await.is_empty());
}
