//! Problem documents (RFC 9457): every invalid member is reported at once.

mod routes;

use super::{ACCOUNTS, CLIENTS, MEMBERS, RESOURCES};
use crate::support::app::TestApp;
use crate::support::http::TestResponse;
use http::StatusCode;
use insta::assert_json_snapshot;
use serde_json::{Value, json};

async fn pointers(latchkey: &TestApp, path: &str, body: Value) -> Vec<String> {
    let response = latchkey.post(path, &body).await.expect(422);
    assert_eq!(response.problem(), "invalid");
    let mut pointers = response.pointers();
    pointers.sort();
    pointers
}

#[tokio::test]
async fn problem_document_has_cause_and_remedy() {
    let latchkey = TestApp::with_fixtures().await;
    let response = latchkey.post(CLIENTS, &json!({})).await.expect(422);
    assert_eq!(response.header("content-type"), "application/problem+json");
    assert_eq!(response.header("cache-control"), "no-store");
    assert_json_snapshot!(response.json(), @r##"
    {
      "detail": "one member is not valid",
      "errors": [
        {
          "detail": "is required",
          "pointer": "#/client_name"
        }
      ],
      "status": 422,
      "title": "The request is not valid",
      "type": "urn:latchkey:problem:invalid"
    }
    "##);
}

#[tokio::test]
async fn every_invalid_member_is_named_at_once() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({
        "client_id": "a b", "client_name": "", "description": 1, "grant_types": ["password"],
        "token_endpoint_auth_method": "magic", "permissions": [{ "resource": "x", "scopes": ["a b"] }, 3],
        "access_token_lifetime": 1, "refresh_token_lifetime": "long", "redirect_uris": ["http://example.com"],
        "allowed_ips": ["x"], "contacts": ["x"], "secret": { "expires_on": "soon", "remind": 1 },
        "secret_storage": "safe", "secret_display": null, "colour": "blue",
    });
    let expected = [
        "#/access_token_lifetime",
        "#/allowed_ips/0",
        "#/client_id",
        "#/client_name",
        "#/colour",
        "#/contacts/0",
        "#/description",
        "#/grant_types/0",
        "#/permissions/0/scopes/0",
        "#/permissions/1",
        "#/redirect_uris/0",
        "#/refresh_token_lifetime",
        "#/secret/expires_on",
        "#/secret/remind",
        "#/secret_display",
        "#/secret_storage",
        "#/token_endpoint_auth_method",
    ];
    assert_eq!(pointers(&latchkey, CLIENTS, body).await, expected);
    assert_eq!(
        pointers(&latchkey, ACCOUNTS, json!({ "account_id": 1 })).await,
        ["#/account_id", "#/account_name"]
    );
    assert_eq!(
        pointers(&latchkey, MEMBERS, json!({ "permissions": "x" })).await,
        ["#/email", "#/name", "#/permissions"]
    );
}

#[tokio::test]
async fn unknown_member_is_rejected_at_any_depth() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({
        "client_name": "x", "clientName": "x", "secret": { "expires": 1 },
        "permissions": [{ "resource": "backoffice_api" }, { "resource": "backoffice_api", "scope": "a" }],
    });
    assert_eq!(
        pointers(&latchkey, CLIENTS, body).await,
        ["#/clientName", "#/permissions/1/scope", "#/secret/expires"]
    );
    let body = json!({ "resource_id": "x", "scopes": [{ "name": "a", "title": "A" }] });
    assert_eq!(pointers(&latchkey, RESOURCES, body).await, ["#/scopes/0/title"]);
    let client = latchkey.fixtures().client().await;
    assert_eq!(pointers(&latchkey, &client.secrets(), json!({ "remindme": true })).await, ["#/remindme"]);
}

#[tokio::test]
async fn pointer_is_escaped_for_any_member_name() {
    let latchkey = TestApp::with_fixtures().await;
    for (name, pointer) in [("a/b", "#/a~1b"), ("a~b", "#/a~0b"), ("a b", "#/a%20b"), ("ü", "#/%C3%BC")] {
        let body = json!({ "client_name": "x", name: 1 });
        assert_eq!(pointers(&latchkey, CLIENTS, body).await, [pointer], "{name}");
    }
}

