//! `/v1/accounts/{account_id}/clients/{client_id}/secrets`.

mod add;
mod change;
mod deleted_secrets;
mod last_use;
mod pause;
mod reveal;
mod revoke;
mod secrets_manager;
mod storage_races;

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::TestResponse;
use serde_json::Value;

impl TestClient {
    pub fn secrets(&self) -> String {
        format!("{}/secrets", self.path())
    }

    pub fn secret(&self, secret_id: &str) -> String {
        format!("{}/secrets/{secret_id}", self.path())
    }
}

impl TestApp {
    pub async fn add_secret(&self, client: &TestClient, body: &Value) -> TestResponse {
        self.post(&client.secrets(), body).await
    }

    /// The ids of a client's live secrets, oldest first.
    pub async fn live_secret_ids(&self, client: &TestClient) -> Vec<String> {
        let mut secrets = self.list_items(&client.secrets()).await;
        secrets.retain(|secret| secret["status"] == "active");
        super::values_of(&secrets, "secret_id")
    }
}
