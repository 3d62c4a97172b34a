//! A sample account, so that the console has something to show: members, an API in two stages, and clients in every state worth
//! seeing. It is made by the management API, as the operator.

mod data;

pub use data::ADMINISTRATOR;

use data::{clients, payments, people, resource};

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

/// A response is no longer than this, in bytes.
const MAX_RESPONSE: usize = 1024 * 1024;

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
