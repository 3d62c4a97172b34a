//! Faults of AWS calls.

pub mod aws_proxy;
pub mod holding_proxy;
pub mod injected;
pub mod matrix;

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::http::TestResponse;
use serde_json::json;
use shared::app::{App, AwsClients, Clock, Endpoints};
use std::sync::Arc;
use std::time::Duration;

/// The state of a function after a cold start, over the tables of `latchkey`, which it reaches through a proxy
/// of its own.
pub async fn cold_start(latchkey: &TestApp) -> (Arc<App>, AwsClients, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut config = latchkey.server.management.app.config.clone();
    config.aws.endpoints = Endpoints::at(&proxy.endpoint);
    let (aws, clock) = (AwsClients::new(&config.aws), Clock::Adjustable(Arc::clone(&latchkey.server.clock)));
    (Arc::new(App::new(config, &aws, clock)), aws, proxy)
}

/// Faults that last for as long as the SDK retries. (`"repeated"` is one more: the first response is lost, so
/// that the SDK repeats a call that had succeeded.)
pub const FAULTS: [&str; 7] = [
    "throttled",
    "timed out before",
    "timed out after",
    "access denied",
    "empty body",
    "response of another operation",
    "too late",
];

/// Longer than the timeout of one attempt.
const TOO_LATE: Duration = Duration::from_millis(3_500);

/// Whether the service executes the request although the caller gets no response.
pub fn is_carried_out(name: &str) -> bool {
    matches!(name, "timed out after" | "too late")
}

/// The fault of this name in calls of an operation.
pub fn fault(name: &str, operation: &'static str) -> InjectedFault {
    match name {
        "throttled" => InjectedFault::json_error(operation, "ThrottlingException"),
        "timed out before" => InjectedFault::silence(operation),
        "timed out after" => InjectedFault::lost(operation),
        "empty body" => InjectedFault::empty_body(operation),
        "response of another operation" => InjectedFault::of_another_operation(operation),
        "repeated" => InjectedFault::lost(operation).times(1),
        "too late" => InjectedFault::late(operation, TOO_LATE),
        "access denied" => InjectedFault::json_error(operation, "AccessDeniedException"),
        other => panic!("{other}"),
    }
}

/// Fails the test unless the response is a 503 that decides nothing.
#[track_caller]
pub fn assert_unavailable(response: &TestResponse, case: &str) {
    assert_eq!(response.status, 503, "{case}: {}", response.text());
    let reported = json!({ "error": "temporarily_unavailable", "error_description": "try again shortly" });
    assert_eq!(response.json(), reported, "{case}");
    assert_eq!(response.header("retry-after"), "2", "{case}");
}
