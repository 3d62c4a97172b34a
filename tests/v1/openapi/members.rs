//! Members of requests and responses: exactly the documented ones are accepted and returned.

use super::document::Document;
use crate::support::app::TestApp;
use crate::support::http::TestResponse;
use crate::v1::{ACCOUNTS, AUDIT, CLIENTS, MEMBERS, RESOURCES};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Names that a request could accept, documented or not.
fn candidates(document: &Document) -> BTreeSet<String> {
    let mut names = document.all_member_names();
    let others = "client_uri logo_uri tos_uri policy_uri jwks jwks_uri public_key_pem federated_identities scope \
        software_id default_acr_values token_signing_alg id tags metadata account enabled type version etag \
        created_by expires_at expires_in rotate unknown details secrets note";
    names.extend(others.split_whitespace().map(str::to_owned));
    names
}

/// The names below `prefix` that a response does not report as unknown.
fn accepted(response: &TestResponse, prefix: &str, requested: &BTreeSet<String>) -> BTreeSet<String> {
    let document = response.json();
    let errors = document["errors"].as_array().unwrap();
    let is_refused = |error: &&Value| {
        let detail = error["detail"].as_str().unwrap();
        detail == "is not a member of this request" || detail.starts_with("cannot be changed here")
    };
    let unknown = errors.iter().filter(is_refused);
    let unknown: BTreeSet<_> =
        unknown.filter_map(|error| error["pointer"].as_str().unwrap().strip_prefix(prefix)).collect();
    requested.iter().filter(|name| !unknown.contains(name.as_str())).cloned().collect()
}

/// An object with all names, each with a value that no member accepts.
fn object_of(names: &BTreeSet<String>) -> Value {
    names.iter().map(|name| (name.clone(), json!(-0.5))).collect::<Map<_, _>>().into()
}

#[tokio::test]
async fn request_accepts_exactly_the_documented_members() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.post(MEMBERS, &json!({ "email": "a@b.example", "name": "A" })).await.expect(201);
    let template = json!({ "template_id": "plain", "title": "Plain", "asked": ["client_name"] });
    latchkey.post("/v1/templates", &template).await.expect(201);
    let document = Document::of(&latchkey).await;
    let names = candidates(&document);
    let values = [
        ("{account_id}", "T12345678"),
        ("{client_id}", client.client_id.as_str()),
        ("{email}", "a@b.example"),
        ("{resource_id}", "backoffice_api"),
        ("{secret_id}", client.secret_id.as_str()),
        ("{template_id}", "plain"),
    ];
    let mut requests = 0;
    for ((method, path), operation) in document.operations() {
        let schema = Document::request(operation);
        if schema.is_null() {
            continue;
        }
        let path_with_ids = values.iter().fold(path.clone(), |path, (name, value)| path.replace(name, value));
        let request = latchkey.admin_request(&method, &path_with_ids).await.json(&object_of(&names));
        let response = request.send().await.expect(422);
        let documented: BTreeSet<_> = document.members(schema).into_keys().collect();
        assert_eq!(documented, accepted(&response, "#/", &names), "{method} {path}");
        requests += 1;
    }
    assert_eq!(requests, 17, "requests with a body");
}

#[tokio::test]
async fn nested_objects_accept_exactly_the_documented_members() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let document = Document::of(&latchkey).await;
    let names = candidates(&document);
    let probe = object_of(&names);
    let clients = "/v1/accounts/{account_id}/clients";
    let permissions = "/v1/accounts/{account_id}/clients/{client_id}/permissions";
    for (method, path, path_with_ids, member, is_list) in [
        ("POST", clients, CLIENTS.to_owned(), "secret", false),
        ("POST", clients, CLIENTS.to_owned(), "permissions", true),
        ("POST", clients, CLIENTS.to_owned(), "federated_identities", true),
        ("PUT", permissions, format!("{}/permissions", client.path()), "permissions", true),
        ("PATCH", "/v1/accounts/{account_id}", format!("{ACCOUNTS}/T12345678"), "limits", false),
        ("POST", "/v1/resources", RESOURCES.to_owned(), "scopes", true),
        ("PATCH", "/v1/resources/{resource_id}", format!("{RESOURCES}/backoffice_api"), "scopes", true),
    ] {
        let (value, prefix) = if is_list { (json!([probe]), "/0/") } else { (probe.clone(), "/") };
        let request = latchkey.admin_request(method, &path_with_ids).await.json(&json!({ member: value }));
        let response = request.send().await.expect(422);
        let described = document.members(Document::request(document.operation(method, path)));
        let schema = if is_list { document.element(described[member]) } else { described[member] };
        let documented: BTreeSet<_> = document.members(schema).into_keys().collect();
        let prefix = format!("#/{member}{prefix}");
        assert_eq!(documented, accepted(&response, &prefix, &names), "{method} {path} {member}");
        assert!(documented.len() >= 2, "{method} {path} {member}");
    }
}

