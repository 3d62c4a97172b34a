//! Invalid hosts and replies, and the limits of a fetch.

use crate::oauth::token::client_assertion::jwks_uri::{HOST, PublishedKeys};
use crate::oauth::token::client_assertion::{client_with, new_claims};
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fake_internet::{HostResponse, TlsListener};
use serde_json::json;
use shared::adapters::remote::MAX_BYTES;
use std::time::{Duration, Instant};

/// The three seconds of a fetch, and the rest of a response on a busy machine.
const RESPONSE_DEADLINE: Duration = Duration::from_secs(6);

#[tokio::test]
async fn invalid_host_or_response_is_invalid_client() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::unpublished().await;
    let invalid_client = published.invalid_client().await;
    let document = key.jwks().to_string();
    let doubled = document.replacen('{', "{\"keys\":[],", 1);
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{document}");
    let until_closed = format!("HTTP/1.1 200 OK\r\n\r\n{document}");
    let replies = [
        ("an error", HostResponse::new(500, &[], document.as_bytes())),
        ("not found", HostResponse::new(404, &[], document.as_bytes())),
        ("no content", HostResponse::new(204, &[], b"")),
        ("a part", HostResponse::new(206, &[], document.as_bytes())),
        ("not modified", HostResponse::new(304, &[], b"")),
        ("a password is required", HostResponse::new(401, &[("WWW-Authenticate", "Basic")], b"")),
        ("nothing", HostResponse::new(200, &[], b"")),
        ("HTML", HostResponse::new(200, &[("Content-Type", "text/html")], b"<html></html>")),
        ("JSON and more", HostResponse::new(200, &[], format!("{document}{document}").as_bytes())),
        ("half of it", HostResponse::new(200, &[], &document.as_bytes()[..document.len() / 2])),
        ("a name twice", HostResponse::new(200, &[], doubled.as_bytes())),
        ("a list", HostResponse::json(&json!([key.jwk()]))),
        ("keys that are none", HostResponse::json(&json!({ "keys": key.jwk() }))),
        ("another member", HostResponse::json(&json!({ "key": [key.jwk()] }))),
        ("deep nesting", HostResponse::new(200, &[], "[".repeat(100_000).as_bytes())),
        ("compressed", HostResponse::new(200, &[("Content-Encoding", "gzip")], document.as_bytes())),
        ("closed too early", HostResponse::Bytes(cut.clone().into_bytes())),
        ("a cut", HostResponse::Truncated(cut.into_bytes())),
        ("a cut without a content length", HostResponse::Truncated(until_closed.into_bytes())),
        ("not HTTP", HostResponse::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())),
        ("binary", HostResponse::Bytes(vec![0; 4_096])),
        ("a head without end", HostResponse::Endless(b"HTTP/1.1 200 OK\r\nX: ".to_vec())),
        ("an empty response", HostResponse::Bytes(Vec::new())),
    ];
    for (number, (what, reply)) in replies.into_iter().enumerate() {
        let host = format!("r{number}.example.com");
        published.internet.respond_with(&host, "/keys", reply);
        assert_eq!(authenticate_by_host(&published, &host, &key).await.0, invalid_client, "{what}");
        assert_eq!(published.internet.requested(&host), ["/keys"], "{what}");
    }
    for (number, listener) in [
        TlsListener::AnotherName,
        TlsListener::UntrustedAuthority,
        TlsListener::ExpiredCertificate,
        TlsListener::PlainHttp,
        TlsListener::Closed,
    ]
    .into_iter()
    .enumerate()
    {
        let host = format!("d{number}.example.com");
        published.internet.publish(&host, "/keys", &key.jwks());
        published.internet.set_listener(&host, listener);
        assert_eq!(authenticate_by_host(&published, &host, &key).await.0, invalid_client, "{listener:?}");
        assert_eq!(published.internet.requested(&host), [""; 0], "{listener:?}");
    }
    assert_eq!(authenticate_by_host(&published, "unknown.example.com", &key).await.0, invalid_client);
}

