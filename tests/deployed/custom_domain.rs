//! Stands for a custom domain on AWS: a fixed address that leads to the API. The emulator knows an API by its
//! host name, which only the emulator can resolve.

use crate::deployed::stack::{REGION, ROOT, STAGE};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, header};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use tokio::net::TcpListener;

/// Forwards to the API of the stage, which is another one after the stack was deleted and deployed again.
#[derive(Clone)]
pub struct CustomDomain {
    emulator: String,
    origin_secret: Arc<OnceLock<String>>,
    http: reqwest::Client,
}

impl CustomDomain {
    pub fn new(emulator: &str) -> Self {
        // A redirect is returned to the client, not followed here.
        let stay = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().no_proxy().redirect(stay).build().unwrap();
        Self { emulator: emulator.to_owned(), origin_secret: Arc::default(), http }
    }

    /// Answers at an address of its own, and returns its URL.
    pub async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = self.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        url
    }

    /// From now on it stands for the edge too, and sends what CloudFront sends.
    pub fn become_edge(&self, origin_secret: &str) {
        self.origin_secret.set(origin_secret.to_owned()).unwrap();
    }

    pub fn router(&self) -> Router {
        Router::new().fallback(forward).with_state(self.clone())
    }

    /// The host name of the API, if there is one.
    async fn host(&self) -> Option<String> {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential={ROOT}/20270131/{REGION}/apigateway/aws4_request, \
             SignedHeaders=host, Signature=0"
        );
        let request = self.http.get(format!("{}/v2/apis", self.emulator)).header("authorization", scope);
        let apis: Value = request.send().await.unwrap().json().await.unwrap();
        let name = format!("latchkey-{STAGE}");
        let api = apis["items"].as_array().unwrap().iter().find(|api| api["name"] == name.as_str())?;
        Some(format!("{}.execute-api.localhost", api["apiId"].as_str().unwrap()))
    }
}

async fn forward(State(domain): State<CustomDomain>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let mut headers: HeaderMap = head.headers;
    let Some(host) = domain.host().await else {
        return Response::builder().status(404).body(Body::empty()).unwrap();
    };
    headers.insert(header::HOST, host.parse().unwrap());
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
