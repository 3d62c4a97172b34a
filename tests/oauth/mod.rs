mod authorize;
mod clock;
mod cors;
mod faults;
mod faults_families;
mod idp;
mod introspect;
mod logging;
mod metrics;
mod refusals;
mod revoke;
pub mod token;
mod token_endpoints_auth;
mod well_known;

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::http::{TestRequest, TestResponse};

/// The endpoints that take a token as parameter.
pub const ABOUT_TOKENS: [&str; 3] = ["/oauth/introspect", "/oauth/check_token", "/oauth/revoke"];

impl TestApp {
    /// An access token of this client.
    pub async fn access_token(&self, client: &TestClient) -> String {
        self.token(&client.client_id, &client.client_secret, "").await.expect(200).string("access_token")
    }

    /// A request about a token, which has to be form-encoded already.
    pub fn about(&self, path: &str, caller: &TestClient, token: &str) -> TestRequest {
        let request = self.request("POST", path).basic(&caller.client_id, &caller.client_secret);
        request.form(&format!("token={token}"))
    }

    pub async fn introspect(&self, caller: &TestClient, token: &str) -> TestResponse {
        self.about("/oauth/introspect", caller, token).send().await.expect(200)
    }

    pub async fn is_active(&self, caller: &TestClient, token: &str) -> bool {
        self.introspect(caller, token).await.json()["active"].as_bool().unwrap()
    }

    pub async fn revoke(&self, caller: &TestClient, token: &str) -> TestResponse {
        self.about("/oauth/revoke", caller, token).send().await.expect(200)
    }
}
