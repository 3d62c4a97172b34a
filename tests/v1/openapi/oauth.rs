//! The OAuth endpoints in the document.

use super::document::Document;
use crate::support::app::TestApp;
use crate::support::http::TestResponse;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Routes for browsers; all others are for programs.
const AUTHORIZE: (&str, &str) = ("GET", "/oauth/authorize");

const ROUTES: [(&str, &str); 9] = [
    AUTHORIZE,
    ("POST", "/oauth/token"),
    ("POST", "/v1/accounts/{account_id}/auth/token"),
    ("POST", "/oauth/introspect"),
    ("POST", "/oauth/check_token"),
    ("POST", "/oauth/revoke"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/.well-known/openid-configuration"),
    ("GET", "/.well-known/jwks.json"),
];

const FORM: &str = "application/x-www-form-urlencoded";

fn path_with_ids(path: &str) -> String {
    path.replace("{account_id}", "T12345678")
}

#[tokio::test]
async fn document_has_exactly_the_oauth_routes() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    let documented: BTreeSet<_> = document.oauth_operations().into_keys().collect();
    let expected = ROUTES.map(|(method, path)| (method.to_owned(), path.to_owned())).into();
    assert_eq!(documented, expected);
}

#[tokio::test]
async fn each_oauth_route_exists_with_its_method_only() {
    let latchkey = TestApp::new().await;
    for (method, path) in ROUTES {
        let other = if method == "GET" { "POST" } else { "GET" };
        latchkey.request(other, &path_with_ids(path)).send().await.expect(405);
        let status = latchkey.request(method, &path_with_ids(path)).send().await.status.as_u16();
        // These routes take no JSON or form request that the document describes, and a sign-in names its client
        // itself.
        let good = method == "GET" && (method, path) != AUTHORIZE;
        assert_eq!(status, if good { 200 } else { 400 }, "{method} {path}");
    }
}

#[tokio::test]
async fn advertised_metadata_is_documented() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    let response =
        latchkey.request("GET", "/.well-known/oauth-authorization-server").send().await.expect(200);
    let metadata = response.json();
    let issuer = metadata["issuer"].as_str().unwrap();
    let endpoints = metadata
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| name.ends_with("_endpoint") || name.as_str() == "jwks_uri");
    for (name, url) in endpoints {
        let path = url.as_str().unwrap().strip_prefix(issuer).unwrap();
        assert!(document.0["paths"].get(path).is_some(), "{name}: {path}");
    }
}

#[tokio::test]
async fn form_and_json_requests_have_the_same_members() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for ((method, path), operation) in document.oauth_operations() {
        let content = &operation["requestBody"]["content"];
        if method == "GET" {
            assert!(content.is_null(), "{path}");
            continue;
        }
        assert_eq!(content[FORM]["schema"], content["application/json"]["schema"], "{path}");
        assert!(document.members(&content[FORM]["schema"]).contains_key("client_id"), "{path}");
        assert_eq!(operation["security"], json!([{ "client_secret_basic": [] }, {}]), "{path}");
    }
    let basic = &document.0["components"]["securitySchemes"]["client_secret_basic"];
    assert_eq!((&basic["type"], &basic["scheme"]), (&json!("http"), &json!("basic")));
}

#[tokio::test]
async fn response_has_exactly_the_documented_members() {
    let latchkey = TestApp::with_members().await;
    let document = Document::of(&latchkey).await;
    let app = latchkey.fixtures().code_flow_client().await;
    let (id, secret) = (&app.client_id, &app.client_secret);
    let post = async |path: &str, form: &str| {
        latchkey.request("POST", path).basic(id, secret).form(form).send().await
    };
    // The response with the most members: the token acts for a person and has a refresh token.
    let tokens = latchkey.redeem(&app, &latchkey.fixtures().code(&app).await).await.expect(200);
    let form = format!("token={}", tokens.string("access_token"));
    let responses: [(&str, &str, TestResponse); 6] = [
        ("POST", "/oauth/token", tokens),
        ("POST", "/oauth/token", post("/oauth/token", "grant_type=x").await),
        ("POST", "/oauth/token", latchkey.token("unknown", secret, "").await),
        ("POST", "/oauth/introspect", post("/oauth/introspect", &form).await),
        ("POST", "/oauth/check_token", post("/oauth/check_token", &form).await),
        ("GET", "/.well-known/jwks.json", latchkey.request("GET", "/.well-known/jwks.json").send().await),
    ];
    for (method, path, response) in responses {
        let documented = &document.operation(method, path)["responses"][response.status.as_str()];
        let schema = &documented["content"]["application/json"]["schema"];
        let given: BTreeSet<_> = response.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(document.members(schema).into_keys().collect::<BTreeSet<_>>(), given, "{method} {path}");
    }
    let revoked = post("/oauth/revoke", &form).await.expect(200);
    let documented = &document.operation("POST", "/oauth/revoke")["responses"]["200"];
    assert_eq!((revoked.body.len(), &documented["content"]), (0, &Value::Null));
}

#[tokio::test]
async fn every_response_is_described_and_errors_are_oauth() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for ((method, path), operation) in document.oauth_operations() {
        let responses = operation["responses"].as_object().unwrap();
        let statuses: Vec<_> = responses.keys().map(String::as_str).collect();
        match (method.as_str(), path.as_str()) {
            ("POST", _) => assert_eq!(statuses, ["200", "400", "401", "503"], "{path}"),
            (_, "/.well-known/jwks.json") => assert_eq!(statuses, ["200", "503"]),
            _ if (method.as_str(), path.as_str()) == AUTHORIZE => {
                assert_eq!(statuses, ["303", "400", "429", "503"]);
                // Its errors are HTML pages.
                continue;
            }
            _ => assert_eq!(statuses, ["200"], "{path}"),
        }
        for (status, response) in responses {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()), "{path} {status}");
            if status != "200" {
                let schema = &response["content"]["application/json"]["schema"];
                let members: Vec<_> = document.members(schema).into_keys().collect();
                assert_eq!(members, ["error", "error_description"], "{path} {status}");
            }
        }
    }
}
