//! A store that is out of order, in each of the ways that it can be.

pub mod aws_proxy;
pub mod holding_proxy;
pub mod injected;

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::http::TestResponse;
use serde_json::json;
use shared::app::{App, AwsClients, Clock, Endpoints};
use std::sync::Arc;
use std::time::Duration;

/// What a function has that Lambda has just started, with nothing in memory: over the latchkey's own tables, which it
/// reaches through a proxy of its own.
pub async fn cold_start(latchkey: &TestApp) -> (Arc<App>, AwsClients, AwsProxy) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut config = latchkey.server.management.app.config.clone();
    config.aws.endpoints = Endpoints::at(&proxy.endpoint);
    let (aws, clock) = (AwsClients::new(&config.aws), Clock::Adjustable(Arc::clone(&latchkey.server.clock)));
    (Arc::new(App::new(config, &aws, clock)), aws, proxy)
}

/// Ways to be out of order, for as long as the SDK tries. (`"repeated"` is another one: the first response is lost, so that
/// the SDK repeats a call that had succeeded.)
pub const FAULTS: [&str; 7] = [
    "throttled",
    "timed out before",
    "timed out after",
    "access denied",
    "empty body",
    "response of another operation",
    "too late",
];

/// Longer than one attempt of a call may take.
const TOO_LATE: Duration = Duration::from_millis(3_500);

/// Whether the service carries out what its caller gets no answer to.
pub fn is_carried_out(name: &str) -> bool {
    matches!(name, "timed out after" | "too late")
}

/// Puts an operation out of order.
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

/// Fails the test unless nothing was decided.
#[track_caller]
pub fn assert_unavailable(answer: &TestResponse, case: &str) {
    assert_eq!(answer.status, 503, "{case}: {}", answer.text());
    let reported = json!({ "error": "temporarily_unavailable", "error_description": "try again shortly" });
    assert_eq!(answer.json(), reported, "{case}");
    assert_eq!(answer.header("retry-after"), "2", "{case}");
}
