//! A proxy in front of the emulator that holds back one call until the test releases it.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// A proxy that holds back one call.
#[derive(Clone)]
pub struct HoldingProxy {
    pub endpoint: String,
    state: Arc<ProxyState>,
}

struct ProxyState {
    upstream: String,
    http: reqwest::Client,
    /// The operation whose next call is held back.
    held_operation: Mutex<Option<&'static str>>,
    reached: Notify,
    released: Notify,
    carried_out: Notify,
}

impl HoldingProxy {
    pub async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(ProxyState {
            upstream: upstream.to_owned(),
            http: reqwest::Client::new(),
            held_operation: Mutex::default(),
            reached: Notify::new(),
            released: Notify::new(),
            carried_out: Notify::new(),
        });
        let router = Router::new().fallback(forward).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { endpoint, state }
    }

    /// Holds back the next call of this operation before the service receives it. Later calls pass.
    pub fn hold(&self, operation: &'static str) {
        *self.state.held_operation.lock().unwrap() = Some(operation);
    }

    /// Waits until a call is held back.
    pub async fn reached(&self) {
        self.state.reached.notified().await;
    }

    /// Releases the held call, and waits until the service has responded.
    pub async fn release(&self) {
        self.state.released.notify_one();
        self.state.carried_out.notified().await;
    }
}

async fn forward(State(state): State<Arc<ProxyState>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let target = head.headers.get("x-amz-target").map_or("", |value| value.to_str().unwrap());
    let operation = target.rsplit('.').next().unwrap_or_default();
    let is_held = state.held_operation.lock().unwrap().take_if(|held| *held == operation).is_some();
    if !is_held {
        return send(&state, head, body).await;
    }
    state.reached.notify_one();
    // In a task of its own: a caller that gives up meanwhile takes nothing back that it has sent.
    let call = tokio::spawn(async move {
        state.released.notified().await;
        let response = send(&state, head, body).await;
        state.carried_out.notify_one();
        response
    });
    call.await.unwrap()
}

async fn send(state: &ProxyState, head: Parts, body: Bytes) -> Response {
    let url = format!("{}{}", state.upstream, head.uri.path());
    let sent = state.http.request(head.method, url).headers(head.headers).body(body).send().await.unwrap();
    let mut response = Response::builder().status(sent.status());
    for (name, value) in sent.headers() {
        response = response.header(name, value);
    }
    response.body(Body::from(sent.bytes().await.unwrap())).unwrap()
}
