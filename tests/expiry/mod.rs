//! The scheduled job.

mod account_contacts;
mod certificates;
mod cleanup;
mod clock;
mod crash_recovery;
mod fairness;
mod faults;
pub mod invitations;
mod notices;
mod rejected_recipients;
mod removed_persons;
mod scaling;
mod stopping;
mod undelivered;

use crate::support::fixtures::Fixtures;
use serde_json::json;

impl Fixtures<'_> {
    /// A member with the scope `clients:manage`.
    pub async fn manager(self, account: &str, email: &str) {
        let body = json!({ "email": email, "name": "Ann", "permissions": ["clients:manage"] });
        let path = format!("/v1/accounts/{account}/members");
        self.0.admin_request("POST", &path).await.json(&body).send().await.expect(201);
    }
}
