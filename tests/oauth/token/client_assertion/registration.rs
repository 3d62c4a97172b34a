//! What is registered works, or its answer and `attention` say that it does not: published keys are looked at.

use crate::oauth::token::client_assertion::{authenticate, new_claims};
use crate::support::app::TestApp;
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::fake_internet::{FakeInternet, HostResponse, addresses};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use jiff::SignedDuration;
use serde_json::{Value, json};

const HOST: &str = "keys.example.com";
const URI: &str = "https://keys.example.com/keys";
const GITHUB: &str = "token.actions.githubusercontent.com";

fn clients() -> String {
    format!("/v1/accounts/{ACCOUNT}/clients")
}

async fn register(latchkey: &TestApp, members: &Value) -> TestResponse {
    let mut body = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt",
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
    });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    latchkey.post(&clients(), &body).await
}

fn findings(response: &TestResponse) -> (Value, Value) {
    let json = response.json();
    (json["credentials"][0]["keys"].clone(), json["attention"].clone())
}

#[tokio::test]
async fn registered_source_shows_whether_keys_were_found() {
    let internet = FakeInternet::start().await;
    let latchkey = internet.latchkey_with_lookups().await;
    let key = TestKey::new("ES256").named("k1");
    let encryption = json!({ "kty": "OKP", "crv": "X25519", "x": "A".repeat(43), "kid": "enc" });
    internet.publish("good.example.com", "/keys", &key.jwks());
    internet.publish("none.example.com", "/keys", &json!({ "keys": [encryption] }));
    internet.publish("empty.example.com", "/keys", &json!({ "keys": [] }));
    internet.publish("other.example.com", "/keys", &json!({ "issuer": "x" }));
    internet.respond_with("gone.example.com", "/keys", HostResponse::new(404, &[], b""));
    internet.network.resolve("private.example.com", [addresses(&["10.0.0.1"])]);
    for (host, keys, attention) in [
        ("good.example.com", "found", json!([])),
        ("none.example.com", "none_usable", json!(["no_usable_key"])),
        ("empty.example.com", "none_usable", json!(["no_usable_key"])),
        ("other.example.com", "unavailable", json!(["keys_unavailable"])),
        ("gone.example.com", "unavailable", json!(["keys_unavailable"])),
        ("private.example.com", "unavailable", json!(["keys_unavailable"])),
        ("unknown.example.com", "unavailable", json!(["keys_unavailable"])),
    ] {
        let created =
            register(&latchkey, &json!({ "jwks_uri": format!("https://{host}/keys") })).await.expect(201);
        assert_eq!(findings(&created), (json!(keys), attention), "{host}");
        let requests = internet.requested(host).len();
        let read = latchkey.get(created.header("location")).await.expect(200);
        assert_eq!(findings(&read), findings(&created), "{host}");
        assert_eq!(internet.requested(host).len(), requests, "reading fetches nothing");
    }
    let listed = latchkey.list_items(&format!("{}?attention=no_usable_key", clients())).await;
    assert_eq!(listed.len(), 2);
}

#[tokio::test]
async fn passed_over_keys_are_listed_with_their_reason() {
    let internet = FakeInternet::start().await;
    let latchkey = internet.latchkey_with_lookups().await;
    let key = TestKey::new("ES256").named("k1");
    let with = |name: &str, value: Value| {
        let mut jwk = key.jwk();
        jwk[name] = value;
        jwk
    };
    let long = "k".repeat(600);
    internet.publish(
        HOST,
        "/keys",
        &json!({ "keys": [
        key.jwk(), with("alg", json!(null)), with("use", json!("enc")), with("kid", json!(long)),
        with("alg", json!("ES256K")), with("x", json!("AA")), json!({ "kty": "AKP", "alg": "ML-DSA-44" }),
    ] }),
    );
    let created = register(&latchkey, &json!({ "jwks_uri": URI })).await.expect(201).json();
    let listed: Vec<_> =
        created["ignored_keys"].as_array().unwrap().iter().map(|key| key["reason"].clone()).collect();
    let reasons = ["not_for_signatures", "invalid_kid"];
    assert_eq!(listed, reasons, "a null alg is none, and the first two are listed");
    assert_eq!(
        created["ignored_keys"][1],
        json!({ "source": URI, "kid": "k".repeat(16), "reason": "invalid_kid" })
    );
}

