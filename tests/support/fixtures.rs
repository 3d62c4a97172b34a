//! Items that most tests need: an account, a resource, a client.

use crate::support::app::TestApp;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use serde_json::{Value, json};
use shared::domain::primitives::ids::AccountId;
use shared::domain::sign_in::rate_limit::RateLimitDecision;
use shared::services::clients::lookup_counter;
use std::collections::HashMap;
use tokio::task::JoinSet;

/// A client that was created.
#[derive(Clone, Debug)]
pub struct TestClient {
    pub account_id: String,
    pub client_id: String,
    pub client_secret: String,
    pub secret_id: String,
}

impl TestClient {
    pub fn path(&self) -> String {
        format!("/v1/accounts/{}/clients/{}", self.account_id, self.client_id)
    }
}

pub const ACCOUNT: &str = "T12345678";
pub const AUDIENCE: &str = "https://api.example.com";

/// Builders of an app's items.
#[derive(Clone, Copy)]
pub struct Fixtures<'a>(pub &'a TestApp);

impl Fixtures<'_> {
    pub async fn seed(self) {
        self.account(ACCOUNT).await;
        self.resource(&json!({
            "resource_id": "backoffice_api",
            "resource_name": "Back office",
            "audience": AUDIENCE,
            "scopes": [{ "name": "orders:read", "description": "Read orders" }, { "name": "orders:write" }],
            "default_scopes": ["orders:read"],
        }))
        .await;
    }

    /// Uses up what [`ACCOUNT`] may have of look-ups of published keys in this hour.
    pub async fn use_up_key_lookups(self) {
        let (store, now) = (&self.0.server.management.app.store, self.0.now());
        let counter = lookup_counter(&AccountId::parse(ACCOUNT).unwrap());
        while store.check_rate_limit(&counter, now).await.unwrap() == RateLimitDecision::Allowed {}
    }

    pub async fn account(self, id: &str) {
        let body = json!({ "account_id": id, "account_name": format!("Account {id}") });
        self.0.admin_request("POST", "/v1/accounts").await.json(&body).send().await.expect(201);
    }

    /// A resource that all accounts may use, unless the body says otherwise.
    pub async fn resource(self, body: &Value) {
        let mut body = body.clone();
        body.as_object_mut().unwrap().entry("account_access").or_insert(json!("all"));
        let body = &body;
        self.0.admin_request("POST", "/v1/resources").await.json(body).send().await.expect(201);
    }

    /// A client of [`ACCOUNT`] with `orders:read` and `orders:write`.
    pub async fn client(self) -> TestClient {
        let scopes = ["orders:read", "orders:write"];
        self.client_with(
            ACCOUNT,
            &json!({ "permissions": [{ "resource": "backoffice_api", "scopes": scopes }] }),
        )
        .await
    }

    /// A client with these members, named "Order sync" unless they contain a name.
    pub async fn client_with(self, account: &str, members: &Value) -> TestClient {
        let mut body = json!({ "client_name": "Order sync" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{account}/clients");
        let response = self.0.admin_request("POST", &path).await.json(&body).send().await.expect(201);
        TestClient {
            account_id: account.to_owned(),
            client_id: response.string("client_id"),
            client_secret: response.string("client_secret"),
            secret_id: response.string("secret_id"),
        }
    }

    /// A client with these management scopes, and its token: an administrator of the account.
    pub async fn administrator(self, account: &str, scopes: &[&str]) -> (TestClient, String) {
        let permissions = json!([{ "resource": "latchkey", "scopes": scopes }]);
        let client = self.client_with(account, &json!({ "permissions": permissions })).await;
        let token = self.0.token(&client.client_id, &client.client_secret, "").await.expect(200);
        let token = token.string("access_token");
        (client, token)
    }
}

impl TestApp {
    /// Writes items to a table past the use cases: as many as tests of sizes need.
    pub async fn write_items(&self, table: &str, items: &[HashMap<String, AttributeValue>]) {
        let mut tasks = JoinSet::new();
        for batch in items.chunks(25) {
            let put = |item: &HashMap<String, AttributeValue>| {
                let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
                WriteRequest::builder().put_request(put).build()
            };
            let puts = batch.iter().map(put).collect();
            let request = self.server.aws.dynamodb().batch_write_item().request_items(table, puts);
            tasks.spawn(async move { request.send().await.unwrap() });
            if tasks.len() == 8 {
                tasks.join_next().await.unwrap().unwrap();
            }
        }
        tasks.join_all().await;
    }
}
