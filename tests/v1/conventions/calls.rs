//! The AWS calls of requests about clients: each reads its account once, for every kind of caller.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::v1::{CLIENTS, backoffice};
use serde_json::{Value, json};
use shared::domain::client::SecretStorage;

struct Caller<'a> {
    latchkey: &'a TestApp,
    proxy: &'a AwsProxy,
    token: &'a str,
}

impl Caller<'_> {
    /// The calls of a request, and its response.
    async fn calls(&self, method: &str, path: &str, body: &Value) -> (String, TestResponse) {
        // Beside them: at most once a minute, the resources.
        self.latchkey.server.management.app.catalogue(self.latchkey.now()).await.unwrap();
        self.proxy.take_calls();
        let request = self.latchkey.request(method, path).bearer(self.token);
        let request = if body.is_null() { request } else { request.json(body) };
        let response = request.send().await;
        assert!(response.status.is_success(), "{method} {path}: {}", response.text());
        (self.proxy.take_counts(), response)
    }

    async fn create(&self, more: &Value) -> (String, String) {
        let mut body = json!({
            "client_name": "x", "permissions": backoffice(&["orders:read"]),
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (calls, created) = self.calls("POST", CLIENTS, &body).await;
        (calls, created.header("location").to_owned())
    }
}

/// The calls of each request. Those of every request: the caller and its secrets, its account, and whether its token was
/// revoked.
async fn assert_calls(caller: &Caller<'_>, reads: &str) {
    let (calls, path) = caller.create(&json!({})).await;
    assert_eq!(calls, format!("{reads}, 3 Query, TransactWriteItems"), "creation: the mails and members");
    // The client or the list, and the mails and members of the account.
    for path in [&path, CLIENTS] {
        let (calls, _) = caller.calls("GET", path, &Value::Null).await;
        assert_eq!(calls, format!("{reads}, 4 Query"), "GET {path}");
    }
    let permissions = json!({ "permissions": backoffice(&["orders:write"]) });
    let (calls, _) = caller.calls("PUT", &format!("{path}/permissions"), &permissions).await;
    assert_eq!(calls, format!("{reads}, 4 Query, TransactWriteItems"), "permissions");
}

#[tokio::test]
async fn requests_about_clients_read_the_account_once() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |config| {
        config.secret_storage = SecretStorage::DigestOnly;
    })
    .await;
    latchkey.fixtures().seed().await;
    let scopes = ["clients:read", "clients:manage"];
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &scopes).await;
    let own = Caller { latchkey: &latchkey, proxy: &proxy, token: &token };
    own.create(&json!({})).await;
    assert_calls(&own, "2 GetItem").await;
    let operator = Caller { token: latchkey.admin().await, ..own };
    assert_calls(&operator, "3 GetItem").await;
}
