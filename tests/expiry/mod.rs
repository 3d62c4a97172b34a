//! The scheduled job.

mod certificates;
mod clock;
mod faults;
mod growth;
mod killed;
mod refusals;
mod telling;
mod tidying;

use crate::support::house::TestHouse;
use serde_json::json;

impl TestHouse {
    /// A person who may manage clients.
    pub async fn holder(&self, account: &str, email: &str) {
        let body = json!({ "email": email, "name": "Ann", "permissions": ["clients:manage"] });
        let path = format!("/v1/accounts/{account}/members");
        self.admin_ask("POST", &path).await.json(&body).send().await.expect(201);
    }
}
