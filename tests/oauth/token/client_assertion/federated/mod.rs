//! Federated identities: the token of an outside issuer is the client assertion (RFC 7523 §3).

mod issuer_jwks;

use crate::oauth::token::client_assertion::{authenticate, client_with, new_claims};
use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, form};
use crate::support::fake_internet::FakeInternet;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use jiff::SignedDuration;
use serde_json::{Value, json};

const HOST: &str = "issuer.example.com";
const OUTSIDE_ISSUER: &str = "https://issuer.example.com";

fn identity(subject: &str) -> Value {
    json!({ "issuer": OUTSIDE_ISSUER, "subject": subject, "audience": "latchkey" })
}

/// A deployment, an outside issuer, and a client that is its subject `job`.
struct Federation {
    internet: FakeInternet,
    latchkey: TestApp,
    key: TestKey,
    client: String,
}

impl Federation {
    async fn new() -> Self {
        Self::of(TestKey::new("RS256").named("k1"), &json!([identity("job")])).await
    }

    async fn of(key: TestKey, identities: &Value) -> Self {
        let internet = FakeInternet::start().await;
        let latchkey = internet.latchkey().await;
        internet.publish_issuer(HOST, &key.jwks());
        let client = client_with(&latchkey, &json!({ "federated_identities": identities })).await;
        Self { internet, latchkey, key, client }
    }

    /// The issuer's claims about `job`, valid for five minutes.
    fn claims(&self) -> Value {
        let now = self.latchkey.now().as_second();
        json!({ "iss": OUTSIDE_ISSUER, "sub": "job", "aud": "latchkey", "iat": now, "exp": now + 300 })
    }

    /// The same claims with another member, or without it if the value is null.
    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        claims
    }

    async fn present(&self, token: &str) -> TestResponse {
        let form = format!("{}&client_id={}", form(token), self.client);
        self.latchkey.request("POST", "/oauth/token").form(&form).send().await
    }

    async fn request(&self, claims: &Value) -> TestResponse {
        self.present(&self.key.assert(claims)).await
    }
}

#[tokio::test]
async fn each_algorithm_is_accepted() {
    for alg in ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"] {
        let key = TestKey::new(alg).named("k1");
        let federation = Federation::of(key, &json!([identity("job")])).await;
        let response = federation.request(&federation.claims()).await.expect(200).json();
        assert_eq!(response["scope"], "orders:read", "{alg}");
        let requested = federation.internet.requested(HOST);
        assert_eq!(requested, ["/.well-known/openid-configuration", "/keys"], "{alg}");
    }
}

#[tokio::test]
async fn rsa_numbers_with_leading_zeros_are_read() {
    let federation = Federation::new().await;
    federation.internet.publish_issuer(HOST, &json!({ "keys": [federation.key.padded_jwk()] }));
    federation.request(&federation.claims()).await.expect(200);
}

#[tokio::test]
async fn issuer_subject_and_audience_must_match_exactly() {
    let federation = Federation::new().await;
    let invalid_client = federation.latchkey.token("unknown", "x", "").await.expect(401).dump();
    let now = federation.latchkey.now().as_second();
    for (what, claims) in [
        ("a slash more", federation.with("iss", json!(format!("{OUTSIDE_ISSUER}/")))),
        ("another issuer", federation.with("iss", json!("https://other.example.com"))),
        ("the issuer in upper case", federation.with("iss", json!("https://ISSUER.example.com"))),
        ("another subject", federation.with("sub", json!("job2"))),
        ("a subject that is the beginning", federation.with("sub", json!("jo"))),
        ("a subject that begins with it", federation.with("sub", json!("job:1"))),
        ("a subject in upper case", federation.with("sub", json!("Job"))),
        ("a pattern", federation.with("sub", json!("*"))),
        ("no subject", federation.with("sub", Value::Null)),
        ("another audience", federation.with("aud", json!("other"))),
        ("our issuer as audience", federation.with("aud", json!(ISSUER))),
        ("two audiences", federation.with("aud", json!(["latchkey", "other"]))),
        ("the audience twice", federation.with("aud", json!(["latchkey", "latchkey"]))),
        ("no audience", federation.with("aud", Value::Null)),
        ("an empty list of audiences", federation.with("aud", json!([]))),
        ("expired", federation.with("exp", json!(now - 40))),
        ("without exp", federation.with("exp", Value::Null)),
        ("not yet", federation.with("nbf", json!(now + 60))),
        ("issued tomorrow", federation.with("iat", json!(now + 86_400))),
        ("for more than a day", federation.with("exp", json!(now + 86_500))),
        ("for a year", federation.with("exp", json!(now + 31_536_000))),
    ] {
        assert_eq!(federation.request(&claims).await.dump(), invalid_client, "{what}");
    }
    assert_eq!(federation.internet.connections(), 0, "no keys are fetched for these");
    let key = &federation.key;
    let typed = |typ: &str| {
        let header = json!({ "alg": "RS256", "kid": "k1", "typ": typ });
        key.sign(&header, &federation.claims())
    };
    for typ in ["client-authentication+jwt", "at+jwt"] {
        assert_eq!(federation.present(&typed(typ)).await.dump(), invalid_client, "{typ}");
    }
    federation.present(&typed("JWT")).await.expect(200);
    federation.request(&federation.with("exp", json!(now + 86_390))).await.expect(200);
}

