//! A provider in trouble, or one that is not set up for us: a fault, and never anybody's identity.

use crate::oauth::idp::{Arrived, HOST, SigningIn, Traveller, description, oauth_error, tokens};
use crate::support::fake_internet::{Reply, TlsListener, addresses};
use serde_json::{Value, json};
use shared::adapters::oidc::METADATA_TTL;
use shared::adapters::oidc::Prompt;
use shared::adapters::remote::MAX_BYTES;
use std::time::{Duration, Instant};

const DESCRIPTION: &str = "/.well-known/openid-configuration";
const PATHS: [&str; 4] = [DESCRIPTION, "/token", "/keys", "/userinfo"];

/// What a host may say that is not what it must be, though the document in it may be the right one.
fn troubles(document: &Value) -> Vec<(&'static str, Reply)> {
    let text = document.to_string();
    let doubled = text.replacen('{', "{\"twice\":1,\"twice\":2,", 1);
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{text}");
    vec![
        ("an error of its own", Reply::answer(500, &[], text.as_bytes())),
        ("unavailable", Reply::answer(503, &[("Retry-After", "1")], text.as_bytes())),
        ("not found", Reply::answer(404, &[], text.as_bytes())),
        ("forbidden", Reply::answer(403, &[], text.as_bytes())),
        ("made", Reply::answer(201, &[], text.as_bytes())),
        ("a redirect", Reply::redirect(307, "https://login.example.com/elsewhere", document)),
        ("HTML", Reply::answer(200, &[("Content-Type", "text/html")], b"<html></html>")),
        ("nothing", Reply::answer(200, &[], b"")),
        ("a list", Reply::answer(200, &[], b"[]")),
        ("an empty object", Reply::answer(200, &[], b"{}")),
        ("a name twice", Reply::answer(200, &[], doubled.as_bytes())),
        ("more than may be read", Reply::json_of(document, MAX_BYTES + 1)),
        ("no end", Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n{".to_vec())),
        ("a cut", Reply::Cut(cut.into_bytes())),
        ("compressed", Reply::answer(200, &[("Content-Encoding", "gzip")], text.as_bytes())),
        ("not HTTP", Reply::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())),
    ]
}

/// Everything answers as it should; the address has to be asked for.
async fn prepared() -> (SigningIn, Traveller) {
    let signing_in = SigningIn::new().await;
    let traveller = signing_in.set_out().await;
    for path in PATHS {
        signing_in.outside.publish(HOST, path, &good(&signing_in, &traveller, path));
    }
    (signing_in, traveller)
}

/// What is right at one of the [`PATHS`].
fn good(signing_in: &SigningIn, traveller: &Traveller, path: &str) -> Value {
    match path {
        DESCRIPTION => description(),
        "/token" => {
            let mut claims = signing_in.claims(traveller);
            claims["email"] = Value::Null;
            tokens(&signing_in.key.assert(&claims))
        }
        "/keys" => signing_in.key.jwks(),
        _ => json!({ "sub": "ann", "email": "ann@acme.example", "email_verified": true }),
    }
}

fn is_fault(arrived: &Arrived) -> bool {
    arrived.is_err()
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_as_it_must_is_a_fault() {
    for path in PATHS {
        for number in 0..troubles(&Value::Null).len() {
            let (mut signing_in, traveller) = prepared().await;
            let (what, fault) = troubles(&good(&signing_in, &traveller, path)).swap_remove(number);
            if path == DESCRIPTION {
                signing_in.advance(METADATA_TTL);
            }
            signing_in.outside.respond_with(HOST, path, fault);
            assert!(is_fault(&signing_in.arrive(&traveller).await), "{path}: {what}");
            assert_eq!(signing_in.requested().last().unwrap(), path, "{what}");
        }
    }
    let (signing_in, traveller) = prepared().await;
    assert!(signing_in.arrive(&traveller).await.unwrap().is_ok(), "nothing else was wrong");
}

#[tokio::test]
async fn a_provider_that_is_down_or_not_itself_is_a_fault_and_nobody_departs() {
    for door in [
        TlsListener::Shut,
        TlsListener::AnotherName,
        TlsListener::AnotherAuthority,
        TlsListener::Ended,
        TlsListener::NotTls,
    ] {
        let (signing_in, traveller) = prepared().await;
        signing_in.outside.door(HOST, door);
        assert!(is_fault(&signing_in.arrive(&traveller).await), "{door:?}");
        let another = SigningIn::new().await;
        another.outside.door(HOST, door);
        assert!(
            another
                .upstream
                .authorization_url("s", "https://a.example", Prompt::None, another.now)
                .await
                .is_err(),
            "{door:?}"
        );
    }
}

#[tokio::test]
async fn a_provider_in_a_network_of_ones_own_is_not_dialled() {
    let signing_in = SigningIn::new().await;
    for address in ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1"] {
        signing_in.outside.rehearsal.resolve(HOST, [addresses(&[address])]);
        assert!(
            signing_in
                .upstream
                .authorization_url("s", "https://a.example", Prompt::None, signing_in.now)
                .await
                .is_err()
        );
    }
    assert_eq!(signing_in.outside.connections(), 0);
}

#[tokio::test]
async fn a_slow_provider_is_waited_for_three_seconds() {
    let waiting = async |path: &'static str| {
        let (signing_in, traveller) = prepared().await;
        signing_in.outside.respond_with(HOST, path, Reply::Silence);
        let start = Instant::now();
        let arrived = signing_in.arrive(&traveller).await;
        (is_fault(&arrived), start.elapsed())
    };
    let all = tokio::join!(waiting("/token"), waiting("/keys"), waiting("/userinfo"));
    for (fault, took) in [all.0, all.1, all.2] {
        assert!(fault);
        assert!((Duration::from_millis(2_900)..Duration::from_secs(8)).contains(&took), "{took:?}");
    }
}

#[tokio::test]
async fn what_the_token_endpoint_has_against_us_is_a_fault_that_names_it() {
    for (status, code, named) in [
        (401, "invalid_client", true),
        (400, "unauthorized_client", true),
        (400, "invalid_request", true),
        (400, "unsupported_grant_type", true),
        (400, "s3cret", false),
    ] {
        let (signing_in, traveller) = prepared().await;
        signing_in.outside.respond_with(HOST, "/token", oauth_error(status, code));
        let fault = signing_in.arrive(&traveller).await.expect_err(code).to_string();
        assert_eq!(fault.contains(code), named, "{fault}");
        assert!(!fault.contains("s3cret"), "{fault}");
    }
}

#[tokio::test]
async fn without_a_readable_client_secret_no_code_is_exchanged() {
    for value in ["{}", "{\"client_secret\":\"\"}", " "] {
        let (signing_in, traveller) = prepared().await;
        signing_in.party.replace_secret(value).await;
        assert!(is_fault(&signing_in.arrive(&traveller).await), "{value}");
        assert_eq!(signing_in.times_asked("/token"), 0);
    }
    let (signing_in, traveller) = prepared().await;
    signing_in.party.delete_secret().await;
    assert!(is_fault(&signing_in.arrive(&traveller).await));
}
