//! What EventBridge is told.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::schema;
use serde_json::{Value, json};

/// The bus of AWS accounts that have made no other.
pub const BUS: &str = "default";

/// A latchkey with an account and a resource, and the ear on its bus.
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

/// As a listener sees it: the three members that are Latchkey's own. Checked against the schema.
pub fn delivered(entry: &Value) -> Value {
    assert_eq!(entry["EventBusName"], BUS);
    let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
    let event = json!({ "source": entry["Source"], "detail-type": entry["DetailType"], "detail": detail });
    let schema = serde_json::from_str(include_str!("../../infra/events.schema.json")).unwrap();
    schema::assert_valid(&schema, &event);
    event
}
