//! Properties of all AWS calls: retries, deadlines, idempotency tokens, and checks of responses.

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
    let request = TestRequest::new(router.clone(), "POST", "/oauth/token");
    let request = request.basic(&client.client_id, &client.client_secret);
    request.form("grant_type=client_credentials&scope=orders:read").send().await
}

/// Adds a secret to a client.
async fn add_secret(latchkey: &TestApp, client: &TestClient) -> TestResponse {
    latchkey.admin_request("POST", &client.secrets()).await.send().await
}
