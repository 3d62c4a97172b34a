//! What a host must be and say, and within what bounds.

use crate::oauth::token::client_assertion::jwks_uri::{HOST, Publishing};
use crate::oauth::token::client_assertion::{client_with, fresh};
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fake_internet::{Reply, TlsListener};
use serde_json::json;
use shared::adapters::remote::MAX_BYTES;
use std::time::{Duration, Instant};

/// Beyond the three seconds of a fetch, for the rest of an answer on a busy machine.
const ANSWERED_WITHIN: Duration = Duration::from_secs(6);

#[tokio::test]
async fn a_host_that_is_not_what_it_must_be_gets_its_client_the_usual_answer() {
    let key = TestKey::new("ES256").named("k");
    let publishing = Publishing::silent().await;
    let usual = publishing.usual().await;
    let document = key.jwks().to_string();
    let doubled = document.replacen('{', "{\"keys\":[],", 1);
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{document}");
    let until_closed = format!("HTTP/1.1 200 OK\r\n\r\n{document}");
    let replies = [
        ("an error", Reply::answer(500, &[], document.as_bytes())),
        ("nothing there", Reply::answer(404, &[], document.as_bytes())),
        ("no content", Reply::answer(204, &[], b"")),
        ("a part", Reply::answer(206, &[], document.as_bytes())),
        ("not modified", Reply::answer(304, &[], b"")),
        ("a password is wanted", Reply::answer(401, &[("WWW-Authenticate", "Basic")], b"")),
        ("nothing", Reply::answer(200, &[], b"")),
        ("HTML", Reply::answer(200, &[("Content-Type", "text/html")], b"<html></html>")),
        ("JSON and more", Reply::answer(200, &[], format!("{document}{document}").as_bytes())),
        ("half of it", Reply::answer(200, &[], &document.as_bytes()[..document.len() / 2])),
        ("a name twice", Reply::answer(200, &[], doubled.as_bytes())),
        ("a list", Reply::json(&json!([key.jwk()]))),
        ("keys that are none", Reply::json(&json!({ "keys": key.jwk() }))),
        ("another member", Reply::json(&json!({ "key": [key.jwk()] }))),
        ("deep nesting", Reply::answer(200, &[], "[".repeat(100_000).as_bytes())),
        ("compressed", Reply::answer(200, &[("Content-Encoding", "gzip")], document.as_bytes())),
        ("a proper end too early", Reply::Bytes(cut.clone().into_bytes())),
        ("a cut", Reply::Cut(cut.into_bytes())),
        ("a cut where only the end tells the length", Reply::Cut(until_closed.into_bytes())),
        ("not HTTP", Reply::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())),
        ("binary", Reply::Bytes(vec![0; 4_096])),
        ("a head without end", Reply::Endless(b"HTTP/1.1 200 OK\r\nX: ".to_vec())),
        ("nothing at all", Reply::Bytes(Vec::new())),
    ];
    for (number, (what, reply)) in replies.into_iter().enumerate() {
        let host = format!("r{number}.example.com");
        publishing.outside.respond_with(&host, "/keys", reply);
        assert_eq!(tries(&publishing, &host, &key).await.0, usual, "{what}");
        assert_eq!(publishing.outside.requested(&host), ["/keys"], "{what}");
    }
    for (number, door) in [
        TlsListener::AnotherName,
        TlsListener::AnotherAuthority,
        TlsListener::Ended,
        TlsListener::NotTls,
        TlsListener::Shut,
    ]
    .into_iter()
    .enumerate()
    {
        let host = format!("d{number}.example.com");
        publishing.outside.publish(&host, "/keys", &key.jwks());
        publishing.outside.door(&host, door);
        assert_eq!(tries(&publishing, &host, &key).await.0, usual, "{door:?}");
        assert_eq!(publishing.outside.requested(&host), [""; 0], "{door:?}");
    }
    assert_eq!(tries(&publishing, "unknown.example.com", &key).await.0, usual);
}

type Everything = (u16, String, Vec<(String, String)>);

/// A client whose keys are at this host authenticates: the answer, and how long it took.
async fn tries(publishing: &Publishing, host: &str, key: &TestKey) -> (Everything, Duration) {
    let latchkey = &publishing.latchkey;
    let client = client_with(latchkey, &json!({ "jwks_uri": format!("https://{host}/keys") })).await;
    let form = form(&key.assert(&fresh(latchkey, &client)));
    let start = Instant::now();
    let answer = latchkey.request("POST", "/oauth/token").form(&form).send().await;
    (answer.dump(), start.elapsed())
}

#[tokio::test]
async fn a_slow_host_is_waited_for_three_seconds() {
    let key = TestKey::new("ES256").named("k");
    let publishing = Publishing::silent().await;
    let usual = publishing.usual().await;
    let outside = &publishing.outside;
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
    for (host, reply) in [
        ("silent.example.com", Reply::Silence),
        ("slow-head.example.com", Reply::Dribble(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n")),
        ("slow-word.example.com", Reply::Dribble(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), b"x")),
        ("informs.example.com", Reply::Dribble(Vec::new(), b"HTTP/1.1 103 Early Hints\r\n\r\n")),
        ("slow-body.example.com", Reply::Dribble(head.to_vec(), b" ")),
    ] {
        outside.respond_with(host, "/keys", reply);
    }
    outside.door("stuck.example.com", TlsListener::Stuck);
    let all = tokio::join!(
        tries(&publishing, "silent.example.com", &key),
        tries(&publishing, "slow-head.example.com", &key),
        tries(&publishing, "slow-word.example.com", &key),
        tries(&publishing, "informs.example.com", &key),
        tries(&publishing, "slow-body.example.com", &key),
        tries(&publishing, "stuck.example.com", &key),
    );
    for (answer, took) in [all.0, all.1, all.2, all.3, all.4, all.5] {
        println!("a slow host: answered after {took:?}");
        assert_eq!(answer, usual);
        assert!((Duration::from_millis(2_900)..ANSWERED_WITHIN).contains(&took), "{took:?}");
    }
}

#[tokio::test]
async fn a_body_has_256_kib_at_most() {
    let key = TestKey::new("ES256").named("k");
    let publishing = Publishing::silent().await;
    let outside = &publishing.outside;
    assert_eq!(MAX_BYTES, 262_144);
    let head = b"HTTP/1.1 200 OK\r\n\r\n{\"keys\":[";
    for (host, reply, status) in [
        ("exact.example.com", Reply::json_of(&key.jwks(), MAX_BYTES), 200),
        ("above.example.com", Reply::json_of(&key.jwks(), MAX_BYTES + 1), 401),
        ("chunks.example.com", Reply::chunked(&key.jwks(), MAX_BYTES), 200),
        ("chunks-above.example.com", Reply::chunked(&key.jwks(), MAX_BYTES + 1), 401),
        ("endless.example.com", Reply::Endless(head.to_vec()), 401),
    ] {
        outside.respond_with(host, "/keys", reply);
        let ((ok_or_expected, ..), took) = tries(&publishing, host, &key).await;
        assert_eq!(ok_or_expected, status, "{host}");
        assert!(took < Duration::from_secs(3), "{host}: {took:?}");
    }
}

#[tokio::test]
async fn the_request_says_what_it_wants_and_nothing_of_the_client() {
    let key = TestKey::new("ES256").named("k");
    let publishing = Publishing::new(&key.jwks()).await;
    publishing.request(&key).await.expect(200);
    let requests = publishing.outside.requests(HOST);
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
