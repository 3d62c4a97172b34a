//! Providers as they describe themselves: the metadata that each publishes, shortened to what is read, and an ID token
//! with the claims that it issues.

use crate::oauth::idp::{
    CLIENT_ID, CLIENT_SECRET, CODE, IdpFixture, REDIRECT_URI, decided, parameter, tokens,
};
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::FakeInternet;
use crate::support::sign_in::relying_party::RelyingParty;
use jiff::Timestamp;
use reqwest::Url;
use serde_json::{Value, json};
use shared::adapters::oidc::{AuthorizationResponse, ExternalIdentity, OidcClient, Prompt};
use shared::domain::sign_in::idp_error::IdpError;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

const NOW: i64 = 1_800_000_000;

/// A provider that is known to work, and what its page says that it needs.
struct Provider {
    description: Value,
    internet: FakeInternet,
    key: TestKey,
}

impl Provider {
    async fn new(description: &Value) -> Self {
        let provider = Self {
            description: description.clone(),
            internet: FakeInternet::start().await,
            key: TestKey::new("RS256").named("k"),
        };
        let issuer = provider.issuer().trim_end_matches('/').to_owned();
        let metadata = &description["metadata"];
        provider.publish(&format!("{issuer}/.well-known/openid-configuration"), metadata);
        provider.publish(metadata["jwks_uri"].as_str().unwrap(), &provider.key.jwks());
        if let Some(userinfo) = description.get("userinfo") {
            provider.publish(metadata["userinfo_endpoint"].as_str().unwrap(), userinfo);
        }
        provider
    }

    fn issuer(&self) -> &str {
        self.description["metadata"]["issuer"].as_str().unwrap()
    }

    fn publish(&self, url: &str, document: &Value) {
        let url = Url::parse(url).unwrap();
        self.internet.publish(url.host_str().unwrap(), url.path(), document);
    }

    /// Latchkey, configured for it as its page says.
    async fn relying_party(&self) -> RelyingParty {
        let internet = self.internet.internet();
        let mut latchkey = RelyingParty::new(internet, self.issuer(), CLIENT_ID, CLIENT_SECRET).await;
        if self.description["accepts_unverified"] == true {
            latchkey.config.unverified_email = UnverifiedEmailPolicy::Accept;
        }
        if let Some(trusted) = self.description["trusted_audiences"].as_array() {
            let trusted = trusted.iter().map(|audience| audience.as_str().unwrap().to_owned());
            latchkey.config.trusted_audiences = trusted.collect();
        }
        latchkey
    }

    /// A whole sign-in, with the claims of this provider but for `adjust`.
    async fn sign_in(
        &self,
        latchkey: &OidcClient,
        adjust: impl FnOnce(&mut Value),
    ) -> Result<ExternalIdentity, IdpError> {
        let now = Timestamp::from_second(NOW).unwrap();
        let redirect = latchkey.authorization_url("st4te", REDIRECT_URI, Prompt::None, now).await.unwrap();
        let issued = NOW - self.description["issued_before"].as_i64().unwrap_or_default();
        let mut claims = json!({
            "iss": self.issuer(), "aud": CLIENT_ID, "iat": issued, "nbf": issued, "exp": NOW + 300,
            "nonce": parameter(&redirect.url, "nonce"),
        });
        for (name, value) in self.description["claims"].as_object().unwrap() {
            claims[name] = value.clone();
        }
        adjust(&mut claims);
        let token_endpoint = self.description["metadata"]["token_endpoint"].as_str().unwrap();
        self.publish(token_endpoint, &tokens(&self.key.assert(&claims)));
        let announces_iss =
            self.description["metadata"]["authorization_response_iss_parameter_supported"] == true;
        let iss = announces_iss.then(|| self.issuer());
        let response = AuthorizationResponse::read(Some(CODE), None, iss).unwrap();
        decided(latchkey.exchange(response, &redirect.pending, REDIRECT_URI, now).await)
    }
}

fn described() -> Vec<Value> {
    serde_json::from_str(include_str!("providers.json")).unwrap()
}

#[tokio::test]
async fn people_sign_in_at_each_provider_that_is_known_to_work() {
    for description in described() {
        let provider = Provider::new(&description).await;
        let latchkey = provider.relying_party().await.start();
        let name = &description["provider"];
        let identity =
            provider.sign_in(&latchkey, |_| {}).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(identity.email.as_str(), "ann@acme.example", "{name}");
        assert_eq!(identity.subject, description["claims"]["sub"], "{name}");
    }
}

#[tokio::test]
async fn what_the_page_says_that_a_provider_needs_is_needed() {
    let mut needed = Vec::new();
    for description in described() {
        for (setting, reason) in [
            ("accepts_unverified", IdpError::EmailNotVerified),
            ("trusted_audiences", IdpError::WrongAudience),
        ] {
            let mut without = description.clone();
            if without.as_object_mut().unwrap().remove(setting).is_none() {
                continue;
            }
            let provider = Provider::new(&without).await;
            let latchkey = provider.relying_party().await.start();
            assert_eq!(provider.sign_in(&latchkey, |_| {}).await, Err(reason));
            needed.push(description["provider"].clone());
        }
    }
    assert_eq!(needed, ["Microsoft Entra", "Zitadel"]);
}

#[tokio::test]
async fn token_for_another_application_of_the_same_project_is_rejected() {
    let zitadel = described().into_iter().find(|described| described["provider"] == "Zitadel").unwrap();
    let provider = Provider::new(&zitadel).await;
    let latchkey = provider.relying_party().await.start();
    let for_another = |claims: &mut Value| claims["azp"] = "another".into();
    assert_eq!(provider.sign_in(&latchkey, for_another).await, Err(IdpError::WrongParty));
}

/// `LinkedIn` does not return the nonce, so that its ID token could be one of another sign-in.
#[tokio::test]
async fn provider_that_returns_no_nonce_is_rejected() {
    let linkedin = json!({
        "metadata": {
            "issuer": "https://www.linkedin.com/oauth",
            "authorization_endpoint": "https://www.linkedin.com/oauth/v2/authorization",
            "token_endpoint": "https://www.linkedin.com/oauth/v2/accessToken",
            "userinfo_endpoint": "https://api.linkedin.com/v2/userinfo",
            "jwks_uri": "https://www.linkedin.com/oauth/openid/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        },
        "claims": { "sub": "782bbtaQ", "email": "ann@acme.example", "email_verified": true },
    });
    let provider = Provider::new(&linkedin).await;
    let latchkey = provider.relying_party().await.start();
    let without_nonce = |claims: &mut Value| {
        claims.as_object_mut().unwrap().remove("nonce");
    };
    assert_eq!(provider.sign_in(&latchkey, without_nonce).await, Err(IdpError::WrongNonce));
}

/// Apple wants `response_mode=form_post` where the address is asked for, and a client secret that it signed for at most
/// six months; neither is done here.
#[tokio::test]
async fn request_asks_for_the_address_in_the_default_response_mode() {
    let fixture = IdpFixture::new().await;
    let started = fixture.start_sign_in().await;
    assert_eq!(parameter(&started.redirect.url, "scope").unwrap(), "openid email profile");
    assert_eq!(parameter(&started.redirect.url, "response_mode"), None);
}
