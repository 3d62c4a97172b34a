//! Keys that a client publishes at its `jwks_uri`.

mod access;
mod backoff;
mod caching;
mod concurrency;
mod limits;

use crate::oauth::token::client_assertion::{authenticate, client_with, new_claims, send};
use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::{FakeInternet, HostResponse};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use serde_json::{Value, json};

const HOST: &str = "client.example.com";

/// A client whose keys are at [`HOST`].
struct PublishedKeys {
    internet: FakeInternet,
    latchkey: TestApp,
    client: String,
}

impl PublishedKeys {
    async fn new(keys: &Value) -> Self {
        let published = Self::unpublished().await;
        published.publish(keys);
        published
    }

    /// A client whose keys are not published yet.
    async fn unpublished() -> Self {
        let internet = FakeInternet::start().await;
        let latchkey = internet.latchkey().await;
        let client = client_with(&latchkey, &json!({ "jwks_uri": format!("https://{HOST}/keys") })).await;
        Self { internet, latchkey, client }
    }

    fn publish(&self, keys: &Value) {
        self.internet.publish(HOST, "/keys", keys);
    }

    fn respond_with(&self, reply: HostResponse) {
        self.internet.respond_with(HOST, "/keys", reply);
    }

    async fn request(&self, key: &TestKey) -> TestResponse {
        authenticate(&self.latchkey, key, &new_claims(&self.latchkey, &self.client)).await
    }

    /// How often the keys were fetched.
    fn requested(&self) -> usize {
        self.internet.requested(HOST).len()
    }

    /// The response to a failed client authentication.
    async fn invalid_client(&self) -> (u16, String, Vec<(String, String)>) {
        self.latchkey.token("unknown", "x", "").await.expect(401).dump()
    }
}

fn set(keys: &[&TestKey]) -> Value {
    json!({ "keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>() })
}

#[tokio::test]
async fn each_algorithm_works_with_a_published_key() {
    for alg in ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"] {
        let key = TestKey::new(alg).named("k");
        let published = PublishedKeys::new(&key.jwks()).await;
        let response = published.request(&key).await.expect(200).json();
        assert_eq!(response["scope"], "orders:read", "{alg}");
        assert_eq!(published.requested(), 1);
    }
}

#[tokio::test]
async fn kid_selects_the_key_and_may_be_omitted() {
    let keys = ["a", "b", "c"].map(|kid| TestKey::new("ES256").named(kid));
    let published = PublishedKeys::new(&set(&keys.each_ref())).await;
    for key in &keys {
        published.request(key).await.expect(200);
        let unnamed =
            key.sign(&json!({ "alg": "ES256" }), &new_claims(&published.latchkey, &published.client));
        send(&published.latchkey, &unnamed).await.expect(200);
        let misnamed = json!({ "alg": "ES256", "kid": "a" });
        let misnamed = key.sign(&misnamed, &new_claims(&published.latchkey, &published.client));
        let status = if key.kid == Some("a") { 200 } else { 401 };
        send(&published.latchkey, &misnamed).await.expect(status);
    }
    assert_eq!(published.requested(), 1);
}

#[tokio::test]
async fn unusable_keys_are_skipped() {
    let good = TestKey::new("ES256").named("good");
    let with = |key: &TestKey, name: &str, value: Value| {
        let mut jwk = key.jwk();
        jwk[name] = value;
        jwk
    };
    let (shown, encrypts, other, wraps) = (
        TestKey::new("ES256").named("shown"),
        TestKey::new("ES256").named("encrypts"),
        TestKey::new("RS256").named("other"),
        TestKey::new("ES256").named("wraps"),
    );
    let weak = "w".repeat(171);
    let set = json!({ "keys": [
        null, "key", 7, [], {},
        { "kty": "RSA", "n": weak, "e": "AQAB", "kid": "good" },
        { "kty": "RSA", "n": other.jwk()["n"], "e": "AQ", "kid": "good" },
        { "kty": "EC", "crv": "P-256", "x": "AQ".repeat(21) + "A", "y": "AQ".repeat(21) + "A", "kid": "good" },
        { "kty": "EC", "crv": "secp256k1", "x": "A".repeat(43), "y": "A".repeat(43), "kid": "good" },
        { "kty": "OKP", "crv": "X25519", "x": "A".repeat(43), "kid": "good" },
        { "kty": "oct", "k": "c2VjcmV0", "kid": "good" },
        with(&shown, "d", json!("A".repeat(43))),
        with(&encrypts, "use", json!("enc")),
        with(&wraps, "key_ops", json!(["wrapKey"])),
        with(&other, "alg", json!("RS512")),
        with(&good, "kid", json!(7)),
        with(&good, "x5c", json!(["MIIB"])),
    ] });
    let published = PublishedKeys::new(&set).await;
    published.request(&good).await.expect(200);
    for unusable in [&shown, &encrypts, &wraps, &other] {
        published.request(unusable).await.expect(401);
    }
}

#[tokio::test]
async fn published_keys_are_one_credential() {
    let (one, two) = (TestKey::new("ES256").named("one"), TestKey::new("EdDSA").named("two"));
    let published = PublishedKeys::new(&set(&[&one, &two])).await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", published.client);
    let credentials = async || {
        let response = published.latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
        response["credentials"].clone()
    };
    assert_eq!(
        credentials().await,
        json!([{ "type": "jwks_uri", "keys": "not_checked", "last_used_on": null }])
    );
    for key in [&one, &two] {
        published.request(key).await.expect(200);
    }
    let today = published.latchkey.now().to_string()[..10].to_owned();
    assert_eq!(
        credentials().await,
        json!([{ "type": "jwks_uri", "keys": "not_checked", "last_used_on": today }])
    );
}

#[tokio::test]
async fn assertion_works_once() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::new(&key.jwks()).await;
    let claims = new_claims(&published.latchkey, &published.client);
    authenticate(&published.latchkey, &key, &claims).await.expect(200);
    authenticate(&published.latchkey, &key, &claims).await.expect(401);
}

#[tokio::test]
async fn invalid_claims_are_rejected_without_a_fetch() {
    let key = TestKey::new("ES256").named("k");
    let published = PublishedKeys::new(&key.jwks()).await;
    let mut claims = new_claims(&published.latchkey, &published.client);
    claims["aud"] = json!("https://other.example");
    authenticate(&published.latchkey, &key, &claims).await.expect(401);
    authenticate(&published.latchkey, &key, &new_claims(&published.latchkey, "unknown")).await.expect(401);
    assert_eq!(published.internet.connections(), 0);
}
