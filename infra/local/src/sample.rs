//! A sample account, so that the console has something to show: members, an API in two stages, and clients in every state worth
//! seeing. It is made by the management API, as the operator.

use crate::error::SampleError;
use crate::server::LocalServer;
use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, header};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::{Value, json};
use tower::ServiceExt;

/// The account.
pub const ACCOUNT: &str = "SAMPLE01";

/// Its administrator.
pub const ADMINISTRATOR: &str = "ann@acme.example";

/// A response is no longer than this, in bytes.
const MAX_RESPONSE: usize = 1024 * 1024;

/// A public key (EC P-256) of which no one has the private one.
const PUBLIC_KEY: &str = r#"{"kty":"EC","crv":"P-256","kid":"warehouse-1",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

/// A certificate of a key of which no one has the private one. It ends in 2036.
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBjDCCATGgAwIBAgIUIS8QRmM9x5GZfXh9uSuLHcDpnxkwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQQmlsbGluZyAoc2FtcGxlKTAeFw0yNjExMjgwOTI1MzJaFw0z
NjExMjUwOTI1MzJaMBsxGTAXBgNVBAMMEEJpbGxpbmcgKHNhbXBsZSkwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAASL1oP4xVvJeStOh9kNwKbUJIsR5P5DwAifaAgZ
xDLd7IWvC7LVkvKhWs1MLGRRrvn9W3do8w95iIl3LX8QAkIlo1MwUTAdBgNVHQ4E
FgQU6J5l58YyMJ7CXyuFpX1PjOi2H58wHwYDVR0jBBgwFoAU6J5l58YyMJ7CXyuF
pX1PjOi2H58wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAjQHt
tBk6eh8kQqn290AVuwZanYHTVN7O9H+8Ms9Icu8CIQCrAxjFkljvTvcK4O/DNAF4
u4hLO3Aw+UYMpMsyNjHbeg==
-----END CERTIFICATE-----";

/// Makes the sample account, if there is no account but the operator's.
pub async fn ensure(server: &LocalServer) -> Result<(), SampleError> {
    let operator = Operator::sign_in(server).await?;
    let accounts = operator.send("GET", "/v1/accounts", &Value::Null).await?;
    if accounts["items"].as_array().is_none_or(|items| items.len() != 1) {
        return Ok(());
    }
    let account = json!({ "account_id": ACCOUNT, "account_name": "Acme (sample)" });
    operator.post("/v1/accounts", &account).await?;
    for (stage, name) in [("production", "Orders"), ("test", "Orders, test")] {
        operator.post("/v1/resources", &resource(stage, name)).await?;
    }
    for payments in payments() {
        operator.post("/v1/resources", &payments).await?;
    }
    let below = |path: &str| format!("/v1/accounts/{ACCOUNT}/{path}");
    for (email, name, permissions) in people() {
        let member = json!({ "email": email, "name": name, "permissions": permissions });
        operator.post(&below("members"), &member).await?;
    }
    let now = server.clock.now();
    make_with_expired_secret(server, now, &below("clients")).await?;
    for client in clients(&date(now, 5)) {
        operator.post(&below("clients"), &client).await?;
    }
    operator.use_and_rotate(&below("clients")).await
}

/// A client whose secret has ended: it is made twenty days ago, with a secret that ended three days ago.
async fn make_with_expired_secret(
    server: &LocalServer,
    now: Timestamp,
    clients: &str,
) -> Result<(), SampleError> {
    let ago = SignedDuration::from_hours(20 * 24);
    server.clock.set(now.saturating_sub(ago).unwrap_or_default());
    let made = async {
        let client = json!({
            "client_name": "Newsletter", "description": "Its secret was not replaced in time.",
            "permissions": [{ "resource": "orders_production", "scopes": ["orders:read"] }],
            "secret": { "expires_on": date(now, -3) },
        });
        Operator::sign_in(server).await?.post(clients, &client).await
    };
    let made = made.await;
    server.clock.set(server.clock.now().saturating_add(ago).unwrap_or_default());
    made.map(|_| ())
}

/// The date (UTC) so many days later.
fn date(now: Timestamp, days: i64) -> String {
    now.to_zoned(TimeZone::UTC).date().saturating_add(days.days()).to_string()
}

fn people() -> [(&'static str, &'static str, Value); 3] {
    let all = json!(["clients:read", "clients:manage", "members:manage", "secrets:reveal", "audit:read"]);
    [
        (ADMINISTRATOR, "Ann", all),
        ("ben@acme.example", "Ben", json!(["clients:read", "clients:manage"])),
        ("cleo@acme.example", "Cleo", json!(["clients:read"])),
    ]
}

fn resource(stage: &str, name: &str) -> Value {
    let host = if stage == "test" { "orders.test.acme.example" } else { "orders.acme.example" };
    json!({
        "resource_id": format!("orders_{stage}"), "resource_name": name, "service": "orders", "stage": stage,
        "audience": format!("https://{host}"), "account_access": "all",
        "scopes": [
            { "name": "orders:read", "description": "Read orders" },
            { "name": "orders:write", "description": "Create and change orders" },
            { "name": "refunds:write", "description": "Refund payments" },
        ],
    })
}

