//! Sign-in at an OpenID Connect provider: the relying party, against a provider of the fake Internet whose
//! replies each test sets. `interop` has a real provider.

mod authorization_url;
mod caching;
mod callback;
mod concurrency;
mod faults;
mod providers;
mod rejected;
mod secrecy;

use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::{FakeInternet, HostResponse};
use crate::support::sign_in::relying_party::RelyingParty;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::{Value, json};
use shared::adapters::oidc::{
    AuthorizationRedirect, AuthorizationResponse, CallbackError, ExternalIdentity, OidcClient, Prompt,
};
use shared::domain::sign_in::idp_error::IdpError;
use shared::domain::sign_in::standard_claims::UnverifiedEmailPolicy;

const HOST: &str = "login.example.com";
const ISSUER: &str = "https://login.example.com";
const CLIENT_ID: &str = "latchkey";
const CLIENT_SECRET: &str = "pr0vider's+s3cret";
const REDIRECT_URI: &str = "https://id.latchkey.example/oauth/callback";
const CODE: &str = "c0de-of-the-provider";
const ACCESS_TOKEN: &str = "t0ken-of-the-provider";
const NOW: i64 = 1_800_000_000;

type CallbackResult = Result<ExternalIdentity, CallbackError>;

/// The end user, or the reason why the sign-in was rejected. A failure of the provider is none.
fn decided(result: CallbackResult) -> Result<ExternalIdentity, IdpError> {
    match result {
        Ok(identity) => Ok(identity),
        Err(CallbackError::Idp(rejected)) => Err(rejected),
        Err(CallbackError::Backend(failure)) => panic!("{failure}"),
    }
}

/// A provider, and Latchkey as its client.
struct IdpFixture {
    internet: FakeInternet,
    key: TestKey,
    upstream: OidcClient,
    relying_party: RelyingParty,
    now: Timestamp,
}

/// A sign-in that was redirected to the provider.
struct StartedSignIn {
    redirect: AuthorizationRedirect,
    nonce: String,
}

fn metadata() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize?tenant=acme"),
        "token_endpoint": format!("{ISSUER}/token"),
        "userinfo_endpoint": format!("{ISSUER}/userinfo"),
        "jwks_uri": format!("{ISSUER}/keys"),
    })
}

impl IdpFixture {
    async fn new() -> Self {
        Self::with(UnverifiedEmailPolicy::Refuse, TestKey::new("ES256").named("k1")).await
    }

    async fn with(unverified_email: UnverifiedEmailPolicy, key: TestKey) -> Self {
        let internet = FakeInternet::start().await;
        internet.publish(HOST, "/.well-known/openid-configuration", &metadata());
        internet.publish(HOST, "/keys", &key.jwks());
        let mut relying_party =
            RelyingParty::new(internet.internet(), ISSUER, CLIENT_ID, CLIENT_SECRET).await;
        relying_party.config.unverified_email = unverified_email;
        Self {
            internet,
            key,
            upstream: relying_party.start(),
            relying_party,
            now: Timestamp::from_second(NOW).unwrap(),
        }
    }

    /// Replaces one member of the provider's metadata.
    fn set_metadata(&self, name: &str, value: Value) {
        let mut metadata = metadata();
        metadata[name] = value;
        self.internet.publish(HOST, "/.well-known/openid-configuration", &metadata);
    }

    fn advance(&mut self, by: SignedDuration) {
        self.now = self.now.checked_add(by).unwrap();
    }

    async fn start_sign_in(&self) -> StartedSignIn {
        let redirect =
            self.upstream.authorization_url("st4te", REDIRECT_URI, Prompt::None, self.now).await.unwrap();
        let nonce = parameter(&redirect.url, "nonce").unwrap();
        StartedSignIn { redirect, nonce }
    }

    /// The claims of a valid ID token.
    fn claims(&self, started: &StartedSignIn) -> Value {
        let now = self.now.as_second();
        json!({
            "iss": ISSUER, "aud": CLIENT_ID, "sub": "ann", "iat": now, "exp": now + 300, "nonce": started.nonce,
            "email": "Ann@acme.example", "email_verified": true, "name": "Ann",
        })
    }

    /// The token endpoint exchanges every code for this ID token.
    fn exchange_for(&self, id_token: &str) {
        self.internet.publish(HOST, "/token", &tokens(id_token));
    }

    /// The callback with a code.
    async fn callback(&self, started: &StartedSignIn) -> CallbackResult {
        self.callback_with(started, Some(CODE), None, None).await
    }

    async fn callback_with(
        &self,
        started: &StartedSignIn,
        code: Option<&str>,
        error: Option<&str>,
        iss: Option<&str>,
    ) -> CallbackResult {
        let response = match AuthorizationResponse::read(code, error, iss) {
            Ok(response) => response,
            Err(rejected) => return Err(rejected.into()),
        };
        self.upstream.exchange(response, &started.redirect.pending, REDIRECT_URI, self.now).await
    }

    /// A redirect, and the callback with a code for these claims.
    async fn sign_in(&self, adjust: impl FnOnce(&mut Value)) -> CallbackResult {
        let started = self.start_sign_in().await;
        let mut claims = self.claims(&started);
        adjust(&mut claims);
        self.exchange_for(&self.key.assert(&claims));
        self.callback(&started).await
    }

    /// The paths that were requested of the provider.
    fn requested(&self) -> Vec<String> {
        self.internet.requested(HOST)
    }

    fn request_count(&self, path: &str) -> usize {
        self.requested().iter().filter(|requested| *requested == path).count()
    }
}

fn tokens(id_token: &str) -> Value {
    json!({ "token_type": "Bearer", "access_token": ACCESS_TOKEN, "expires_in": 300, "id_token": id_token })
}

fn oauth_error(status: u16, code: &str) -> HostResponse {
    let body = json!({ "error": code, "error_description": "s3cret words of the provider" });
    HostResponse::new(status, &[("Content-Type", "application/json")], body.to_string().as_bytes())
}

/// A parameter of a URL's query, which must not occur twice.
fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    let mut found = url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let first = found.next();
    assert_eq!(found.next(), None, "{name} stands twice in {url}");
    first
}
