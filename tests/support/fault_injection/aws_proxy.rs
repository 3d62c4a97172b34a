//! A proxy between the app and the emulator: records every AWS call, injects faults, and on demand stops one
//! call before it is executed or after, as a crash at that point would.

pub use crate::support::fault_injection::injected::{InjectedFault, StubResponse};

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
    /// Its input; of SES, which takes forms, the form as text.
    pub input: Value,
}

/// The point of a crash at one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashPoint {
    /// The service does not receive the request.
    Before,
    /// The service executes the request; the caller gets no response.
    After,
}

/// Operations that change nothing: a crash at one of them leaves what the write before it left.
const READS: [&str; 7] =
    ["BatchGetItem", "DescribeSecret", "GetItem", "GetSecretValue", "ListSecretVersionIds", "Query", "Scan"];

#[derive(Clone, Copy)]
struct Crash {
    number: usize,
    moment: CrashPoint,
    /// Whether only writes are counted.
    at_write: bool,
}

#[derive(Default)]
struct Shared {
    faults: Mutex<Vec<InjectedFault>>,
    calls: Mutex<Vec<AwsCall>>,
    answered_bytes: Mutex<usize>,
    crash_at: Mutex<Option<Crash>>,
    crashed: Notify,
}

/// A proxy that records calls and injects faults.
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

    /// Takes every call since the last time, in order.
    pub fn take_calls(&self) -> Vec<AwsCall> {
        std::mem::take(&mut self.shared.calls.lock().unwrap())
    }

    /// Takes the length of all responses since the last time.
    pub fn take_answered_bytes(&self) -> usize {
        std::mem::take(&mut self.shared.answered_bytes.lock().unwrap())
    }

    /// Takes the calls since the last time, as operations with their number: `2 GetItem, Query`.
    pub fn take_counts(&self) -> String {
        let mut all: Vec<String> = self.take_calls().into_iter().map(|call| call.operation).collect();
        all.sort();
        let counted = all.chunk_by(|one, other| one == other).map(|same| match same.len() {
            1 => same[0].clone(),
            number => format!("{number} {}", same[0]),
        });
        counted.collect::<Vec<_>>().join(", ")
    }

    /// Every call since they were last taken.
    pub fn calls(&self) -> Vec<AwsCall> {
        self.shared.calls.lock().unwrap().clone()
    }

    /// Adds a fault.
    pub fn inject(&self, fault: InjectedFault) {
        self.shared.faults.lock().unwrap().push(fault);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.shared.faults.lock().unwrap().clear();
    }

    /// Runs `work` until it ends, or crashes it at its `number`th call (from 0 on). Returns `None` if it
    /// crashed.
    pub async fn crash<T>(
        &self,
        number: usize,
        moment: CrashPoint,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        self.crash_when(Crash { number, moment, at_write: false }, work).await
    }

    /// The same at its `number`th write.
    pub async fn crash_at_write<T>(
        &self,
        number: usize,
        moment: CrashPoint,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        self.crash_when(Crash { number, moment, at_write: true }, work).await
    }

    async fn crash_when<T>(&self, crash: Crash, work: impl Future<Output = T>) -> Option<T> {
        self.take_calls();
        *self.shared.crash_at.lock().unwrap() = Some(crash);
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
        // SES has the operation in the form body.
        _ => form_action(&body),
    };
    let fault = forwarder.shared.fault_for(&operation);
    let form = || Value::String(String::from_utf8_lossy(&body).into_owned());
    let input = serde_json::from_slice(&body).unwrap_or_else(|_| form());
    let crash = {
        let mut calls = forwarder.shared.calls.lock().unwrap();
        let crash = forwarder.shared.crash_at.lock().unwrap().filter(|crash| crash.hits(&operation, &calls));
        calls.push(AwsCall { operation: operation.clone(), input });
        crash
    };
    if crash.is_some_and(|crash| crash.moment == CrashPoint::Before) {
        forwarder.shared.crashed.notify_one();
        return pending().await;
    }
    match &fault {
        Some(InjectedFault { reply: StubResponse::Silence, .. }) => return pending().await,
        Some(fault @ InjectedFault { reply: StubResponse::Fixed, .. }) => {
            let response =
                Response::builder().status(fault.status).header("content-type", fault.content_type);
            return response.body(Body::from(fault.body.clone())).unwrap();
        }
        Some(InjectedFault { reply: StubResponse::Slow { request, .. }, .. }) => sleep(*request).await,
        _ => {}
    }
    let url = format!("{}{}", forwarder.upstream, head.uri.path());
    let sent =
        forwarder.http.request(head.method, url).headers(head.headers).body(body).send().await.unwrap();
    let mut response = Response::builder().status(sent.status());
    let edit = fault.as_ref().and_then(|fault| fault.edit());
    for (name, value) in sent.headers() {
        // A changed body has another length and another checksum.
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
    *forwarder.shared.answered_bytes.lock().unwrap() += body.len();
    if crash.is_some() {
        forwarder.shared.crashed.notify_one();
    }
    match fault.map(|fault| fault.reply) {
        Some(StubResponse::Slow { response, .. }) => sleep(response).await,
        Some(StubResponse::Edited(_)) => {}
        // The response of any other fault whose request was executed is lost.
        Some(_) => return pending().await,
        None if crash.is_some() => return pending().await,
        None => {}
    }
    response.body(Body::from(body)).unwrap()
}

impl Crash {
    /// Whether this call, after these, is the one to crash at.
    fn hits(self, operation: &str, earlier: &[AwsCall]) -> bool {
        let counts = |operation: &str| !self.at_write || !READS.contains(&operation);
        let number = earlier.iter().filter(|call| counts(&call.operation)).count();
        counts(operation) && number == self.number
    }
}

fn form_action(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let action = text.split('&').find_map(|pair| pair.strip_prefix("Action="));
    action.unwrap_or_default().to_owned()
}

impl Shared {
    fn fault_for(&self, operation: &str) -> Option<InjectedFault> {
        let mut all = self.faults.lock().unwrap();
        let applies = |fault: &&mut InjectedFault| fault.applies_to(operation) && fault.times > 0;
        let fault = all.iter_mut().find(applies)?;
        if fault.after > 0 {
            fault.after -= 1;
            return None;
        }
        fault.times -= 1;
        Some(fault.clone())
    }
}
