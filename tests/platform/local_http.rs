//! The local runner as an HTTP server: a request body is read to its end whatever the response is, so that the
//! connection can be used again.

use crate::support::http_server::TestServer;
use http::StatusCode;
use http_body_util::Full;
use local::http_layers::MAX_BODY_BYTES;
use std::io::{Read, Write};
use std::net::TcpStream;
use tokio::task::spawn_blocking;

/// One TCP connection. An HTTP client would open another without notice.
struct Connection(TcpStream);

impl Connection {
    fn open(issuer: &str) -> Self {
        Self(TcpStream::connect(issuer.trim_start_matches("http://")).unwrap())
    }

    /// Sends a request with a body of this length, and reads the response.
    fn send(&mut self, method: &str, path: &str, length: usize) -> (StatusCode, String) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n"
        );
        self.0.write_all(head.as_bytes()).unwrap();
        self.0.write_all(&vec![b' '; length]).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        self.read().unwrap_or_else(|| panic!("{method} {path}: the connection was closed"))
    }

    fn read(&mut self) -> Option<(StatusCode, String)> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        assert!(!head.contains("connection: close"), "{head}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).ok()?;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some((status, String::from_utf8(body).unwrap()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connection_is_reusable_after_any_response() {
    let served = TestServer::new().await;
    let issuer = served.issuer.clone();
    let client = move || {
        let mut connection = Connection::open(&issuer);
        for (method, path, length, status) in [
            ("POST", "/nothing/there", 1_000_000, 404),
            ("PUT", "/oauth/token", 1_000_000, 405),
            ("POST", "/v1/accounts", 1_000_000, 401),
            ("POST", "/oauth/token", 1_000_000, 400),
            ("POST", "/oauth/token", MAX_BODY_BYTES, 400),
            ("POST", "/oauth/token", MAX_BODY_BYTES + 1, 413),
            ("POST", "/nothing/there", 3 * MAX_BODY_BYTES, 413),
        ] {
            let (ok_or_expected, body) = connection.send(method, path, length);
            assert_eq!(ok_or_expected, status, "{method} {path} with {length} bytes: {body}");
            if length > MAX_BODY_BYTES {
                assert_eq!(body, r#"{"message":"Request Too Long"}"#);
            }
            assert_eq!(connection.send("GET", "/.well-known/jwks.json", 0).0, 200, "after {method} {path}");
        }
    };
    spawn_blocking(client).await.unwrap();
}

#[tokio::test]
async fn body_without_content_length_is_limited() {
    let router = TestServer::new().await.latchkey.router;
    let body = Full::from(vec![b' '; MAX_BODY_BYTES + 1]);
    let request = http::Request::post("/oauth/token").body(axum::body::Body::new(body)).unwrap();
    let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
    assert_eq!(response.status(), 413);
}