type ResponseDump = (u16, String, Vec<(String, String)>);

/// Authenticates a client whose keys are at this host: the response, and how long it took.
async fn authenticate_by_host(
    published: &PublishedKeys,
    host: &str,
    key: &TestKey,
) -> (ResponseDump, Duration) {
    let latchkey = &published.latchkey;
    let client = client_with(latchkey, &json!({ "jwks_uri": format!("https://{host}/keys") })).await;
    let form = form(&key.assert(&new_claims(latchkey, &client)));
    let start = Instant::now();
    let response = latchkey.request("POST", "/oauth/token").form(&form).send().await;
    (response.dump(), start.elapsed())
}

#[tokio::test]
async fn silent_host_is_given_up_after_a_second() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::unpublished().await;
    let invalid_client = published.invalid_client().await;
    let internet = &published.internet;
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
    for (host, reply) in [
        ("silent.example.com", HostResponse::Silence),
        ("slow-head.example.com", HostResponse::Trickle(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n")),
        ("slow-word.example.com", HostResponse::Trickle(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), b"x")),
        ("informs.example.com", HostResponse::Trickle(Vec::new(), b"HTTP/1.1 103 Early Hints\r\n\r\n")),
        ("slow-body.example.com", HostResponse::Trickle(head.to_vec(), b" ")),
    ] {
        internet.respond_with(host, "/keys", reply);
    }
    internet.set_listener("stuck.example.com", TlsListener::Unresponsive);
    let all = tokio::join!(
        authenticate_by_host(&published, "silent.example.com", &key),
        authenticate_by_host(&published, "slow-head.example.com", &key),
        authenticate_by_host(&published, "slow-word.example.com", &key),
        authenticate_by_host(&published, "informs.example.com", &key),
        authenticate_by_host(&published, "stuck.example.com", &key),
        authenticate_by_host(&published, "slow-body.example.com", &key),
    );
    let (second, three) = (Duration::from_millis(900), Duration::from_millis(2_900));
    for ((response, took), (least, most)) in [all.0, all.1, all.2, all.3, all.4]
        .map(|result| (result, (second, three)))
        .into_iter()
        .chain([(all.5, (three, RESPONSE_DEADLINE))])
    {
        println!("a slow host: answered after {took:?}");
        assert_eq!(response, invalid_client);
        assert!((least..most).contains(&took), "{took:?}");
    }
}

#[tokio::test]
async fn body_is_limited_to_256_kib() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::unpublished().await;
    let internet = &published.internet;
    assert_eq!(MAX_BYTES, 262_144);
    let head = b"HTTP/1.1 200 OK\r\n\r\n{\"keys\":[";
    for (host, reply, status) in [
        ("exact.example.com", HostResponse::json_of(&key.jwks(), MAX_BYTES), 200),
        ("above.example.com", HostResponse::json_of(&key.jwks(), MAX_BYTES + 1), 401),
        ("chunks.example.com", HostResponse::chunked(&key.jwks(), MAX_BYTES), 200),
        ("chunks-above.example.com", HostResponse::chunked(&key.jwks(), MAX_BYTES + 1), 401),
        ("endless.example.com", HostResponse::Endless(head.to_vec()), 401),
    ] {
        internet.respond_with(host, "/keys", reply);
        let ((ok_or_expected, ..), took) = authenticate_by_host(&published, host, &key).await;
        assert_eq!(ok_or_expected, status, "{host}");
        assert!(took < Duration::from_secs(3), "{host}: {took:?}");
    }
}

#[tokio::test]
async fn request_has_only_the_expected_headers() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::new(&key.jwks()).await;
    published.request(&key).await.expect(200);
    let requests = published.internet.requests(HOST);
    let lines: Vec<_> = requests[0].trim_end().lines().collect();
    assert_eq!(
        lines,
        [
            "GET /keys HTTP/1.1",
            "host: client.example.com",
            "accept: application/json, application/jwk-set+json",
            "accept-encoding: identity",
            "user-agent: latchkey",
        ]
    );
}
