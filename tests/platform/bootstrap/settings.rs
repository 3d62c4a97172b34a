//! The custom resource that is the digest of the stack's settings.

use super::EmptyDeployment;
use super::custom_resource::{deadline, request, response_endpoint};
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use bootstrap::{BootstrapHandler, handle};
use serde_json::{Value, json};

/// Invokes the handler for the settings, and returns the response to CloudFormation.
async fn settings(handler: &BootstrapHandler, kind: &str, values: &Value) -> Value {
    settings_by(handler, kind, "as-it-was-named", "request-1", values).await
}

async fn settings_by(
    handler: &BootstrapHandler,
    kind: &str,
    physical_id: &str,
    request_id: &str,
    values: &Value,
) -> Value {
    let (url, sent) = response_endpoint(0).await;
    let mut request = request(kind, &url);
    request["RequestId"] = json!(request_id);
    if kind != "Create" {
        request["PhysicalResourceId"] = json!(physical_id);
    }
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
    let values = json!({ "LogLevel": "info", "IssuerUrl": "" });
    let created = settings(&handler, "Create", &values).await;
    let id = created["PhysicalResourceId"].as_str().unwrap();
    let created = &created["Data"]["Digest"];
    assert_eq!(created.as_str().unwrap().len(), 16);
    let updated = async |values: Value| {
        settings_by(&handler, "Update", id, "request-2", &values).await["Data"]["Digest"].clone()
    };
    assert_eq!(updated(json!({ "IssuerUrl": "", "LogLevel": "info" })).await, *created);
    for changed in [
        json!({ "LogLevel": "debug", "IssuerUrl": "" }),
        json!({ "LogLevel": "", "IssuerUrl": "info" }),
        json!({ "LogLevel": "info", "IssuerUrl": "", "Tracing": "" }),
        json!({}),
    ] {
        assert_ne!(updated(changed).await, *created);
    }
    let again = settings_by(&handler, "Create", "", "request-3", &values).await;
    assert_ne!(again["Data"]["Digest"], *created, "versions that equal the last one are not published");
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
