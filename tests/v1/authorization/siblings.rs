//! A client does not change itself by way of another one: allowlists of clients with management scopes.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::v1::{CLIENTS, backoffice};
use serde_json::{Value, json};

const INSIDE: &str = "203.0.113.7";
const OUTSIDE: &str = "198.51.100.7";
const NETWORK: &str = "203.0.113.0/24";

fn management(scopes: &[&str]) -> Value {
    json!([{ "resource": "latchkey", "scopes": scopes }])
}

/// An administrator of the account that is allowed in one network only, and its token.
struct Restricted {
    app: TestApp,
    client: TestClient,
    token: String,
}

impl Restricted {
    async fn new(scopes: &[&str]) -> Self {
        let app = TestApp::with_fixtures().await;
        let members = json!({ "permissions": management(scopes), "allowed_ips": [NETWORK] });
        let client = app.fixtures().client_with(ACCOUNT, &members).await;
        let token = token(&app, &client).await;
        Self { app, client, token }
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> TestResponse {
        self.app.request(method, path).from(INSIDE).bearer(&self.token).json(body).send().await
    }

    async fn create(&self, body: &Value) -> TestResponse {
        self.send("POST", CLIENTS, body).await
    }
}

async fn token(app: &TestApp, client: &TestClient) -> String {
    let request = app.request("POST", "/oauth/token").from(INSIDE);
    let request = request.basic(&client.client_id, &client.client_secret);
    request.form("grant_type=client_credentials").send().await.expect(200).string("access_token")
}

#[tokio::test]
async fn management_api_refuses_other_addresses() {
    let admin = Restricted::new(&["clients:read"]).await;
    let from =
        async |source: &str| admin.app.request("GET", CLIENTS).from(source).bearer(&admin.token).send().await;
    from(INSIDE).await.expect(200);
    let refused = from(OUTSIDE).await.expect(401);
    let unknown = admin.app.request("GET", CLIENTS).without_source().bearer(&admin.token).send().await;
    let garbage = admin.app.request("GET", CLIENTS).bearer("x.y.z").send().await;
    assert_eq!(refused.dump(), garbage.dump(), "the caller learns nothing");
    assert_eq!(unknown.dump(), garbage.dump());
}

#[tokio::test]
async fn new_client_with_management_scopes_inherits_allowlist() {
    let scopes = ["clients:manage", "clients:read"];
    let admin = Restricted::new(&scopes).await;
    let sibling = json!({ "client_name": "x", "permissions": management(&scopes) });
    assert_eq!(admin.create(&sibling).await.expect(201).json()["allowed_ips"], json!([NETWORK]));
    let plain = json!({ "client_name": "x", "permissions": backoffice(&["orders:read"]) });
    assert_eq!(admin.create(&plain).await.expect(201).json()["allowed_ips"], json!([]));
}

#[tokio::test]
async fn new_client_of_equal_scopes_acts_from_callers_networks_only() {
    let scopes = ["clients:manage", "clients:read"];
    let admin = Restricted::new(&scopes).await;
    for (scopes, allowed_ips, status) in [
        (&scopes[..], json!([INSIDE]), 201),
        (&scopes, json!([OUTSIDE]), 403),
        (&scopes, json!([]), 403),
        (&scopes, json!([INSIDE, OUTSIDE]), 403),
        (&["clients:read"], json!([OUTSIDE]), 201),
    ] {
        let body = json!({
            "client_name": "x", "permissions": management(scopes), "allowed_ips": allowed_ips
        });
        assert_eq!(admin.create(&body).await.status, status, "{scopes:?} {allowed_ips}");
    }
}

#[tokio::test]
async fn management_scopes_are_not_granted_beyond_callers_networks() {
    let admin = Restricted::new(&["clients:manage"]).await;
    let anywhere = admin.app.fixtures().client().await;
    let path = format!("{}/permissions", anywhere.path());
    let body = json!({ "permissions": management(&["clients:manage"]) });
    assert_eq!(admin.send("PUT", &path, &body).await.expect(403).problem(), "forbidden");
    admin.send("PATCH", &anywhere.path(), &json!({ "allowed_ips": [INSIDE] })).await.expect(200);
    admin.send("PUT", &path, &body).await.expect(200);
}

#[tokio::test]
async fn credentials_of_wider_client_are_not_given_out() {
    let admin = Restricted::new(&["clients:manage", "secrets:reveal"]).await;
    let members = json!({
        "permissions": management(&["clients:manage", "secrets:reveal"]), "secret_display": "on_request"
    });
    let anywhere = admin.app.fixtures().client_with(ACCOUNT, &members).await;
    for (method, path) in [
        ("POST", anywhere.secrets()),
        ("POST", format!("{}/duplicate", anywhere.path())),
        ("GET", format!("{}/value", anywhere.secret(&anywhere.secret_id))),
    ] {
        let response = admin.send(method, &path, &json!({})).await.expect(403);
        assert_eq!(response.problem(), "forbidden", "{method} {path}");
    }
    admin.send("POST", &admin.client.secrets(), &json!({})).await.expect(201);
}

#[tokio::test]
async fn equal_client_cannot_be_widened() {
    let app = TestApp::with_fixtures().await;
    let scopes = ["clients:manage", "clients:read"];
    let (_, token) = app.fixtures().administrator(ACCOUNT, &scopes).await;
    let members = json!({ "permissions": management(&scopes), "allowed_ips": [NETWORK] });
    let sibling = app.fixtures().client_with(ACCOUNT, &members).await;
    let identity = json!([{ "issuer": "https://issuer.example.com", "subject": "s", "audience": "a" }]);
    let permissions = json!([
        { "resource": "latchkey", "scopes": scopes }, { "resource": "backoffice_api", "scopes": ["orders:read"] }
    ]);
    let rights = format!("{}/permissions", sibling.path());
    for (method, path, body) in [
        ("PATCH", sibling.path(), json!({ "allowed_ips": [] })),
        ("PATCH", sibling.path(), json!({ "allowed_ips": [NETWORK, OUTSIDE] })),
        ("PATCH", sibling.path(), json!({ "federated_identities": identity })),
        ("PATCH", sibling.path(), json!({ "jwks_uri": "https://keys.example.com/jwks.json" })),
        ("PATCH", sibling.path(), json!({ "grant_types": ["client_credentials", "refresh_token"] })),
        ("PUT", rights.clone(), json!({ "permissions": permissions })),
    ] {
        let response = app.request(method, &path).bearer(&token).json(&body).send().await.expect(403);
        assert_eq!(response.problem(), "forbidden", "{body}");
    }
    for (method, path, body) in [
        ("PATCH", sibling.path(), json!({ "description": "Deploys", "allowed_ips": [INSIDE] })),
        ("PUT", rights, json!({ "permissions": management(&["clients:read"]) })),
        ("PATCH", sibling.path(), json!({ "allowed_ips": [] })),
    ] {
        app.request(method, &path).bearer(&token).json(&body).send().await.expect(200);
    }
}

#[tokio::test]
async fn holder_of_more_scopes_widens_freely() {
    let admin = Restricted::new(&["clients:manage", "clients:read", "audit:read"]).await;
    let scopes = ["clients:manage", "clients:read"];
    let members = json!({ "permissions": management(&scopes), "allowed_ips": [NETWORK] });
    let weaker = admin.app.fixtures().client_with(ACCOUNT, &members).await;
    admin.send("PATCH", &weaker.path(), &json!({ "allowed_ips": [OUTSIDE] })).await.expect(200);
    admin.send("POST", &weaker.secrets(), &json!({})).await.expect(201);
}
