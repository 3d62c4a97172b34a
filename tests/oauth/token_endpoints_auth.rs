//! Client authentication and request parsing of introspection, `check_token` and revocation.

use crate::oauth::ABOUT_TOKENS;
use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestRequest;
use crate::v1::days_ahead;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shared::domain::client::client_secret::ClientSecret;

async fn latchkey_client_and_token() -> (TestApp, TestClient, String) {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let token = latchkey.access_token(&client).await;
    (latchkey, client, token)
}

#[tokio::test]
async fn failures_are_byte_identical_to_the_token_endpoint() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T99999999").await;
    let create = async |account, members: Value| latchkey.fixtures().client_with(account, &members).await;
    let restricted = create(ACCOUNT, json!({ "allowed_ips": ["203.0.113.0/24"] })).await;
    let tomorrow = days_ahead(&latchkey, 1);
    let expired = create(ACCOUNT, json!({ "secret": { "expires_on": tomorrow } })).await;
    let disabled = create(ACCOUNT, json!({})).await;
    latchkey.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    let deleted = create(ACCOUNT, json!({})).await;
    latchkey.delete(&deleted.path()).await.expect(204);
    let revoked = create(ACCOUNT, json!({})).await;
    latchkey.delete(&revoked.secret(&revoked.secret_id)).await.expect(204);
    let suspended = create("T99999999", json!({})).await;
    latchkey.patch("/v1/accounts/T99999999", &json!({ "status": "disabled" })).await.expect(200);
    let client = latchkey.fixtures().client().await;
    latchkey.advance(SignedDuration::from_hours(72));

    let (id, secret) = (&client.client_id, &client.client_secret);
    let another_secret = ClientSecret::from_random_bytes([9; 32]).expose().to_owned();
    let expected = latchkey.token("unknown", &another_secret, "").await.expect(401).dump_for_one_origin();
    for path in ABOUT_TOKENS {
        let request = || latchkey.request("POST", path);
        let by =
            |client: &TestClient| request().basic(&client.client_id, &client.client_secret).form("token=x");
        let assertion = "token=x&client_assertion=a.b.c&client_assertion_type=x";
        let failures: Vec<(&str, TestRequest)> = vec![
            ("unknown client", request().basic("unknown", secret).form("token=x")),
            ("wrong secret", request().basic(id, &another_secret).form("token=x")),
            ("malformed secret", request().basic(id, "hunter2").form("token=x")),
            ("expired secret", by(&expired)),
            ("revoked secret", by(&revoked)),
            ("disabled client", by(&disabled)),
            ("deleted client", by(&deleted)),
            ("disabled account", by(&suspended)),
            ("address not allowed", by(&restricted)),
            ("unknown address", by(&restricted).without_source()),
            ("no credentials", request().form("token=x")),
            ("no credentials and no token", request().form("")),
            ("only an id", request().form(&format!("token=x&client_id={id}"))),
            ("a client assertion", request().form(assertion)),
            ("not Basic", request().bearer("x").form("token=x")),
        ];
        for (name, failure) in failures {
            assert_eq!(failure.send().await.dump_for_one_origin(), expected, "{path}: {name}");
        }
        by(&restricted).from("203.0.113.9").send().await.expect(200);
        by(&client).send().await.expect(200);
    }
}

#[tokio::test]
async fn form_and_json_bodies_with_secret_are_accepted() {
    let (latchkey, client, token) = latchkey_client_and_token().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    // Revocation is last: by then the other endpoints have responded.
    for path in ABOUT_TOKENS {
        let body = json!({ "token": token, "client_id": id, "client_secret": secret });
        let form = format!("token={token}&client_id={id}&client_secret={secret}");
        let by_json = latchkey.request("POST", path).json(&body).send().await.expect(200);
        let by_form = latchkey.request("POST", path).form(&form).send().await.expect(200);
        let by_header = latchkey.about(path, &client, &token).send().await.expect(200);
        assert_eq!(by_json.dump(), by_form.dump(), "{path}");
        assert_eq!(by_json.dump(), by_header.dump(), "{path}");
    }
    assert!(!latchkey.is_active(&client, &token).await);
}

