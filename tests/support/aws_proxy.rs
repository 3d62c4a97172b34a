//! Stands between the house and the emulator: writes down every AWS call, and on demand stops one
//! before it is made or after it was carried out, as a crash at that moment would.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;
use std::future::pending;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// One AWS call.
#[derive(Clone, Debug)]
pub struct AwsCall {
    /// `Query`, `TransactWriteItems`, `PutSecretValue`, …
    pub operation: String,
    /// Its input.
    pub input: Value,
}

/// The moment of a crash, around one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The service never hears of it.
    Before,
    /// The service carries it out; the caller never hears of it.
    After,
}

#[derive(Default)]
struct Shared {
    calls: Mutex<Vec<AwsCall>>,
    crash_at: Mutex<Option<(usize, Moment)>>,
    crashed: Notify,
}

/// The proxy.
#[derive(Clone)]
pub struct AwsProxy {
    pub endpoint: String,
    shared: Arc<Shared>,
}

#[derive(Clone)]
struct Forwarder {
    shared: Arc<Shared>,
    upstream: String,
    http: reqwest::Client,
}

impl AwsProxy {
    pub async fn start(upstream: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        let forwarder = Forwarder {
            shared: Arc::clone(&shared),
            upstream: upstream.to_owned(),
            http: reqwest::Client::new(),
        };
        let router = Router::new().fallback(forward).with_state(forwarder);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { endpoint, shared }
    }

    /// Every call since the last time, in order.
    pub fn take_calls(&self) -> Vec<AwsCall> {
        std::mem::take(&mut self.shared.calls.lock().unwrap())
    }

    /// Runs `work` until it ends, or crashes it at its `number`th call (from 0 on). Says whether it
    /// crashed.
    pub async fn crash<T>(&self, number: usize, moment: Moment, work: impl Future<Output = T>) -> Option<T> {
        self.take_calls();
        *self.shared.crash_at.lock().unwrap() = Some((number, moment));
        let survived = tokio::select! {
            result = work => Some(result),
            () = self.shared.crashed.notified() => None,
        };
        *self.shared.crash_at.lock().unwrap() = None;
        survived
    }
}

async fn forward(State(forwarder): State<Forwarder>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let target = head.headers.get("x-amz-target").map_or("", |value| value.to_str().unwrap());
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    let input = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let number = {
        let mut calls = forwarder.shared.calls.lock().unwrap();
        calls.push(AwsCall { operation, input });
        calls.len() - 1
    };
    let crash = forwarder.shared.crash_at.lock().unwrap().filter(|(at, _)| *at == number);
    if crash.is_some_and(|(_, moment)| moment == Moment::Before) {
        forwarder.shared.crashed.notify_one();
        return pending().await;
    }
    let url = format!("{}{}", forwarder.upstream, head.uri.path());
    let sent =
        forwarder.http.request(head.method, url).headers(head.headers).body(body).send().await.unwrap();
    let mut response = Response::builder().status(sent.status());
    for (name, value) in sent.headers() {
        response = response.header(name, value);
    }
    let body = sent.bytes().await.unwrap();
    if crash.is_some() {
        forwarder.shared.crashed.notify_one();
        return pending().await;
    }
    response.body(Body::from(body)).unwrap()
}