#[tokio::test]
async fn null_differs_from_absent() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({ "client_name": null, "contacts": null, "secret": null });
    assert_eq!(pointers(&latchkey, CLIENTS, body).await, ["#/client_name", "#/contacts", "#/secret"]);
}

#[tokio::test]
async fn non_object_json_is_malformed() {
    let latchkey = TestApp::with_fixtures().await;
    let deep = "[".repeat(50_000);
    let bodies =
        ["", "{", "null", "[]", "\"x\"", "{\"client_name\":\"x\"} x", "{'a':1}", "\u{feff}\u{feff}{}", &deep];
    for body in bodies {
        let request = latchkey.admin_request("POST", CLIENTS).await.body("application/json", body);
        assert_eq!(request.send().await.expect(400).problem(), "malformed", "{body:.20}");
    }
    let request =
        latchkey.admin_request("POST", CLIENTS).await.body("application/json", b"{\"client_name\":\"\xff\"}");
    assert_eq!(request.send().await.expect(400).problem(), "malformed");
}

#[tokio::test]
async fn duplicate_member_is_malformed_at_any_depth() {
    let latchkey = TestApp::with_fixtures().await;
    for body in [
        r#"{"client_name":"x","client_name":"x"}"#,
        r#"{"client_name":"x","secret":{"remind":true,"remind":false}}"#,
        r#"{"client_name":"x","client\u005fname":"y"}"#,
    ] {
        let request = latchkey.admin_request("POST", CLIENTS).await.body("application/json", body);
        assert_eq!(request.send().await.expect(400).problem(), "malformed", "{body}");
    }
    assert_eq!(latchkey.list_items(CLIENTS).await.len(), 0);
}

#[tokio::test]
async fn body_content_type_must_be_json() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({ "client_name": "x" }).to_string();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""] {
        let request = latchkey.admin_request("POST", CLIENTS).await.body(content_type, body.clone());
        assert_eq!(request.send().await.expect(415).problem(), "not_json", "{content_type}");
    }
    for content_type in ["application/json", "Application/JSON; charset=utf-8"] {
        latchkey
            .admin_request("POST", CLIENTS)
            .await
            .body(content_type, body.clone())
            .send()
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn body_is_limited_to_64_kib() {
    let latchkey = TestApp::with_fixtures().await;
    let padded = |size: usize| {
        let body = json!({ "client_name": "x" }).to_string();
        format!("{body}{}", " ".repeat(size - body.len()))
    };
    let request = latchkey.admin_request("POST", CLIENTS).await.body("application/json", padded(65_537));
    assert_eq!(request.send().await.expect(413).problem(), "body_too_large");
    latchkey
        .admin_request("POST", CLIENTS)
        .await
        .body("application/json", padded(65_536))
        .send()
        .await
        .expect(201);
}

#[tokio::test]
async fn arbitrary_bytes_cause_no_server_error() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let bodies: [&[u8]; 9] = [
        b"\0",
        b"\xff\xfe",
        b"{\"client_name\":1e999}",
        b"{\"access_token_lifetime\":99999999999999999999}",
        b"{\"access_token_lifetime\":-0.0}",
        b"{\"client_name\":\"\\ud800\"}",
        b"{\"secret\":[[[[]]]]}",
        b"{\"permissions\":{\"0\":{}}}",
        b"{\"\\u0000\":null}",
    ];
    for (method, path) in [("POST", CLIENTS.to_owned()), ("PATCH", client.path()), ("POST", client.secrets())]
    {
        for body in bodies {
            let request = latchkey.admin_request(method, &path).await.body("application/json", body);
            let status = request.send().await.status;
            assert!(status.is_client_error(), "{method} {path} {body:?}: {status}");
        }
    }
}

#[tokio::test]
async fn problem_never_repeats_a_possible_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let secret = &client.client_secret;
    let body = json!({ "client_id": format!("{secret} "), "contacts": [secret], "client_secret": secret });
    let responses: [TestResponse; 2] = [
        latchkey.post(CLIENTS, &body).await,
        latchkey
            .admin_request("POST", CLIENTS)
            .await
            .body("application/json", format!("{{\"{secret}"))
            .send()
            .await,
    ];
    for response in responses {
        assert!(
            response.status == StatusCode::UNPROCESSABLE_ENTITY || response.status == StatusCode::BAD_REQUEST
        );
        assert!(!response.text().contains(secret.as_str()));
    }
}
