mod about_tokens;
mod authorize;
mod clock;
mod family_faults;
mod faults;
mod introspect;
mod logged;
mod revoke;
mod token;

use crate::support::answer::{Answer, Ask};
use crate::support::house::TestHouse;
use crate::support::things::TestClient;

/// The endpoints that are asked about a token.
pub const ABOUT_TOKENS: [&str; 3] = ["/oauth/introspect", "/oauth/check_token", "/oauth/revoke"];

impl TestHouse {
    /// An access token of this client.
    pub async fn access_token(&self, client: &TestClient) -> String {
        self.token(&client.client_id, &client.client_secret, "").await.expect(200).string("access_token")
    }

    /// Asks about a token, which has to be form-encoded unless it is one.
    pub fn about(&self, path: &str, caller: &TestClient, token: &str) -> Ask {
        let ask = self.ask("POST", path).basic(&caller.client_id, &caller.client_secret);
        ask.form(&format!("token={token}"))
    }

    pub async fn introspect(&self, caller: &TestClient, token: &str) -> Answer {
        self.about("/oauth/introspect", caller, token).send().await.expect(200)
    }

    pub async fn is_active(&self, caller: &TestClient, token: &str) -> bool {
        self.introspect(caller, token).await.json()["active"].as_bool().unwrap()
    }

    pub async fn revoke(&self, caller: &TestClient, token: &str) -> Answer {
        self.about("/oauth/revoke", caller, token).send().await.expect(200)
    }
}
