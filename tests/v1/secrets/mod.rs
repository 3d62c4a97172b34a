//! `/v1/accounts/{account_id}/clients/{client_id}/secrets`.

mod add;
mod reveal;
mod revoke;
mod storage_races;
mod vault;

use crate::support::answer::Answer;
use crate::support::house::TestHouse;
use crate::support::things::TestClient;
use serde_json::Value;

impl TestClient {
    pub fn secrets(&self) -> String {
        format!("{}/secrets", self.path())
    }

    pub fn secret(&self, secret_id: &str) -> String {
        format!("{}/secrets/{secret_id}", self.path())
    }
}

impl TestHouse {
    pub async fn add_secret(&self, client: &TestClient, body: &Value) -> Answer {
        self.post(&client.secrets(), body).await
    }

    /// The ids of a client's live secrets, oldest first.
    pub async fn live(&self, client: &TestClient) -> Vec<String> {
        let mut secrets = self.items_of(&client.secrets()).await;
        secrets.retain(|secret| secret["status"] == "active");
        super::each(&secrets, "secret_id")
    }
}
