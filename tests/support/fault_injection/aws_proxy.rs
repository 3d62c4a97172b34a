//! Stands between the latchkey and the emulator: writes down every AWS call, and on demand stops one
//! before it is made or after it was carried out, as a crash at that moment would; or puts one of its
//! services out of order.

pub use crate::support::fault_injection::injected::{InjectedFault, Reply};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;
use std::future::pending;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::sleep;

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
pub enum CrashPoint {
    /// The service never hears of it.
    Before,
    /// The service carries it out; the caller never hears of it.
    After,
}

#[derive(Default)]
struct Shared {
    canned: Mutex<Vec<InjectedFault>>,
    calls: Mutex<Vec<AwsCall>>,
    crash_at: Mutex<Option<(usize, CrashPoint)>>,
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

    /// Every call since they were last taken.
    pub fn calls(&self) -> Vec<AwsCall> {
        self.shared.calls.lock().unwrap().clone()
    }

    /// From now on, answers an operation itself.
    pub fn inject(&self, canned: InjectedFault) {
        self.shared.canned.lock().unwrap().push(canned);
    }

    /// From now on, everything reaches the services again.
    pub fn clear(&self) {
        self.shared.canned.lock().unwrap().clear();
    }

    /// Runs `work` until it ends, or crashes it at its `number`th call (from 0 on). Says whether it
    /// crashed.
    pub async fn crash<T>(
        &self,
        number: usize,
        moment: CrashPoint,
        work: impl Future<Output = T>,
    ) -> Option<T> {
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
    let operation = match target.rsplit('.').next() {
        Some(operation) if !operation.is_empty() => operation.to_owned(),
        // SES names it in the form that it is sent.
        _ => form_action(&body),
    };
    let canned = forwarder.shared.canned_answer(&operation);
    let input = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let number = {
        let mut calls = forwarder.shared.calls.lock().unwrap();
        calls.push(AwsCall { operation: operation.clone(), input });
        calls.len() - 1
    };
    let crash = forwarder.shared.crash_at.lock().unwrap().filter(|(at, _)| *at == number);
    if crash.is_some_and(|(_, moment)| moment == CrashPoint::Before) {
        forwarder.shared.crashed.notify_one();
        return pending().await;
    }
    match &canned {
        Some(InjectedFault { reply: Reply::Silence, .. }) => return pending().await,
        Some(canned @ InjectedFault { reply: Reply::InjectedFault, .. }) => {
            let answer =
                Response::builder().status(canned.status).header("content-type", canned.content_type);
            return answer.body(Body::from(canned.body.clone())).unwrap();
        }
        Some(InjectedFault { reply: Reply::Slow { request, .. }, .. }) => sleep(*request).await,
        _ => {}
    }
    let url = format!("{}{}", forwarder.upstream, head.uri.path());
    let sent =
        forwarder.http.request(head.method, url).headers(head.headers).body(body).send().await.unwrap();
    let mut response = Response::builder().status(sent.status());
    let edit = canned.as_ref().and_then(|canned| canned.edit());
    for (name, value) in sent.headers() {
        // A changed body has another length, and another checksum.
        if edit.is_none() || (name != "content-length" && name != "x-amz-crc32") {
            response = response.header(name, value);
        }
    }
    let mut body = sent.bytes().await.unwrap();
    if let Some(edit) = edit {
        let mut json = serde_json::from_slice(&body).unwrap();
        edit(&mut json);
        body = json.to_string().into();
    }
    if crash.is_some() {
        forwarder.shared.crashed.notify_one();
    }
    match canned.map(|canned| canned.reply) {
        Some(Reply::Slow { response, .. }) => sleep(response).await,
        Some(Reply::Edited(_)) => {}
        // Whatever else is canned and was carried out all the same has its answer lost.
        Some(_) => return pending().await,
        None if crash.is_some() => return pending().await,
        None => {}
    }
    response.body(Body::from(body)).unwrap()
}

fn form_action(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let action = text.split('&').find_map(|pair| pair.strip_prefix("Action="));
    action.unwrap_or_default().to_owned()
}

impl Shared {
    fn canned_answer(&self, operation: &str) -> Option<InjectedFault> {
        let mut all = self.canned.lock().unwrap();
        let applies = |canned: &&mut InjectedFault| canned.answers(operation) && canned.times > 0;
        let canned = all.iter_mut().find(applies)?;
        if canned.after > 0 {
            canned.after -= 1;
            return None;
        }
        canned.times -= 1;
        Some(canned.clone())
    }
}
