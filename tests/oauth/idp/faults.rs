//! A provider that fails, or is not configured for Latchkey: a backend error, and never an identity.

use crate::oauth::idp::{
    CallbackResult, HOST, IdpFixture, StartedSignIn, decided, metadata, oauth_error, tokens,
};
use crate::support::fake_internet::{HostResponse, TlsListener, addresses};
use serde_json::{Value, json};
use shared::adapters::oidc::{CallbackError, METADATA_TTL, Prompt};
use shared::adapters::remote::MAX_BYTES;
use std::time::{Duration, Instant};

const METADATA: &str = "/.well-known/openid-configuration";
const PATHS: [&str; 4] = [METADATA, "/token", "/keys", "/userinfo"];

/// Invalid replies of a host, though the document in them may be valid.
fn invalid_replies(document: &Value) -> Vec<(&'static str, HostResponse)> {
    let text = document.to_string();
    let doubled = text.replacen('{', "{\"twice\":1,\"twice\":2,", 1);
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{text}");
    vec![
        ("an error of its own", HostResponse::new(500, &[], text.as_bytes())),
        ("unavailable", HostResponse::new(503, &[("Retry-After", "1")], text.as_bytes())),
        ("not found", HostResponse::new(404, &[], text.as_bytes())),
        ("forbidden", HostResponse::new(403, &[], text.as_bytes())),
        ("made", HostResponse::new(201, &[], text.as_bytes())),
        ("a redirect", HostResponse::redirect(307, "https://login.example.com/elsewhere", document)),
        ("HTML", HostResponse::new(200, &[("Content-Type", "text/html")], b"<html></html>")),
        ("nothing", HostResponse::new(200, &[], b"")),
        ("a list", HostResponse::new(200, &[], b"[]")),
        ("an empty object", HostResponse::new(200, &[], b"{}")),
        ("a name twice", HostResponse::new(200, &[], doubled.as_bytes())),
        ("more than may be read", HostResponse::json_of(document, MAX_BYTES + 1)),
        ("no end", HostResponse::Endless(b"HTTP/1.1 200 OK\r\n\r\n{".to_vec())),
        ("a cut", HostResponse::Truncated(cut.into_bytes())),
        ("compressed", HostResponse::new(200, &[("Content-Encoding", "gzip")], text.as_bytes())),
        ("not HTTP", HostResponse::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())),
    ]
}

/// A provider whose replies are all valid; the address has to be read from userinfo.
async fn prepared() -> (IdpFixture, StartedSignIn) {
    let fixture = IdpFixture::new().await;
    let started = fixture.start_sign_in().await;
    for path in PATHS {
        fixture.internet.publish(HOST, path, &valid_document(&fixture, &started, path));
    }
    (fixture, started)
}

/// The valid document at one of the [`PATHS`].
fn valid_document(fixture: &IdpFixture, started: &StartedSignIn, path: &str) -> Value {
    match path {
        METADATA => metadata(),
        "/token" => {
            let mut claims = fixture.claims(started);
            claims["email"] = Value::Null;
            tokens(&fixture.key.assert(&claims))
        }
        "/keys" => fixture.key.jwks(),
        _ => json!({ "sub": "ann", "email": "ann@acme.example", "email_verified": true }),
    }
}

fn is_backend_error(result: &CallbackResult) -> bool {
    matches!(result, Err(CallbackError::Backend(_)))
}

#[tokio::test]
async fn invalid_endpoint_response_is_a_backend_error() {
    for path in PATHS {
        for number in 0..invalid_replies(&Value::Null).len() {
            let (mut fixture, started) = prepared().await;
            let (what, fault) =
                invalid_replies(&valid_document(&fixture, &started, path)).swap_remove(number);
            if path == METADATA {
                fixture.advance(METADATA_TTL);
            }
            fixture.internet.respond_with(HOST, path, fault);
            assert!(is_backend_error(&fixture.callback(&started).await), "{path}: {what}");
            assert_eq!(fixture.requested().last().unwrap(), path, "{what}");
        }
    }
    let (fixture, started) = prepared().await;
    assert!(decided(fixture.callback(&started).await).is_ok(), "all else is valid");
}

#[tokio::test]
async fn unreachable_or_untrusted_idp_is_a_backend_error() {
    for listener in [
        TlsListener::Closed,
        TlsListener::AnotherName,
        TlsListener::UntrustedAuthority,
        TlsListener::ExpiredCertificate,
        TlsListener::PlainHttp,
    ] {
        let (fixture, started) = prepared().await;
        fixture.internet.set_listener(HOST, listener);
        assert!(is_backend_error(&fixture.callback(&started).await), "{listener:?}");
        let another = IdpFixture::new().await;
        another.internet.set_listener(HOST, listener);
        assert!(
            another
                .upstream
                .authorization_url("s", "https://a.example", Prompt::None, another.now)
                .await
                .is_err(),
            "{listener:?}"
        );
    }
}

#[tokio::test]
async fn idp_at_private_address_is_not_dialled() {
    let fixture = IdpFixture::new().await;
    for address in ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1"] {
        fixture.internet.network.resolve(HOST, [addresses(&[address])]);
        assert!(
            fixture
                .upstream
                .authorization_url("s", "https://a.example", Prompt::None, fixture.now)
                .await
                .is_err()
        );
    }
    assert_eq!(fixture.internet.connections(), 0);
}

#[tokio::test]
async fn slow_idp_times_out_after_three_seconds() {
    let waiting = async |path: &'static str| {
        let (fixture, started) = prepared().await;
        fixture.internet.respond_with(HOST, path, HostResponse::Silence);
        let start = Instant::now();
        let result = fixture.callback(&started).await;
        (is_backend_error(&result), start.elapsed())
    };
    let all = tokio::join!(waiting("/token"), waiting("/keys"), waiting("/userinfo"));
    for (fault, took) in [all.0, all.1, all.2] {
        assert!(fault);
        assert!((Duration::from_millis(2_900)..Duration::from_secs(8)).contains(&took), "{took:?}");
    }
}

#[tokio::test]
async fn token_endpoint_error_code_is_reported() {
    for (status, code, named) in [
        (401, "invalid_client", true),
        (400, "unauthorized_client", true),
        (400, "invalid_request", true),
        (400, "unsupported_grant_type", true),
        (400, "s3cret", false),
    ] {
        let (fixture, started) = prepared().await;
        fixture.internet.respond_with(HOST, "/token", oauth_error(status, code));
        let fault = fixture.callback(&started).await.expect_err(code).to_string();
        assert_eq!(fault.contains(code), named, "{fault}");
        assert!(!fault.contains("s3cret"), "{fault}");
    }
}

#[tokio::test]
async fn unreadable_client_secret_is_a_backend_error() {
    for value in ["{}", "{\"client_secret\":\"\"}", " "] {
        let (fixture, started) = prepared().await;
        fixture.relying_party.replace_secret(value).await;
        assert!(is_backend_error(&fixture.callback(&started).await), "{value}");
        assert_eq!(fixture.request_count("/token"), 0);
    }
    let (fixture, started) = prepared().await;
    fixture.relying_party.delete_secret().await;
    assert!(is_backend_error(&fixture.callback(&started).await));
}
