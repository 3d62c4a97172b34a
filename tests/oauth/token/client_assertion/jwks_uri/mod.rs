//! Keys that a client publishes at its `jwks_uri`.

mod caching;
mod concurrency;
mod limits;

use crate::oauth::token::client_assertion::{ask, client_with, fresh, send};
use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::{FakeInternet, Reply};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use serde_json::{Value, json};

const HOST: &str = "client.example.com";

/// A client whose keys are at [`HOST`].
struct Publishing {
    outside: FakeInternet,
    latchkey: TestApp,
    client: String,
}

impl Publishing {
    async fn new(keys: &Value) -> Self {
        let publishing = Self::silent().await;
        publishing.publish(keys);
        publishing
    }

    /// Nothing is published yet.
    async fn silent() -> Self {
        let outside = FakeInternet::start().await;
        let latchkey = outside.latchkey().await;
        let client = client_with(&latchkey, &json!({ "jwks_uri": format!("https://{HOST}/keys") })).await;
        Self { outside, latchkey, client }
    }

    fn publish(&self, keys: &Value) {
        self.outside.publish(HOST, "/keys", keys);
    }

    fn respond_with(&self, reply: Reply) {
        self.outside.respond_with(HOST, "/keys", reply);
    }

    async fn request(&self, key: &TestKey) -> TestResponse {
        ask(&self.latchkey, key, &fresh(&self.latchkey, &self.client)).await
    }

    /// How often the keys were asked for.
    fn requested(&self) -> usize {
        self.outside.requested(HOST).len()
    }

    /// The usual answer to a failed authentication.
    async fn usual(&self) -> (u16, String, Vec<(String, String)>) {
        self.latchkey.token("nobody", "x", "").await.expect(401).dump()
    }
}

fn set(keys: &[&TestKey]) -> Value {
    json!({ "keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>() })
}

#[tokio::test]
async fn each_algorithm_works_with_a_key_that_is_published() {
    for alg in ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"] {
        let key = TestKey::new(alg).named("k");
        let publishing = Publishing::new(&key.jwks()).await;
        let answer = publishing.request(&key).await.expect(200).json();
        assert_eq!(answer["scope"], "orders:read", "{alg}");
        assert_eq!(publishing.requested(), 1);
    }
}

#[tokio::test]
async fn the_kid_picks_among_several_keys_and_may_be_left_out() {
    let keys = ["a", "b", "c"].map(|kid| TestKey::new("ES256").named(kid));
    let publishing = Publishing::new(&set(&keys.each_ref())).await;
    for key in &keys {
        publishing.request(key).await.expect(200);
        let unnamed = key.sign(&json!({ "alg": "ES256" }), &fresh(&publishing.latchkey, &publishing.client));
        send(&publishing.latchkey, &unnamed).await.expect(200);
        let misnamed = json!({ "alg": "ES256", "kid": "a" });
        let misnamed = key.sign(&misnamed, &fresh(&publishing.latchkey, &publishing.client));
        let status = if key.kid == Some("a") { 200 } else { 401 };
        send(&publishing.latchkey, &misnamed).await.expect(status);
    }
    assert_eq!(publishing.requested(), 1);
}

#[tokio::test]
async fn keys_of_no_use_are_passed_over_and_do_no_harm() {
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
    let publishing = Publishing::new(&set).await;
    publishing.request(&good).await.expect(200);
    for useless in [&shown, &encrypts, &wraps, &other] {
        publishing.request(useless).await.expect(401);
    }
}

#[tokio::test]
async fn all_published_keys_are_one_credential_with_one_day_of_last_use() {
    let (one, two) = (TestKey::new("ES256").named("one"), TestKey::new("EdDSA").named("two"));
    let publishing = Publishing::new(&set(&[&one, &two])).await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", publishing.client);
    let credentials = async || {
        let answer = publishing.latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
        answer["credentials"].clone()
    };
    assert_eq!(credentials().await, json!([{ "type": "jwks_uri", "last_used_on": null }]));
    for key in [&one, &two] {
        publishing.request(key).await.expect(200);
    }
    let today = publishing.latchkey.now().to_string()[..10].to_owned();
    assert_eq!(credentials().await, json!([{ "type": "jwks_uri", "last_used_on": today }]));
}

#[tokio::test]
async fn an_assertion_works_once_here_too() {
    let key = TestKey::new("ES256").named("k");
    let publishing = Publishing::new(&key.jwks()).await;
    let claims = fresh(&publishing.latchkey, &publishing.client);
    ask(&publishing.latchkey, &key, &claims).await.expect(200);
    ask(&publishing.latchkey, &key, &claims).await.expect(401);
}

#[tokio::test]
async fn what_is_refused_anyway_is_refused_without_asking_anybody() {
    let key = TestKey::new("ES256").named("k");
    let publishing = Publishing::new(&key.jwks()).await;
    let mut claims = fresh(&publishing.latchkey, &publishing.client);
    claims["aud"] = json!("https://other.example");
    ask(&publishing.latchkey, &key, &claims).await.expect(401);
    ask(&publishing.latchkey, &key, &fresh(&publishing.latchkey, "nobody")).await.expect(401);
    assert_eq!(publishing.outside.connections(), 0);
}
