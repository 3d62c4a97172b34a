//! A caller grants only management scopes that it holds, and does not change itself.

use super::client_routes;
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{CLIENTS, MEMBERS, backoffice};
use serde_json::{Value, json};

fn management(scopes: &[&str]) -> Value {
    json!([{ "resource": "latchkey", "scopes": scopes }])
}

#[tokio::test]
async fn new_client_gets_no_scope_its_creator_lacks() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    for (scopes, status) in [
        (management(&["clients:manage"]), 201),
        (backoffice(&["orders:write"]), 201),
        (management(&["clients:manage", "clients:read"]), 403),
        (management(&["accounts:manage"]), 403),
    ] {
        let body = json!({ "client_name": "x", "permissions": scopes });
        latchkey.request("POST", CLIENTS).bearer(&token).json(&body).send().await.expect(status);
    }
}

#[tokio::test]
async fn scopes_missing_from_callers_token_are_not_held() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, _) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage", "clients:read"]).await;
    let response =
        latchkey.token(&admin.client_id, &admin.client_secret, "&scope=clients:manage").await.expect(200);
    let body = json!({ "client_name": "x", "permissions": management(&["clients:read"]) });
    let request = latchkey.request("POST", CLIENTS).bearer(&response.string("access_token")).json(&body);
    assert_eq!(request.send().await.expect(403).problem(), "forbidden");
}

#[tokio::test]
async fn permission_update_is_limited_to_callers_scopes() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    let client = latchkey.fixtures().client().await;
    let path = format!("{}/permissions", client.path());
    for (scopes, status) in [
        (management(&["secrets:reveal"]), 403),
        (management(&["clients:manage"]), 200),
        (management(&[]), 200),
    ] {
        let body = json!({ "permissions": scopes });
        latchkey.request("PUT", &path).bearer(&token).json(&body).send().await.expect(status);
    }
}

#[tokio::test]
async fn duplicate_gets_no_scope_its_creator_lacks() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    let (stronger, _) = latchkey.fixtures().administrator(ACCOUNT, &["audit:read"]).await;
    let client = latchkey.fixtures().client().await;
    let body = json!({ "permissions": management(&["audit:read"]) });
    for (path, body, status) in [
        (stronger.path(), json!({}), 403),
        (stronger.path(), json!({ "permissions": [] }), 403),
        (client.path(), body, 403),
        (client.path(), json!({ "permissions": management(&["clients:manage"]) }), 201),
    ] {
        let request = latchkey.request("POST", &format!("{path}/duplicate")).bearer(&token).json(&body);
        request.send().await.expect(status);
    }
}

#[tokio::test]
async fn member_gets_no_permission_the_caller_lacks() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage", "clients:read"]).await;
    let member = |email: &str, permissions: &[&str]| json!({ "email": email, "name": "x", "permissions": permissions });
    let add = async |body: Value| latchkey.request("POST", MEMBERS).bearer(&token).json(&body).send().await;
    add(member("a@b.example", &["clients:manage"])).await.expect(403);
    add(member("a@b.example", &["accounts:manage"])).await.expect(403);
    add(member("a@b.example", &["clients:read"])).await.expect(201);
    let path = format!("{MEMBERS}/a@b.example");
    let change = async |permissions: &[&str]| {
        let body = json!({ "permissions": permissions });
        latchkey.request("PATCH", &path).bearer(&token).json(&body).send().await
    };
    change(&["clients:read", "audit:read"]).await.expect(403);
    change(&["members:manage"]).await.expect(200);
}

#[tokio::test]
async fn member_with_more_permissions_than_caller_is_read_only() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage", "audit:read"]).await;
    let path = format!("{MEMBERS}/a@b.example");
    let member =
        json!({ "email": "a@b.example", "name": "x", "permissions": ["clients:manage", "audit:read"] });
    latchkey.post(MEMBERS, &member).await.expect(201);
    let send = async |method: &str, body: Value| {
        latchkey.request(method, &path).bearer(&token).json(&body).send().await
    };
    send("PATCH", json!({ "name": "y" })).await.expect(403);
    send("PATCH", json!({ "permissions": [] })).await.expect(403);
    assert_eq!(send("DELETE", json!({})).await.expect(403).problem(), "forbidden");
    latchkey.patch(&path, &json!({ "permissions": ["audit:read"] })).await.expect(200);
    send("PATCH", json!({ "name": "y" })).await.expect(200);
    send("DELETE", json!({})).await.expect(204);
}

#[tokio::test]
async fn client_cannot_change_itself_but_rotates_its_secrets() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) =
        latchkey.fixtures().administrator(ACCOUNT, &["clients:manage", "clients:read"]).await;
    let before = latchkey.get(&admin.path()).await.json();
    for (method, path, body) in [
        ("PATCH", admin.path(), json!({ "description": "x" })),
        ("PUT", format!("{}/permissions", admin.path()), json!({ "permissions": [] })),
        ("POST", format!("{}/disable", admin.path()), json!({})),
        ("POST", format!("{}/enable", admin.path()), json!({})),
        ("DELETE", admin.path(), json!({})),
    ] {
        let response = latchkey.request(method, &path).bearer(&token).json(&body).send().await.expect(403);
        assert_eq!(response.problem(), "forbidden", "{method} {path}");
    }
    assert_eq!(latchkey.get(&admin.path()).await.json(), before);
    let rotate = latchkey.request("POST", &admin.secrets()).bearer(&token).send().await.expect(201);
    latchkey.token(&admin.client_id, &rotate.string("client_secret"), "").await.expect(200);
    latchkey.request("DELETE", &admin.secret(&admin.secret_id)).bearer(&token).send().await.expect(204);
}

#[tokio::test]
async fn client_with_more_rights_than_caller_is_read_only() {
    let latchkey = TestApp::with_fixtures().await;
    let held = ["clients:manage", "clients:read", "secrets:reveal"];
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &held).await;
    let permissions = management(&["audit:read"]);
    let members = json!({ "permissions": permissions, "secret_display": "on_request" });
    let stronger = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let before = latchkey.get(&stronger.path()).await;
    for route in client_routes(&stronger) {
        let response = latchkey.send_route(&route, &token).await;
        if route.scope == "clients:read" {
            response.expect(200);
        } else {
            assert_eq!(response.expect(403).problem(), "forbidden", "{} {}", route.method, route.path);
        }
    }
    let after = latchkey.get(&stronger.path()).await;
    assert_eq!((after.json(), after.etag()), (before.json(), before.etag()));
}
