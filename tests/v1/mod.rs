//! The management API, route by route; then the behaviour that all routes share.

mod accounts;
mod audit;
mod authorization;
mod clients;
mod conventions;
mod errors;
mod events;
mod expiries;
mod faults;
mod members;
mod openapi;
mod resources;
mod secrets;
mod templates;

use crate::support::app::TestApp;
use crate::support::http::TestResponse;
use serde_json::{Value, json};

pub const ACCOUNTS: &str = "/v1/accounts";
pub const RESOURCES: &str = "/v1/resources";
pub const MEMBERS: &str = "/v1/accounts/T12345678/members";
pub const CLIENTS: &str = "/v1/accounts/T12345678/clients";
pub const AUDIT: &str = "/v1/accounts/T12345678/audit";

/// Requests of the operator.
impl TestApp {
    pub async fn get(&self, path: &str) -> TestResponse {
        self.admin_request("GET", path).await.send().await
    }

    pub async fn post(&self, path: &str, body: &Value) -> TestResponse {
        self.admin_request("POST", path).await.json(body).send().await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> TestResponse {
        self.admin_request("PATCH", path).await.json(body).send().await
    }

    pub async fn put(&self, path: &str, body: &Value) -> TestResponse {
        self.admin_request("PUT", path).await.json(body).send().await
    }

    pub async fn delete(&self, path: &str) -> TestResponse {
        self.admin_request("DELETE", path).await.send().await
    }

    /// The items of a list that fits one page.
    pub async fn list_items(&self, path: &str) -> Vec<Value> {
        let response = self.get(path).await.expect(200).json();
        assert!(response.get("next_cursor").is_none(), "the list has more pages: {response}");
        response["items"].as_array().unwrap().clone()
    }
}

/// One member of each item.
pub fn values_of(items: &[Value], member: &str) -> Vec<String> {
    items.iter().map(|item| item[member].as_str().unwrap().to_owned()).collect()
}

/// Fails the test unless `whole` has all members of `part`, with the same values.
#[track_caller]
pub fn assert_contains(whole: &Value, part: &Value) {
    for (name, value) in part.as_object().unwrap() {
        assert_eq!(&whole[name], value, "{name} in {whole}");
    }
}

/// A permission for the resource of the fixtures.
pub fn backoffice(scopes: &[&str]) -> Value {
    json!([{ "resource": "backoffice_api", "scopes": scopes }])
}

/// The date this many days after `now`, as a secret's `expires_on`.
pub fn days_ahead(latchkey: &TestApp, days: i64) -> String {
    let today = latchkey.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.checked_add(jiff::Span::new().days(days)).unwrap().to_string()
}
