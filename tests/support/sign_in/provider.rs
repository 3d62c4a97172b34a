//! An OpenID Connect provider that people sign in at.

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::FakeInternet;
use crate::support::sign_in::browser::{Browser, PageVisit};
use serde_json::{Value, json};
use shared::adapters::oidc::OidcConfig;
use shared::app::Config;
use shared::domain::net::provider_url::ProviderUrl;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

pub const HOST: &str = "login.example.com";
const PROVIDER: &str = "https://login.example.com";
const SECRET: &str = "pr0vider-s3cret";

/// A provider with one user at a time.
pub struct FakeProvider {
    pub internet: FakeInternet,
    key: TestKey,
}

impl FakeProvider {
    pub async fn start() -> Self {
        let (internet, key) = (FakeInternet::start().await, TestKey::new("ES256").named("k1"));
        internet.publish(
            HOST,
            "/.well-known/openid-configuration",
            &json!({
                "issuer": PROVIDER, "authorization_endpoint": format!("{PROVIDER}/authorize"),
                "token_endpoint": format!("{PROVIDER}/token"), "jwks_uri": format!("{PROVIDER}/keys"),
            }),
        );
        internet.publish(HOST, "/keys", &key.jwks());
        Self { internet, key }
    }

    /// Has a deployment sign people in here.
    pub fn configure(&self, config: &mut Config) {
        config.internet = self.internet.internet();
        config.upstream = Some(OidcConfig {
            issuer: ProviderUrl::parse_issuer(PROVIDER).unwrap(),
            client_id: "latchkey".to_owned(),
            client_secret: format!("latchkey/{}/upstream", config.stage),
            trusted_audiences: Vec::new(),
            unverified_email: UnverifiedEmailPolicy::Refuse,
        });
    }

    /// Stores the secret that the provider knows a deployment by.
    pub async fn store_secret(latchkey: &TestApp) {
        let name = format!("latchkey/{}/upstream", latchkey.server.management.app.config.stage);
        let secrets = latchkey.server.aws.secrets_manager();
        secrets.create_secret().name(name).secret_string(SECRET).send().await.unwrap();
    }

    /// Exchanges every code for an ID token with this address and `sub`.
    pub fn exchange_code_as(
        &self,
        latchkey: &TestApp,
        redirect: &AuthorizationRedirect,
        email: &str,
        sub: &str,
    ) {
        let now = latchkey.now().as_second();
        let claims = json!({
            "iss": PROVIDER, "aud": "latchkey", "sub": sub, "iat": now, "exp": now + 300, "nonce": redirect.nonce,
            "email": email, "email_verified": true, "auth_time": now,
        });
        let tokens: Value = json!({
            "token_type": "Bearer", "access_token": "t", "expires_in": 300, "id_token": self.key.assert(&claims),
        });
        self.internet.publish(HOST, "/token", &tokens);
    }

    /// Goes on at the provider from a page of the sign-in, and comes back.
    pub async fn sign_in(
        &self,
        latchkey: &TestApp,
        browser: &Browser,
        page: &PageVisit,
        email: &str,
    ) -> PageVisit {
        let redirect = AuthorizationRedirect::of(&browser.submit(&page.form("/upstream")).await);
        self.exchange_code_as(latchkey, &redirect, email, email);
        browser.get(&redirect.callback("code=c")).await
    }
}

/// The authorization request to the provider.
pub struct AuthorizationRedirect {
    state: String,
    nonce: String,
}

impl AuthorizationRedirect {
    pub fn of(visit: &PageVisit) -> Self {
        let (redirect_uri, query) = visit.redirect_target();
        assert_eq!(redirect_uri, format!("{PROVIDER}/authorize"));
        assert_eq!(query["redirect_uri"], format!("{ISSUER}/oauth/callback"));
        assert_eq!(
            (query["response_type"].as_str(), query["code_challenge_method"].as_str()),
            ("code", "S256")
        );
        Self { state: query["state"].clone(), nonce: query["nonce"].clone() }
    }

    pub fn callback(&self, more: &str) -> String {
        format!("/oauth/callback?state={}&{more}", self.state)
    }
}