/// Two APIs of one service and stage, of which a client holds one, and the only one of another stage.
fn payments() -> [Value; 3] {
    let read = json!({ "name": "payments:read", "description": "See payments" });
    let create = json!({
        "name": "payments:create", "description": "Take payments", "implies": ["payments:read"],
    });
    let payout = json!({ "name": "payouts:create", "description": "Pay out", "implies": ["payments:read"] });
    let api = |id: &str, name: &str, stage: &str, scopes: Value| {
        json!({
            "resource_id": id, "resource_name": name, "service": "payments", "stage": stage,
            "audience": format!("https://{}.acme.example", id.replace('_', "-")), "account_access": "all",
            "scopes": scopes,
        })
    };
    [
        api("payments", "Payments", "production", json!([read, create, payout])),
        api("payments_reports", "Payment reports", "production", json!([read])),
        api("payments_test", "Payments, test", "test", json!([read, create])),
    ]
}

/// The clients; some end soon.
fn clients(soon: &str) -> Vec<Value> {
    let permissions =
        |stage: &str, scopes: &[&str]| json!([{ "resource": format!("orders_{stage}"), "scopes": scopes }]);
    let read = || permissions("production", &["orders:read"]);
    let key: Value = serde_json::from_str(PUBLIC_KEY).unwrap_or_default();
    let browser = json!({
        "client_name": "Order board", "client_uri": "https://board.acme.example", "permissions": read(),
        "grant_types": ["authorization_code", "refresh_token"], "token_endpoint_auth_method": "none",
        "redirect_uris": ["https://board.acme.example/callback"],
    });
    vec![
        json!({
            "client_name": "Deployments", "description": "Runs in GitHub Actions, without a secret.",
            "token_endpoint_auth_method": "private_key_jwt", "permissions": read(),
            "federated_identities": [{
                "issuer": "https://token.actions.githubusercontent.com",
                "subject": "repo:acme/shop:environment:production", "audience": "latchkey",
            }],
        }),
        json!({
            "client_name": "Billing", "description": "Signs with the key of a certificate.",
            "token_endpoint_auth_method": "private_key_jwt", "public_key_pem": CERTIFICATE,
            "permissions": read(),
        }),
        json!({
            "client_name": "Shops", "client_uri": "https://shops.acme.example", "permissions": read(),
            "grant_types": ["authorization_code"], "redirect_uris": ["https://*.shops.acme.example/callback"],
        }),
        json!({ "client_name": "Old import", "description": "Replaced by Order sync.", "status": "disabled" }),
        json!({ "client_name": "Price feed" }),
        json!({
            "client_name": "Warehouse", "description": "Signs with a key of its own.",
            "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [key] }, "permissions": read(),
        }),
        browser,
        json!({
            "client_name": "Test runner", "permissions": permissions("test", &["orders:read", "orders:write"]),
            "allowed_ips": ["203.0.113.0/24"],
        }),
        json!({
            "client_name": "Accounting export", "secret": { "expires_on": soon },
            "permissions": [
                { "resource": "orders_production", "scopes": ["orders:read"] },
                { "resource": "payments", "scopes": ["payments:create"] },
            ],
        }),
        json!({ "client_name": "Refunds", "contacts": ["ops@acme.example"],
            "permissions": permissions("production", &["orders:read", "refunds:write"]) }),
        json!({
            "client_name": "Order sync", "description": "Copies orders into the ERP every night.",
            "contacts": ["ops@acme.example"],
            "permissions": permissions("production", &["orders:read", "orders:write"]),
        }),
    ]
}

/// The operator, as a caller of the management API.
struct Operator {
    router: Router,
    token: String,
}

impl Operator {
    async fn sign_in(server: &LocalServer) -> Result<Self, SampleError> {
        let mut operator = Self { router: server.router(), token: String::new() };
        let (id, secret) = (server.operator.client_id.as_str(), server.operator.client_secret.expose());
        operator.token = operator.token_of(id, secret).await?;
        Ok(operator)
    }

    /// A token of a client.
    async fn token_of(&self, client_id: &str, client_secret: &str) -> Result<String, SampleError> {
        let body = json!({
            "grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret,
        });
        let response = self.send("POST", "/oauth/token", &body).await?;
        Ok(response["access_token"].as_str().unwrap_or_default().to_owned())
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, SampleError> {
        self.send("POST", path, body).await
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Result<Value, SampleError> {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::CONTENT_TYPE, "application/json");
        if !self.token.is_empty() && path != "/oauth/token" {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let failed = |reason: String| SampleError { path: path.to_owned(), reason };
        let request = request.body(body).map_err(|error| failed(error.to_string()))?;
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), MAX_RESPONSE).await;
        let bytes = bytes.map_err(|error| failed(error.to_string()))?;
        if status.is_success() {
            Ok(serde_json::from_slice(&bytes).unwrap_or_default())
        } else {
            Err(failed(String::from_utf8_lossy(&bytes).into_owned()))
        }
    }

    /// Uses the secret of the newest client, gives it a second one, and pauses the one before.
    async fn use_and_rotate(&self, clients: &str) -> Result<(), SampleError> {
        let listed = self.send("GET", clients, &Value::Null).await?;
        for (index, name) in ["Order sync", "Refunds"].into_iter().enumerate() {
            let found = listed["items"].as_array().into_iter().flatten();
            let Some(client) = found.clone().find(|client| client["client_name"] == name) else { continue };
            let id = client["client_id"].as_str().unwrap_or_default();
            let secrets = format!("{clients}/{id}/secrets");
            let added = self.post(&secrets, &json!({ "label": "ERP 2" })).await?;
            if index == 0 {
                let secret = added["client_secret"].as_str().unwrap_or_default();
                self.token_of(id, secret).await?;
            } else {
                let added = added["secret_id"].as_str().unwrap_or_default();
                self.post(&format!("{secrets}/{added}/pause"), &json!({})).await?;
            }
        }
        Ok(())
    }
}