#[tokio::test]
async fn malformed_requests_are_invalid_request() {
    let (latchkey, client, token) = latchkey_client_and_token().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    let form = format!("token={token}");
    let long = format!("token={}", "x".repeat(64 * 1024));
    for path in ABOUT_TOKENS {
        let basic = || latchkey.request("POST", path).basic(id, secret);
        let in_query = |query: &str| {
            latchkey
                .request("POST", &format!("{path}?{query}"))
                .basic(id, secret)
                .form(&format!("token={token}"))
        };
        let cases = [
            ("no body", basic()),
            ("no token", basic().form("token_type_hint=access_token")),
            ("an empty token", basic().form("token=")),
            ("a token of no type", basic().json(&json!({ "token": 1 }))),
            ("a token that is null", basic().json(&json!({ "token": null }))),
            ("the token twice", basic().form(&format!("{form}&{form}"))),
            ("an unknown content type", basic().body("text/plain", form.clone())),
            ("a body over 64 KiB", basic().form(&long)),
            ("bytes that are no text", basic().form("token=%ff")),
            ("two ways at once", basic().form(&format!("{form}&client_id={id}&client_secret={secret}"))),
            ("another client_id than the Basic one", basic().form(&format!("{form}&client_id=other"))),
            ("two Authorization headers", basic().basic(id, secret).form(&form)),
            ("the token in the query", in_query(&form)),
            ("the hint in the query", in_query("token_type_hint=access_token")),
            ("the secret in the query", in_query(&format!("client_secret={secret}"))),
        ];
        for (name, request) in cases {
            let response = request.send().await;
            let actual = (response.status.as_u16(), response.string("error"));
            assert_eq!(actual, (400, "invalid_request".to_owned()), "{path}: {name}");
            assert_eq!(response.header("cache-control"), "no-store", "{path}: {name}");
            assert!(!response.text().contains(&token), "{path}: {name}");
        }
    }
    assert!(latchkey.is_active(&client, &token).await, "an invalid request revokes nothing");
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let latchkey = TestApp::new().await;
    for path in ABOUT_TOKENS {
        for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH"] {
            let response = latchkey.request(method, &format!("{path}?token=x")).send().await.expect(405);
            assert_eq!((response.header("allow"), response.header("cache-control")), ("POST", "no-store"));
        }
    }
}

#[tokio::test]
async fn token_type_hint_is_never_trusted() {
    let (latchkey, client, _) = latchkey_client_and_token().await;
    for hint in ["access_token", "refresh_token", "id_token", "nonsense", ""] {
        let token = latchkey.access_token(&client).await;
        for (path, is_active) in
            [("/oauth/introspect", true), ("/oauth/revoke", true), ("/oauth/introspect", false)]
        {
            let request = latchkey.request("POST", path).basic(&client.client_id, &client.client_secret);
            let form = format!("token={token}&token_type_hint={hint}&colour=blue");
            let response = request.form(&form).send().await.expect(200);
            if path == "/oauth/introspect" {
                assert_eq!(response.json()["active"], is_active, "{hint}");
            }
        }
    }
}

#[tokio::test]
async fn arbitrary_bytes_are_client_errors() {
    let (latchkey, client, token) = latchkey_client_and_token().await;
    let tokens =
        ["%00", "...", "a.b.c", "%F0%9F%94%91", "eyJ.eyJ.", "%7B%7D", "lks_x", &token.replace('.', "%20")];
    for path in ABOUT_TOKENS {
        let plain = latchkey.about(path, &client, "x").send().await.expect(200).dump();
        for token in tokens {
            let response = latchkey.about(path, &client, token).send().await;
            assert_eq!(response.dump(), plain, "{path}: {token}");
        }
        for body in [&b"\0"[..], b"\xff\xfe", b"%", b"&&&===", b"{\"token\":", b"[[[[[["] {
            for content_type in ["application/json", "application/x-www-form-urlencoded"] {
                let request = latchkey.request("POST", path).basic(&client.client_id, &client.client_secret);
                let status = request.body(content_type, body).send().await.status;
                assert!(status.is_client_error(), "{path} {body:?}: {status}");
            }
        }
    }
}
