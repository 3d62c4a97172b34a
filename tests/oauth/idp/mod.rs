//! Signing in at an OpenID Connect provider: the relying party's side, against a provider of the small Internet
//! that says whatever a test wants it to say. A real one is among the foreign programs (`interop`).

mod authorization_url;
mod caching;
mod callback;
mod concurrency;
mod faults;
mod rejected;
mod secrecy;

use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::{FakeInternet, Reply};
use crate::support::sign_in::relying_party::RelyingParty;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::{Value, json};
use shared::adapters::error::BackendError;
use shared::adapters::oidc::{
    AuthorizationRedirect, AuthorizationResponse, ExternalIdentity, OidcClient, Prompt,
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

type Arrived = Result<Result<ExternalIdentity, IdpError>, BackendError>;

/// A provider, and Latchkey as its client.
struct SigningIn {
    outside: FakeInternet,
    key: TestKey,
    upstream: OidcClient,
    party: RelyingParty,
    now: Timestamp,
}

/// Somebody who has set out.
struct Traveller {
    departure: AuthorizationRedirect,
    nonce: String,
}

fn description() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize?tenant=acme"),
        "token_endpoint": format!("{ISSUER}/token"),
        "userinfo_endpoint": format!("{ISSUER}/userinfo"),
        "jwks_uri": format!("{ISSUER}/keys"),
    })
}

impl SigningIn {
    async fn new() -> Self {
        Self::with(UnverifiedEmailPolicy::Refuse, TestKey::new("ES256").named("k1")).await
    }

    async fn with(unverified_email: UnverifiedEmailPolicy, key: TestKey) -> Self {
        let outside = FakeInternet::start().await;
        outside.publish(HOST, "/.well-known/openid-configuration", &description());
        outside.publish(HOST, "/keys", &key.jwks());
        let mut party = RelyingParty::new(outside.internet(), ISSUER, CLIENT_ID, CLIENT_SECRET).await;
        party.config.unverified_email = unverified_email;
        Self { outside, key, upstream: party.start(), party, now: Timestamp::from_second(NOW).unwrap() }
    }

    /// What the provider says of itself, but for one member.
    fn describe(&self, name: &str, value: Value) {
        let mut description = description();
        description[name] = value;
        self.outside.publish(HOST, "/.well-known/openid-configuration", &description);
    }

    fn advance(&mut self, by: SignedDuration) {
        self.now = self.now.checked_add(by).unwrap();
    }

    async fn set_out(&self) -> Traveller {
        let departure =
            self.upstream.authorization_url("st4te", REDIRECT_URI, Prompt::None, self.now).await.unwrap();
        let nonce = parameter(&departure.url, "nonce").unwrap();
        Traveller { departure, nonce }
    }

    /// The claims of a good ID token.
    fn claims(&self, traveller: &Traveller) -> Value {
        let now = self.now.as_second();
        json!({
            "iss": ISSUER, "aud": CLIENT_ID, "sub": "ann", "iat": now, "exp": now + 300, "nonce": traveller.nonce,
            "email": "Ann@acme.example", "email_verified": true, "name": "Ann",
        })
    }

    /// The token endpoint exchanges every code for this ID token.
    fn exchange_for(&self, id_token: &str) {
        self.outside.publish(HOST, "/token", &tokens(id_token));
    }

    /// Somebody is back with a code.
    async fn arrive(&self, traveller: &Traveller) -> Arrived {
        self.arrive_with(traveller, Some(CODE), None, None).await
    }

    async fn arrive_with(
        &self,
        traveller: &Traveller,
        code: Option<&str>,
        error: Option<&str>,
        iss: Option<&str>,
    ) -> Arrived {
        let answer = match AuthorizationResponse::read(code, error, iss) {
            Ok(answer) => answer,
            Err(refused) => return Ok(Err(refused)),
        };
        self.upstream.exchange(answer, &traveller.departure.pending, REDIRECT_URI, self.now).await
    }

    /// Somebody sets out, and is back with a code that is worth these claims.
    async fn sign_in(&self, adjust: impl FnOnce(&mut Value)) -> Arrived {
        let traveller = self.set_out().await;
        let mut claims = self.claims(&traveller);
        adjust(&mut claims);
        self.exchange_for(&self.key.assert(&claims));
        self.arrive(&traveller).await
    }

    /// The paths that the provider was asked for.
    fn requested(&self) -> Vec<String> {
        self.outside.requested(HOST)
    }

    fn times_asked(&self, path: &str) -> usize {
        self.requested().iter().filter(|requested| *requested == path).count()
    }
}

fn tokens(id_token: &str) -> Value {
    json!({ "token_type": "Bearer", "access_token": ACCESS_TOKEN, "expires_in": 300, "id_token": id_token })
}

fn oauth_error(status: u16, code: &str) -> Reply {
    let body = json!({ "error": code, "error_description": "s3cret words of the provider" });
    Reply::answer(status, &[("Content-Type", "application/json")], body.to_string().as_bytes())
}

/// A parameter of a URL's query, which must not stand there twice.
fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    let mut found = url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let first = found.next();
    assert_eq!(found.next(), None, "{name} stands twice in {url}");
    first
}
