//! Authorization of the management API's callers.

mod caller_revocation;
mod chosen_ids;
mod grants;
mod last_operator;
mod scopes;
mod siblings;
mod tenant_isolation;
mod tokens;

use crate::support::fixtures::TestClient;
use serde_json::{Value, json};

/// Every management scope but the operator's.
pub const ALL_BUT_OPERATOR: [&str; 6] =
    ["resources:manage", "members:manage", "clients:read", "clients:manage", "secrets:reveal", "audit:read"];

/// One route of the management API, and the scope that it requires.
pub struct Route {
    pub method: &'static str,
    pub path: String,
    pub body: Value,
    pub scope: &'static str,
}

/// Every route that requires a scope, for this client. The last one deletes the client.
pub fn routes(client: &TestClient) -> Vec<Route> {
    let mut all = Vec::new();
    let mut add = |method, path: String, body, scope| all.push(Route { method, path, body, scope });
    add("POST", "/v1/accounts".into(), json!({}), "accounts:manage");
    add("GET", "/v1/accounts".into(), Value::Null, "accounts:manage");
    let export = format!("/v1/accounts/{}/export", client.account_id);
    add("GET", export, Value::Null, "accounts:manage");
    add("POST", "/v1/resources".into(), json!({}), "resources:manage");
    add("PATCH", "/v1/resources/backoffice_api".into(), json!({}), "resources:manage");
    add("DELETE", "/v1/resources/nothing".into(), Value::Null, "resources:manage");
    add("POST", "/v1/templates".into(), json!({}), "resources:manage");
    add("PATCH", "/v1/templates/nothing".into(), json!({}), "resources:manage");
    add("DELETE", "/v1/templates/nothing".into(), Value::Null, "resources:manage");
    add("GET", "/v1/catalogue".into(), Value::Null, "resources:manage");
    add("PUT", "/v1/catalogue".into(), json!({}), "resources:manage");
    all.extend(account_routes(client));
    all
}

/// The routes within an account.
pub fn account_routes(client: &TestClient) -> Vec<Route> {
    let account = format!("/v1/accounts/{}", client.account_id);
    let mut all = Vec::new();
    let mut add = |method, path: String, body, scope| all.push(Route { method, path, body, scope });
    add(
        "POST",
        format!("{account}/members"),
        json!({ "email": "a@b.example", "name": "A", "invite": true }),
        "members:manage",
    );
    add("GET", format!("{account}/members"), Value::Null, "members:manage");
    add("GET", format!("{account}/members/a@b.example"), Value::Null, "members:manage");
    add("POST", format!("{account}/members/a@b.example/revoke-tokens"), Value::Null, "members:manage");
    add("POST", format!("{account}/members/a@b.example/invitation"), Value::Null, "members:manage");
    add("PATCH", format!("{account}/members/a@b.example"), json!({}), "members:manage");
    let link = json!({ "email": "a@b.example" });
    add("POST", format!("{account}/console-links"), link, "members:manage");
    add("DELETE", format!("{account}/members/a@b.example"), Value::Null, "members:manage");
    add("POST", format!("{account}/clients"), json!({ "client_name": "x" }), "clients:manage");
    add("GET", format!("{account}/clients"), Value::Null, "clients:read");
    add("GET", format!("{account}/expiries"), Value::Null, "clients:read");
    add("GET", format!("{account}/audit"), Value::Null, "audit:read");
    all.extend(client_routes(client));
    all
}

/// The routes of one client.
pub fn client_routes(client: &TestClient) -> Vec<Route> {
    let (path, secret) = (client.path(), client.secret(&client.secret_id));
    let mut all = Vec::new();
    let mut add = |method, path: String, body, scope| all.push(Route { method, path, body, scope });
    add("GET", path.clone(), Value::Null, "clients:read");
    add("GET", client.secrets(), Value::Null, "clients:read");
    add("GET", format!("{secret}/value"), Value::Null, "secrets:reveal");
    add("GET", format!("{path}/consents"), Value::Null, "clients:read");
    add("DELETE", format!("{path}/consents/nothing"), Value::Null, "clients:manage");
    add("PATCH", path.clone(), json!({ "description": "x" }), "clients:manage");
    add("PUT", format!("{path}/permissions"), json!({ "permissions": [] }), "clients:manage");
    add("POST", format!("{path}/disable"), Value::Null, "clients:manage");
    add("POST", format!("{path}/enable"), Value::Null, "clients:manage");
    add("POST", format!("{path}/duplicate"), json!({}), "clients:manage");
    add("POST", format!("{path}/revoke-tokens"), Value::Null, "clients:manage");
    add("POST", client.secrets(), json!({}), "clients:manage");
    add("DELETE", secret, Value::Null, "clients:manage");
    add("DELETE", path, Value::Null, "clients:manage");
    all
}

impl crate::support::app::TestApp {
    /// Sends a request for a route with a token.
    pub async fn send_route(&self, route: &Route, token: &str) -> crate::support::http::TestResponse {
        let request = self.request(route.method, &route.path).bearer(token);
        if route.body.is_null() { request.send().await } else { request.json(&route.body).send().await }
    }
}
