//! Layers around the runner's router, for what API Gateway and Lambda do to every request.

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use shared::adapters::catch_panic::catch_panic_layer;
use shared::wire::source::SourceAddress;
use std::net::SocketAddr;

/// Puts the layers around a router: a request reaches it with its client address, and one whose handler panics is a 500.
pub fn apply(router: Router) -> Router {
    router.layer(from_fn(set_client_ip)).layer(catch_panic_layer())
}

/// The client address is the peer of the connection, because there is no proxy in front of the runner.
async fn set_client_ip(mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        request.extensions_mut().insert(SourceAddress(peer.ip()));
    }
    next.run(request).await
}