#[tokio::test]
async fn change_that_names_keys_looks_again_and_others_do_not() {
    let internet = FakeInternet::start().await;
    let mut latchkey = internet.latchkey_with_lookups().await;
    let key = TestKey::new("ES256");
    let created = register(&latchkey, &json!({ "jwks_uri": URI })).await.expect(201);
    assert_eq!(findings(&created).0, "unavailable");
    let path = created.header("location").to_owned();
    internet.publish(HOST, "/keys", &key.jwks());
    let named = latchkey.patch(&path, &json!({ "jwks_uri": URI })).await.expect(200);
    assert_eq!(findings(&named).0, "unavailable", "a host that failed is left alone for a while");
    latchkey.advance(SignedDuration::from_secs(31));
    let other = latchkey.patch(&path, &json!({ "description": "d" })).await.expect(200);
    assert_eq!((findings(&other).0, internet.requested(HOST).len()), (json!("unavailable"), 0));
    let again = latchkey.patch(&path, &json!({ "jwks_uri": URI })).await.expect(200);
    assert_eq!(findings(&again), (json!("found"), json!([])));
    let audit = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    assert_eq!(audit[0]["changed"], json!(["credentials"]));
    latchkey.advance(SignedDuration::from_hours(24));
    let unchanged = latchkey.patch(&path, &json!({ "jwks_uri": URI })).await.expect(200);
    assert_eq!(unchanged.etag(), again.etag(), "what is found again is no change");
    let inline = latchkey.patch(&path, &json!({ "jwks": key.jwks() })).await.expect(200);
    assert_eq!(findings(&inline), (Value::Null, json!([])));
}

#[tokio::test]
async fn account_has_keys_looked_at_twenty_times_an_hour() {
    let internet = FakeInternet::start().await;
    let mut latchkey = internet.latchkey_with_lookups().await;
    internet.publish(HOST, "/keys", &TestKey::new("ES256").jwks());
    let path =
        register(&latchkey, &json!({ "jwks_uri": URI })).await.expect(201).header("location").to_owned();
    for _ in 1..20 {
        latchkey.patch(&path, &json!({ "jwks_uri": URI })).await.expect(200);
    }
    assert_eq!(internet.requested(HOST).len(), 20);
    let over = register(&latchkey, &json!({ "jwks_uri": URI })).await.expect(201);
    assert_eq!(findings(&over), (json!("not_checked"), json!(["keys_unavailable"])));
    assert_eq!(internet.requested(HOST).len(), 20);
    latchkey.advance(SignedDuration::from_hours(1));
    let later = latchkey.patch(over.header("location"), &json!({ "jwks_uri": URI })).await.expect(200);
    assert_eq!(findings(&later), (json!("found"), json!([])));
}

/// A workload that was registered before its keys were published works from then on, and needs no attention.
#[tokio::test]
async fn later_use_overrules_what_was_found() {
    let internet = FakeInternet::start().await;
    let mut latchkey = internet.latchkey_with_lookups().await;
    let key = TestKey::new("ES256");
    let created = register(&latchkey, &json!({ "jwks_uri": URI })).await.expect(201);
    internet.publish(HOST, "/keys", &key.jwks());
    latchkey.advance(SignedDuration::from_hours(24));
    let id = created.string("client_id");
    authenticate(&latchkey, &key, &new_claims(&latchkey, &id)).await.expect(200);
    let read = latchkey.get(created.header("location")).await.expect(200);
    assert_eq!(findings(&read), (json!("unavailable"), json!([])));
}

