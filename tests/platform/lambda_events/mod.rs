//! Events of API Gateway: accepted, rejected, and their responses.

mod accepted;
mod edge;
mod every_response;
mod paths;
mod rejected;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::response::{AppendHeaders, IntoResponse, Response};
use http::header;
use lambda_http::{Context, LambdaEvent};
use serde_json::{Value, json};
use shared::adapters::lambda::{self, OriginSecrets};
use shared::domain::net::client_ip::ClientIp;
use std::sync::Arc;

/// An event as API Gateway sends it.
pub fn event() -> Value {
    json!({
        "version": "2.0",
        "routeKey": "ANY /oauth/token",
        "rawPath": "/oauth/token",
        "rawQueryString": "a=b%20c&a=d+e",
        "cookies": ["first=1", "second=2"],
        "headers": {
            "accept": "text/html,application/json",
            "content-type": "application/x-www-form-urlencoded",
            "host": "id.example.com",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012",
            "domainName": "id.example.com",
            "http": { "method": "POST", "path": "/oauth/token", "sourceIp": "192.0.2.7" },
            "requestId": "abc",
            "stage": "$default",
            "timeEpoch": 1_801_396_800_000_i64,
        },
        "body": "grant_type=client_credentials",
        "isBase64Encoded": false,
    })
}

/// The response to an event, as API Gateway reads it.
pub async fn respond(router: Router, event: &Value) -> Value {
    respond_behind_edge(router, None, event).await
}

/// The same from a function that accepts these secrets of the edge.
pub async fn respond_behind_edge(router: Router, secrets: Option<&OriginSecrets>, event: &Value) -> Value {
    let payload = serde_json::value::to_raw_value(event).unwrap();
    let event = LambdaEvent::new(payload, Context::default());
    let Ok(response) = lambda::handle_event(router, secrets.cloned().map(Arc::new), event).await;
    serde_json::to_value(response).unwrap()
}

/// A router that returns the request as JSON, and two cookies.
pub fn echo() -> Router {
    Router::new().fallback(async |request: Request| -> Response {
        let (head, body) = request.into_parts();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap()));
        let received = json!({
            "method": head.method.as_str(),
            "path": head.uri.path(),
            "query": head.uri.query(),
            "headers": headers.collect::<Vec<_>>(),
            "source": head.extensions.get::<ClientIp>().map(|source| source.0),
            "body": to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        });
        let cookies = [(header::SET_COOKIE, "third=3"), (header::SET_COOKIE, "fourth=4")];
        (AppendHeaders(cookies), axum::Json(received)).into_response()
    })
}

/// The request as the echo router received it.
#[track_caller]
pub fn received(response: &Value) -> Value {
    assert_eq!(response["statusCode"], 200, "{response}");
    serde_json::from_str(response["body"].as_str().unwrap()).unwrap()
}