#[tokio::test]
async fn client_id_is_required() {
    let federation = Federation::new().await;
    let token = federation.key.assert(&federation.claims());
    let latchkey = &federation.latchkey;
    latchkey.request("POST", "/oauth/token").form(&form(&token)).send().await.expect(401);
    for id in ["", "job", "unknown", OUTSIDE_ISSUER] {
        let form = format!("{}&client_id={id}", form(&token));
        latchkey.request("POST", "/oauth/token").form(&form).send().await.expect(401);
    }
    // Even if the subject equals the id of that client.
    let named = json!({
        "client_id": "job", "client_name": "x", "token_endpoint_auth_method": "private_key_jwt",
        "federated_identities": [identity("job")], "permissions": [{ "resource": "backoffice_api" }],
    });
    let clients = format!("/v1/accounts/{ACCOUNT}/clients");
    latchkey.admin_request("POST", &clients).await.json(&named).send().await.expect(201);
    latchkey.request("POST", "/oauth/token").form(&form(&token)).send().await.expect(401);
    let form = format!("{}&client_id=job", form(&token));
    latchkey.request("POST", "/oauth/token").form(&form).send().await.expect(200);
}

#[tokio::test]
async fn token_is_accepted_only_for_clients_naming_its_subject() {
    let federation = Federation::new().await;
    let token = federation.key.assert(&federation.claims());
    let latchkey = &federation.latchkey;
    let same = client_with(latchkey, &json!({ "federated_identities": [identity("job")] })).await;
    let other = client_with(latchkey, &json!({ "federated_identities": [identity("other")] })).await;
    let keyed = client_with(latchkey, &json!({ "jwks": federation.key.jwks() })).await;
    for (client, status) in [(&same, 200), (&other, 401), (&keyed, 401)] {
        let form = format!("{}&client_id={client}", form(&token));
        latchkey.request("POST", "/oauth/token").form(&form).send().await.expect(status);
    }
}

#[tokio::test]
async fn token_may_be_used_until_it_expires() {
    let mut federation = Federation::new().await;
    let mut claims = federation.claims();
    claims["jti"] = json!("one");
    let token = federation.key.assert(&claims);
    for _ in 0..3 {
        federation.present(&token).await.expect(200);
    }
    federation.latchkey.advance(SignedDuration::from_secs(290));
    federation.present(&token).await.expect(200);
    federation.latchkey.advance(SignedDuration::from_secs(45));
    federation.present(&token).await.expect(401);
}

#[tokio::test]
async fn keys_secrets_and_federated_identities_coexist() {
    let mut federation = Federation::new().await;
    let own = TestKey::new("EdDSA").named("own");
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", federation.client);
    let members = json!({
        "jwks": own.jwks(), "federated_identities": [identity("job"), identity("other")],
        "token_endpoint_auth_method": "client_secret_basic",
    });
    let latchkey = &federation.latchkey;
    latchkey.admin_request("PATCH", &path).await.json(&members).send().await.expect(200);
    let secrets = format!("{path}/secrets");
    let secret =
        latchkey.admin_request("POST", &secrets).await.send().await.expect(201).string("client_secret");
    latchkey.token(&federation.client, &secret, "").await.expect(200);
    authenticate(latchkey, &own, &new_claims(latchkey, &federation.client)).await.expect(200);
    let first_day = latchkey.now().to_string()[..10].to_owned();
    federation.latchkey.advance(SignedDuration::from_hours(24));
    federation.request(&federation.claims()).await.expect(200);
    let second_day = federation.latchkey.now().to_string()[..10].to_owned();
    let client = federation.latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
    let of_identity = |subject: &str, last_used_on: Option<&str>| {
        json!({
            "type": "federated_identity", "issuer": OUTSIDE_ISSUER, "subject": subject, "keys": "not_checked",
            "last_used_on": last_used_on,
        })
    };
    assert_eq!(
        client["credentials"],
        json!([
            { "type": "jwk", "kid": "own", "last_used_on": first_day },
            of_identity("job", Some(&second_day)),
            of_identity("other", None),
        ])
    );
}

#[tokio::test]
async fn allowlist_and_disabled_client_apply() {
    let federation = Federation::new().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", federation.client);
    let latchkey = &federation.latchkey;
    let networks = json!({ "allowed_ips": ["203.0.113.0/24"] });
    latchkey.admin_request("PATCH", &path).await.json(&networks).send().await.expect(200);
    federation.request(&federation.claims()).await.expect(401);
    latchkey.admin_request("PATCH", &path).await.json(&json!({ "allowed_ips": [] })).send().await.expect(200);
    federation.request(&federation.claims()).await.expect(200);
    latchkey.admin_request("POST", &format!("{path}/disable")).await.send().await.expect(200);
    federation.request(&federation.claims()).await.expect(401);
}
