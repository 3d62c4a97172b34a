//! Events sent to EventBridge.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::schema;
use serde_json::{Value, json};

/// The default event bus of an AWS account.
pub const BUS: &str = "default";

/// An app that publishes to this bus, and the proxy that records it.
pub async fn with_event_bus(bus: Option<&str>) -> (TestApp, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey =
        TestApp::with_endpoint(&proxy.endpoint, |config| config.event_bus = bus.map(str::to_owned)).await;
    (latchkey, proxy)
}

/// The entries of every `PutEvents` since the last time, request by request.
pub fn received(proxy: &AwsProxy) -> Vec<Vec<Value>> {
    let calls = proxy.take_calls().into_iter().filter(|call| call.operation == "PutEvents");
    calls.map(|call| call.input["Entries"].as_array().unwrap().clone()).collect()
}

/// The event as a subscriber receives it: its three members that Latchkey sets. Checked against the schema.
pub fn delivered(entry: &Value) -> Value {
    assert_eq!(entry["EventBusName"], BUS);
    let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
    let event = json!({ "source": entry["Source"], "detail-type": entry["DetailType"], "detail": detail });
    let schema = serde_json::from_str(include_str!("../../infra/events.schema.json")).unwrap();
    schema::assert_valid(&schema, &event);
    event
}
