//! A handler that panics: its request is a 500, the next one works, and the log does not quote the panic
//! message.

use crate::platform::lambda_events;
use crate::support::http::TestRequest;
use axum::Router;
use axum::routing::get;
use http::header;
use local::http_layers;
use serde_json::{Value, json};
use shared::adapters::telemetry;
use std::process::Command;
use tokio::net::TcpListener;

fn router() -> Router {
    Router::new()
        .route("/panics", get(async || -> String { panic!("s3cret") }))
        .route("/works", get(async || "works"))
}

fn event(path: &str) -> Value {
    let mut event = lambda_events::event();
    (event["rawPath"], event["requestContext"]["http"]["method"]) = (json!(path), json!("GET"));
    event
}

fn assert_server_error(body: &Value) {
    assert_eq!(body["error"], "server_error");
    assert!(!body["error_description"].as_str().unwrap().contains("s3cret"), "{body}");
}

#[tokio::test]
async fn panic_is_500_in_lambda() {
    let router = router();
    for _ in 0..2 {
        let response = lambda_events::respond(router.clone(), &event("/panics")).await;
        assert_eq!(response["statusCode"], 500, "{response}");
        assert_eq!(response["headers"]["content-type"], "application/json");
        assert_eq!(response["headers"]["cache-control"], "no-store");
        assert_server_error(&serde_json::from_str(response["body"].as_str().unwrap()).unwrap());
        let response = lambda_events::respond(router.clone(), &event("/works")).await;
        assert_eq!((&response["statusCode"], &response["body"]), (&json!(200), &json!("works")));
    }
}

#[tokio::test]
async fn panic_is_500_in_local_runner() {
    let router = http_layers::apply(router());
    let response = TestRequest::new(router.clone(), "GET", "/panics").send().await.expect(500);
    assert_eq!(response.header(header::CACHE_CONTROL.as_str()), "no-store");
    assert_server_error(&response.json());
    assert_eq!(TestRequest::new(router, "GET", "/works").send().await.expect(200).text(), "works");
}

#[tokio::test]
async fn connection_survives_a_panic() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, http_layers::apply(router())).await.unwrap() });
    let client = reqwest::Client::builder().pool_max_idle_per_host(1).build().unwrap();
    for (path, status) in [("/panics", 500), ("/works", 200), ("/panics", 500)] {
        let response = client.get(format!("{base}{path}")).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
    }
}

/// Set in the child process that panics.
const CHILD: &str = "LATCHKEY_TEST_PANIC";

/// The panic hook is global to the process, so the test runs itself again as a child process.
#[test]
fn panic_log_has_location_and_not_message() {
    if std::env::var_os(CHILD).is_some() {
        telemetry::install("info");
        let router = router();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(lambda_events::respond(router, &event("/panics")));
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "platform::panics::panic_log_has_location_and_not_message", "--nocapture"])
        .env(CHILD, "1");
    let output = child.output().unwrap();
    let reported = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{reported}");
    let events: Vec<Value> = reported.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let [event] = &events[..] else { panic!("one event, not {reported}") };
    assert_eq!((&event["level"], &event["message"]), (&json!("ERROR"), &json!("panicked")));
    assert!(event["location"].as_str().unwrap().contains("panics.rs:"), "{event}");
    assert!(!reported.contains("s3cret"), "{reported}");
}
