//! Things that most tests need: an account, a resource, a client.

use crate::support::app::TestApp;
use local::server::REMIND_OPERATOR;
use serde_json::{Value, json};
use shared::app::bootstrap;
use shared::app::operator_credentials;

/// A client that was made.
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

impl TestApp {
    /// A latchkey with [`ACCOUNT`] and the resource `backoffice_api` (audience [`AUDIENCE`], scopes
    /// `orders:read` by default, and `orders:write`).
    pub async fn with_fixtures() -> Self {
        let latchkey = Self::new().await;
        latchkey.seed().await;
        latchkey
    }

    pub async fn seed(&self) {
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

    pub async fn account(&self, id: &str) {
        let body = json!({ "account_id": id, "account_name": format!("Account {id}") });
        self.admin_request("POST", "/v1/accounts").await.json(&body).send().await.expect(201);
    }

    pub async fn resource(&self, body: &Value) {
        self.admin_request("POST", "/v1/resources").await.json(body).send().await.expect(201);
    }

    /// A client of [`ACCOUNT`] with `orders:read` and `orders:write`.
    pub async fn client(&self) -> TestClient {
        let scopes = ["orders:read", "orders:write"];
        self.client_like(
            ACCOUNT,
            &json!({ "permissions": [{ "resource": "backoffice_api", "scopes": scopes }] }),
        )
        .await
    }

    /// A client with these members, named "Order sync" unless they say otherwise.
    pub async fn client_like(&self, account: &str, members: &Value) -> TestClient {
        let mut body = json!({ "client_name": "Order sync" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{account}/clients");
        let answer = self.admin_request("POST", &path).await.json(&body).send().await.expect(201);
        TestClient {
            account_id: account.to_owned(),
            client_id: answer.string("client_id"),
            client_secret: answer.string("client_secret"),
            secret_id: answer.string("secret_id"),
        }
    }

    /// A client with these management scopes, and a token of it: an administrator of the account.
    pub async fn administrator(&self, account: &str, scopes: &[&str]) -> (TestClient, String) {
        let permissions = json!([{ "resource": "latchkey", "scopes": scopes }]);
        let client = self.client_like(account, &json!({ "permissions": permissions })).await;
        let token = self.token(&client.client_id, &client.client_secret, "").await.expect(200);
        let token = token.string("access_token");
        (client, token)
    }
}

impl TestApp {
    /// After a long time the operator's first secret has ended: a restart would make a new one, and so
    /// does this. Returns a token.
    pub async fn renew_operator(&self) -> String {
        let management = &self.server.management;
        bootstrap(management, &self.server.aws.secrets_manager(), REMIND_OPERATOR).await.unwrap();
        let renewed = operator_credentials(management).await.unwrap();
        let answer = self.token(renewed.client_id.as_str(), renewed.client_secret.expose(), "").await;
        answer.expect(200).string("access_token")
    }
}
