//! Layers around the runner's router, for what API Gateway and Lambda do to every request.

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use http_body_util::BodyExt;
use shared::adapters::lambda::http_service::http_service;
use shared::domain::net::client_ip::ClientIp;
use std::net::SocketAddr;

/// Longest request body, in bytes. API Gateway takes 10 MB, but Lambda takes events of 6 MB only.
pub const MAX_BODY_BYTES: usize = 6 * 1024 * 1024;

/// Puts the layers around a router: a request reaches it with its client address and with its whole body, and otherwise as
/// in Lambda.
pub fn apply(router: Router) -> Router {
    let served = http_service(router.layer(from_fn(buffer_body)).layer(from_fn(set_client_ip)));
    // A layer of axum's would run after a route was chosen, too late to change the path.
    Router::new().fallback_service(served)
}

/// The client address is the peer of the connection, because there is no proxy in front of the runner.
async fn set_client_ip(mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        request.extensions_mut().insert(ClientIp(peer.ip()));
    }
    next.run(request).await
}

/// Reads the whole body before the router is called, because hyper closes a connection whose request was not read to its
/// end. A body that is too long is read too, but not kept.
async fn buffer_body(request: Request, next: Next) -> Response {
    let (head, mut body) = request.into_parts();
    let (mut bytes, mut is_too_long) = (Vec::new(), false);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return StatusCode::BAD_REQUEST.into_response() };
        let Ok(data) = frame.into_data() else { continue };
        is_too_long |= bytes.len() + data.len() > MAX_BODY_BYTES;
        if is_too_long {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&data);
        }
    }
    if is_too_long {
        // As API Gateway answers when Lambda does not take the event.
        let body = r#"{"message":"Request Too Long"}"#;
        return (StatusCode::PAYLOAD_TOO_LARGE, [(header::CONTENT_TYPE, "application/json")], body)
            .into_response();
    }
    next.run(Request::from_parts(head, Body::from(bytes))).await
}
