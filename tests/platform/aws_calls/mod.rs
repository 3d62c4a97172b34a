//! How AWS is called, whatever for: what is sent again and how, how long it may take, and which answers are believed.

mod deadlines;
mod idempotency_tokens;
mod implausible_responses;
mod pagination;
mod retries;

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};
use axum::Router;

/// Requests a token with the client's secret.
async fn request_token(router: &Router, client: &TestClient) -> TestResponse {
    let ask = TestRequest::new(router.clone(), "POST", "/oauth/token");
    let ask = ask.basic(&client.client_id, &client.client_secret);
    ask.form("grant_type=client_credentials&scope=orders:read").send().await
}

/// Adds a secret to a client.
async fn add_secret(latchkey: &TestApp, client: &TestClient) -> TestResponse {
    latchkey.admin_request("POST", &client.secrets()).await.send().await
}
