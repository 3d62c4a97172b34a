//! Stands for a custom domain on AWS: a fixed address that leads to the API. The emulator knows an API by its
//! host name, which only the emulator can resolve.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, header};
use std::sync::{Arc, OnceLock};

/// Forwards to an API once its id is known; earlier requests panic.
#[derive(Clone)]
pub struct CustomDomain {
    emulator: String,
    api: Arc<OnceLock<String>>,
    origin_secret: Arc<OnceLock<String>>,
    http: reqwest::Client,
}

impl CustomDomain {
    pub fn new(emulator: &str) -> Self {
        // A redirect is returned to the client, not followed here.
        let stay = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().no_proxy().redirect(stay).build().unwrap();
        Self { emulator: emulator.to_owned(), api: Arc::default(), origin_secret: Arc::default(), http }
    }

    /// `api` is the id of an HTTP API.
    pub fn set_api(&self, api: &str) {
        self.api.set(format!("{api}.execute-api.localhost")).unwrap();
    }

    /// From now on it stands for the edge too, and sends what CloudFront sends.
    pub fn become_edge(&self, origin_secret: &str) {
        self.origin_secret.set(origin_secret.to_owned()).unwrap();
    }

    pub fn router(&self) -> Router {
        Router::new().fallback(forward).with_state(self.clone())
    }
}

async fn forward(State(domain): State<CustomDomain>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut headers: HeaderMap = head.headers;
    headers.insert(header::HOST, domain.api.get().expect("a stack behind the domain").parse().unwrap());
    if let Some(secret) = domain.origin_secret.get() {
        headers.insert("x-latchkey-origin", secret.parse().unwrap());
        headers.insert("cloudfront-viewer-address", "127.0.0.1:46532".parse().unwrap());
    }
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", domain.emulator);
    let sent = domain.http.request(head.method, url).headers(headers).body(body).send().await.unwrap();
    let mut response = Response::builder().status(sent.status());
    for (name, value) in sent.headers() {
        // The body is sent with its length here, however it was received.
        if name != header::TRANSFER_ENCODING && name != header::CONTENT_LENGTH {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(sent.bytes().await.unwrap())).unwrap()
}
