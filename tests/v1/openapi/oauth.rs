//! The OAuth endpoints in the document.

use super::document::Document;
use crate::support::app::TestApp;
use crate::support::http::TestResponse;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is for people; the rest is for programs.
const AUTHORIZE: (&str, &str) = ("GET", "/oauth/authorize");

const TABLE: [(&str, &str); 9] = [
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

fn filled(path: &str) -> String {
    path.replace("{account_id}", "T12345678")
}

#[tokio::test]
async fn it_has_their_routes_and_no_others() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    let documented: BTreeSet<_> = document.oauth_operations().into_keys().collect();
    let expected = TABLE.map(|(method, path)| (method.to_owned(), path.to_owned())).into();
    assert_eq!(documented, expected);
}

#[tokio::test]
async fn each_of_them_is_there_and_takes_its_method_only() {
    let latchkey = TestApp::new().await;
    for (method, path) in TABLE {
        let other = if method == "GET" { "POST" } else { "GET" };
        latchkey.request(other, &filled(path)).send().await.expect(405);
        let status = latchkey.request(method, &filled(path)).send().await.status.as_u16();
        // What is posted here is no request, and who asks to sign in says for which client.
        let good = method == "GET" && (method, path) != AUTHORIZE;
        assert_eq!(status, if good { 200 } else { 400 }, "{method} {path}");
    }
}

#[tokio::test]
async fn what_is_advertised_is_documented() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    let answer = latchkey.request("GET", "/.well-known/oauth-authorization-server").send().await.expect(200);
    let metadata = answer.json();
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
async fn a_request_is_a_form_or_json_of_the_same_members() {
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
async fn an_answer_has_the_members_that_are_documented() {
    let latchkey = TestApp::with_members().await;
    let document = Document::of(&latchkey).await;
    let app = latchkey.app().await;
    let (id, secret) = (&app.client_id, &app.client_secret);
    let post = async |path: &str, form: &str| {
        latchkey.request("POST", path).basic(id, secret).form(form).send().await
    };
    // The answer that has most: a person is behind the token, and it can be refreshed.
    let token_grant = latchkey.redeem(&app, &latchkey.code(&app).await).await.expect(200);
    let form = format!("token={}", token_grant.string("access_token"));
    let answers: [(&str, &str, TestResponse); 6] = [
        ("POST", "/oauth/token", token_grant),
        ("POST", "/oauth/token", post("/oauth/token", "grant_type=x").await),
        ("POST", "/oauth/token", latchkey.token("nobody", secret, "").await),
        ("POST", "/oauth/introspect", post("/oauth/introspect", &form).await),
        ("POST", "/oauth/check_token", post("/oauth/check_token", &form).await),
        ("GET", "/.well-known/jwks.json", latchkey.request("GET", "/.well-known/jwks.json").send().await),
    ];
    for (method, path, answer) in answers {
        let response = &document.operation(method, path)["responses"][answer.status.as_str()];
        let schema = &response["content"]["application/json"]["schema"];
        let given: BTreeSet<_> = answer.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(document.members(schema).into_keys().collect::<BTreeSet<_>>(), given, "{method} {path}");
    }
    let revoked = post("/oauth/revoke", &form).await.expect(200);
    let response = &document.operation("POST", "/oauth/revoke")["responses"]["200"];
    assert_eq!((revoked.body.len(), &response["content"]), (0, &Value::Null));
}

#[tokio::test]
async fn every_answer_is_described_and_errors_are_those_of_oauth() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for ((method, path), operation) in document.oauth_operations() {
        let responses = operation["responses"].as_object().unwrap();
        let statuses: Vec<_> = responses.keys().map(String::as_str).collect();
        match (method.as_str(), path.as_str()) {
            ("POST", _) => assert_eq!(statuses, ["200", "400", "401", "503"], "{path}"),
            (_, "/.well-known/jwks.json") => assert_eq!(statuses, ["200", "503"]),
            _ if (method.as_str(), path.as_str()) == AUTHORIZE => {
                assert_eq!(statuses, ["303", "400", "503"]);
                // Its errors are pages.
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
