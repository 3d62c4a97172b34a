//! A second emulator beside the usual one: LocalStack serves every service but DynamoDB. A server on one
//! address routes each request to the emulator of its service.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{StatusCode, header};
use local::emulator::{target_dir, venv};
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// The environment variable that enables the second opinion when it is `1`.
const SWITCH: &str = "LATCHKEY_TEST_SECOND_OPINION";
const REQUIREMENTS: &str = include_str!("../../platform/second_opinion/requirements.txt");
const LAUNCHER: &str = include_str!("../../platform/second_opinion/launcher.py");

/// Attempts to connect to LocalStack: 60 seconds, in steps of 100 ms.
const READY_STEPS: u32 = 600;
const STEP: Duration = Duration::from_millis(100);

/// LocalStack's 24-hour send quota of SES, and its replacement: the whole test run shares it.
const QUOTA: (&str, &str) = ("<Max24HourSend>200.0<", "<Max24HourSend>50000.0<");
/// The same for the send rate per second.
const RATE: (&str, &str) = ("<MaxSendRate>1.0<", "<MaxSendRate>14.0<");

/// Whether the tests run against both emulators.
pub fn is_on() -> bool {
    std::env::var(SWITCH).as_deref() == Ok("1")
}

/// LocalStack and the routing server. LocalStack ends with this process, which holds the other end of its
/// standard input.
pub struct SecondOpinion {
    endpoint: String,
    _localstack: Child,
}

#[derive(Clone)]
struct Upstreams {
    dynamodb: String,
    others: String,
    http: reqwest::Client,
}

impl SecondOpinion {
    /// Installs LocalStack if necessary, and starts it. DynamoDB stays at the endpoint given.
    pub fn start(dynamodb: &str) -> Self {
        let installed = venv("second-opinion", REQUIREMENTS, "LocalStack");
        let python = installed.unwrap_or_else(|error| panic!("LocalStack cannot be installed: {error}"));
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let localstack = start_localstack(&python, address);
        let (dynamodb, others) = (dynamodb.to_owned(), format!("http://{address}"));
        Self { endpoint: serve(dynamodb, others), _localstack: localstack }
    }

    /// The URL of the routing server.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

fn start_localstack(python: &Path, address: SocketAddr) -> Child {
    let work = target_dir().join("latchkey");
    let path = work.join("second-opinion.log");
    let log = File::create(&path).unwrap();
    let mut command = Command::new(python);
    command.args(["-c", LAUNCHER, &address.port().to_string()]).arg(&work).stdin(Stdio::piped());
    command.stderr(log.try_clone().unwrap()).stdout(log);
    let mut child = command.spawn().unwrap();
    for _ in 0..READY_STEPS {
        if TcpStream::connect(address).is_ok() {
            return child;
        }
        if child.try_wait().unwrap().is_some() {
            break;
        }
        thread::sleep(STEP);
    }
    panic!("LocalStack did not start; its log:\n{}", fs::read_to_string(&path).unwrap());
}

/// Starts the routing server on a runtime of its own, since each test's runtime ends with the test. Returns its
/// URL.
fn serve(dynamodb: String, others: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let upstreams = Upstreams { dynamodb, others, http: reqwest::Client::new() };
            let router = Router::new().fallback(forward).with_state(upstreams);
            axum::serve(listener, router).await.unwrap();
        });
    });
    endpoint
}

async fn forward(State(upstreams): State<Upstreams>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let target = head.headers.get("x-amz-target").map_or(&b""[..], |value| value.as_bytes());
    let upstream = if target.starts_with(b"DynamoDB_") { &upstreams.dynamodb } else { &upstreams.others };
    let is_quota = body.split(|byte| *byte == b'&').any(|pair| pair == b"Action=GetSendQuota");
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{upstream}{path}");
    let sent = upstreams.http.request(head.method, url).headers(head.headers).body(body).send().await;
    let sent = match sent {
        Ok(sent) => sent,
        Err(error) => {
            let answer = Response::builder().status(StatusCode::BAD_GATEWAY);
            return answer.body(Body::from(error.to_string())).unwrap();
        }
    };
    let mut response = Response::builder().status(sent.status());
    for (name, value) in sent.headers() {
        // These headers belong to the connection to the emulator, and the length changes with the quota.
        if ![header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH].contains(name) {
            response = response.header(name, value);
        }
    }
    let mut body = sent.bytes().await.unwrap().to_vec();
    if is_quota {
        let text = String::from_utf8(body).unwrap();
        body = text.replace(QUOTA.0, QUOTA.1).replace(RATE.0, RATE.1).into_bytes();
    }
    response.body(Body::from(body)).unwrap()
}