#[tokio::test]
async fn response_has_exactly_the_documented_members() {
    let latchkey = TestApp::with_fixtures().await;
    let document = Document::of(&latchkey).await;
    let client =
        latchkey.fixtures().client_with("T12345678", &json!({ "secret_display": "on_request" })).await;
    let one = "/v1/accounts/{account_id}/clients/{client_id}";
    let value = format!("{}/value", client.secret(&client.secret_id));
    let member = json!({ "email": "a@b.example", "name": "A", "invite": true });
    let account = json!({ "account_name": "x" });
    let responses = [
        ("POST", "/v1/accounts".to_owned(), latchkey.post(ACCOUNTS, &account).await),
        ("POST", "/v1/resources".into(), latchkey.post(RESOURCES, &json!({ "resource_id": "x" })).await),
        ("POST", "/v1/accounts/{account_id}/members".into(), latchkey.post(MEMBERS, &member).await),
        (
            "POST",
            "/v1/accounts/{account_id}/clients".into(),
            latchkey.post(CLIENTS, &json!({ "client_name": "x" })).await,
        ),
        ("GET", one.into(), latchkey.get(&client.path()).await),
        ("POST", format!("{one}/secrets"), latchkey.add_secret(&client, &json!({})).await),
        ("GET", format!("{one}/secrets/{{secret_id}}/value"), latchkey.get(&value).await),
        (
            "POST",
            format!("{one}/duplicate"),
            latchkey.post(&format!("{}/duplicate", client.path()), &json!({})).await,
        ),
    ];
    for (method, path, response) in responses {
        let documented = &document.operation(method, &path)["responses"][response.status.as_str()];
        let schema = &documented["content"]["application/json"]["schema"];
        let given: BTreeSet<_> = response.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(document.members(schema).into_keys().collect::<BTreeSet<_>>(), given, "{method} {path}");
    }
}

#[tokio::test]
async fn list_has_the_documented_items() {
    let latchkey = TestApp::with_fixtures().await;
    let document = Document::of(&latchkey).await;
    let client = latchkey.fixtures().client().await;
    latchkey.post(MEMBERS, &json!({ "email": "a@b.example", "name": "A" })).await.expect(201);
    let account = "/v1/accounts/{account_id}";
    for (path, path_with_ids) in [
        ("/v1/accounts".to_owned(), ACCOUNTS.to_owned()),
        ("/v1/resources".to_owned(), RESOURCES.to_owned()),
        (format!("{account}/members"), MEMBERS.to_owned()),
        (format!("{account}/clients"), CLIENTS.to_owned()),
        (format!("{account}/clients/{{client_id}}/secrets"), client.secrets()),
        (format!("{account}/audit"), AUDIT.to_owned()),
    ] {
        let item = latchkey.list_items(&path_with_ids).await.swap_remove(0);
        let given: BTreeSet<_> = item.as_object().unwrap().keys().cloned().collect();
        let operation = document.operation("GET", &path);
        let list = document.members(&operation["responses"]["200"]["content"]["application/json"]["schema"]);
        assert_eq!(list.keys().collect::<Vec<_>>(), ["items", "next_cursor"], "{path}");
        let item = document.element(list["items"]);
        assert_eq!(document.members(item).into_keys().collect::<BTreeSet<_>>(), given, "{path}");
    }
}

/// Generators of clients make a base class of a reference, and drop the members of a composition within a composition.
#[tokio::test]
async fn compositions_are_of_references_and_plain_objects() {
    let latchkey = TestApp::new().await;
    let document = Document::of(&latchkey).await;
    for (name, schema) in document.0["components"]["schemas"].as_object().unwrap() {
        let Some(parts) = schema["allOf"].as_array() else { continue };
        assert!(
            parts.iter().any(|part| part.get("$ref").is_some()),
            "{name} is one object in several pieces"
        );
        assert!(parts.iter().all(|part| part.get("allOf").is_none()), "{name}");
    }
}
