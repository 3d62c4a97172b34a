//! A request to the app under test, and its response.

use axum::Router;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use shared::domain::net::client_ip::ClientIp;
use std::net::IpAddr;
use tower::ServiceExt;

/// A request under construction.
#[must_use]
pub struct TestRequest {
    router: Router,
    builder: http::request::Builder,
    body: Vec<u8>,
    source: Option<IpAddr>,
}

impl TestRequest {
    pub fn new(router: Router, method: &str, path: &str) -> Self {
        let builder = Request::builder().method(method).uri(path);
        Self { router, builder, body: Vec::new(), source: Some([192, 0, 2, 1].into()) }
    }

    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.builder = self.builder.header(name, value.as_ref());
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn basic(self, id: &str, secret: &str) -> Self {
        self.header("authorization", format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
    }

    pub fn from(mut self, source: &str) -> Self {
        self.source = Some(source.parse().unwrap());
        self
    }

    pub fn without_source(mut self) -> Self {
        self.source = None;
        self
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// A body whose content type is set by a header already.
    pub fn content(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub fn form(self, body: &str) -> Self {
        self.body("application/x-www-form-urlencoded", body)
    }

    pub async fn send(self) -> TestResponse {
        let mut request = self.builder.body(Body::from(self.body)).unwrap();
        if let Some(source) = self.source {
            request.extensions_mut().insert(ClientIp(source));
        }
        let response = self.router.oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        TestResponse { status: head.status, headers: head.headers, body }
    }
}

/// A response that was read whole.
#[derive(Clone, Debug)]
pub struct TestResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl TestResponse {
    /// Fails the test, with the body, unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    #[track_caller]
    pub fn string(&self, name: &str) -> String {
        let json = self.json();
        json[name].as_str().unwrap_or_else(|| panic!("no {name} in {json}")).to_owned()
    }

    /// Status, body and every header: equal for two responses that a client cannot tell apart.
    pub fn dump(&self) -> (u16, String, Vec<(String, String)>) {
        let headers =
            self.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        (self.status.as_u16(), self.text(), headers.collect())
    }

    /// The same but for the headers for pages of other origins, which only some routes have.
    pub fn dump_for_one_origin(&self) -> (u16, String, Vec<(String, String)>) {
        let (status, body, mut headers) = self.dump();
        headers.retain(|(name, _)| !name.starts_with("access-control-"));
        (status, body, headers)
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn etag(&self) -> String {
        self.header(header::ETAG.as_str()).to_owned()
    }

    /// The pointers of a problem document's errors.
    #[track_caller]
    pub fn pointers(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["errors"].as_array().unwrap_or_else(|| panic!("no errors in {json}"));
        errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
    }

    /// The kind of a problem document, without its prefix.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        self.string("type").trim_start_matches("urn:latchkey:problem:").to_owned()
    }
}

/// The value with constant text at these JSON pointers, for snapshots.
#[track_caller]
pub fn masked(mut value: Value, pointers: &[&str]) -> Value {
    for pointer in pointers {
        *value.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = json!(format!("[{pointer}]"));
    }
    value
}