/// Platforms whose subject changes with each run, and GitHub's two forms of a subject.
#[tokio::test]
async fn platforms_authenticate_by_subject_or_by_claims() {
    let internet = FakeInternet::start().await;
    let latchkey = internet.latchkey_with_lookups().await;
    let key = TestKey::new("RS256").named("p");
    let (old, new) =
        ("repo:acme/shop:ref:refs/heads/main", "repo:acme@123456/shop@456789:ref:refs/heads/main");
    let bitbucket = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc";
    let circle = "oidc.circleci.com/org/8b1d0f2e";
    for (at, identity, token, other) in [
        (GITHUB, json!({ "subject": old }), json!({ "sub": old }), json!({ "sub": new })),
        (GITHUB, json!({ "subject": new }), json!({ "sub": new }), json!({ "sub": old })),
        (
            GITHUB,
            json!({ "claims": { "repository_id": "456789", "ref": "refs/heads/main" } }),
            json!({ "sub": new, "repository_id": "456789", "ref": "refs/heads/main" }),
            json!({ "sub": new, "repository_id": "456789", "ref": "refs/heads/x" }),
        ),
        (
            bitbucket,
            json!({ "claims": { "repositoryUuid": "{7b9d}" } }),
            json!({ "sub": "{7b9d}:{step-1}", "repositoryUuid": "{7b9d}" }),
            json!({ "sub": "{0000}:{step-1}", "repositoryUuid": "{0000}" }),
        ),
        (
            circle,
            json!({ "claims": { "oidc.circleci.com/project-id": "c0", "oidc.circleci.com/ssh-rerun": false } }),
            json!({ "sub": "org/8b1d/project/c0/user/1", "oidc.circleci.com/project-id": "c0", "oidc.circleci.com/ssh-rerun": false }),
            json!({ "sub": "org/8b1d/project/c0/user/1", "oidc.circleci.com/project-id": "c0", "oidc.circleci.com/ssh-rerun": true }),
        ),
        (
            "agent.buildkite.com",
            json!({ "claims": { "pipeline_id": "p1", "build_branch": "main" } }),
            json!({ "sub": "organization:acme:pipeline:shop:ref:refs/heads/main:commit:1:step:2", "pipeline_id": "p1", "build_branch": "main" }),
            json!({ "sub": "organization:acme:pipeline:shop:ref:refs/heads/main:commit:1:step:2", "pipeline_id": "p2", "build_branch": "main" }),
        ),
        (
            "oidc.fly.io/acme",
            json!({ "claims": { "app_id": "42" } }),
            json!({ "sub": "acme:shop:machine-1", "app_id": "42" }),
            json!({ "sub": "acme:shop:machine-1", "app_id": 42 }),
        ),
    ] {
        let (host, path) =
            at.split_once('/').map_or((at, String::new()), |(host, path)| (host, format!("/{path}")));
        let issuer = format!("https://{at}");
        let metadata = json!({ "issuer": issuer, "jwks_uri": format!("https://{host}/keys") });
        internet.publish(host, &format!("{path}/.well-known/openid-configuration"), &metadata);
        internet.publish(host, "/keys", &key.jwks());
        let mut identity = identity;
        identity["issuer"] = json!(issuer);
        identity["audience"] = json!("latchkey");
        let created = register(&latchkey, &json!({ "federated_identities": [identity] })).await.expect(201);
        identity.as_object_mut().unwrap().entry("subject").or_insert(Value::Null);
        assert_eq!(created.json()["federated_identities"], json!([identity]), "as it was sent");
        assert_eq!(findings(&created), (json!("found"), json!([])), "{issuer}");
        let id = created.string("client_id");
        for (claims_of_token, status) in [(token, 200), (other, 401)] {
            let mut all = claims(&id, "latchkey", latchkey.now().as_second());
            all["iss"] = json!(issuer);
            all.as_object_mut().unwrap().extend(claims_of_token.as_object().unwrap().clone());
            let body = format!("{}&client_id={id}", form(&key.assert(&all)));
            let response = latchkey.request("POST", "/oauth/token").form(&body).send().await;
            assert_eq!(response.status, status, "{issuer}: {claims_of_token}");
        }
    }
}

#[tokio::test]
async fn identity_that_can_never_match_is_refused_by_name() {
    let latchkey = TestApp::with_fixtures().await;
    let good = json!({ "issuer": format!("https://{GITHUB}"), "subject": "s", "audience": "a" });
    for (member, value, said) in [
        ("issuer", "https://login.microsoftonline.com/common/v2.0", "names no tenant"),
        ("issuer", "https://issuer.example.com/.well-known/openid-configuration", "before /.well-known/"),
        ("issuer", "https://issuer.example.com ", "blanks"),
        ("issuer", "http://issuer.example.com", "https://"),
        ("issuer", "https://Issuer.example.com", "normal form: https://issuer.example.com/"),
        ("issuer", "https://10.0.0.1", "host name, not an address"),
        ("subject", "repo:acme/*", "wildcard"),
        ("subject", "repo:acme/shop ", "blanks"),
        ("audience", "latchkey\n", "blanks"),
    ] {
        let mut identity = good.clone();
        identity[member] = json!(value);
        let response = register(&latchkey, &json!({ "federated_identities": [identity] })).await.expect(422);
        assert_eq!(response.pointers(), [format!("#/federated_identities/0/{member}")], "{value}");
        assert!(response.text().contains(said), "{value}: {}", response.text());
    }
}
