//! Keys and federated identities of a client: `jwks`, `jwks_uri`, `public_key_pem`, `federated_identities`.

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::v1::{AUDIT, CLIENTS, assert_contains, backoffice, values_of};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn with_keys(members: &Value) -> Value {
    let mut body = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt",
        "permissions": backoffice(&["orders:read"]),
    });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

fn identity(subject: &str) -> Value {
    json!({ "issuer": "https://issuer.example.com", "subject": subject, "audience": "latchkey" })
}

const URI: &str = "https://client.example.com/keys";

#[tokio::test]
async fn client_is_created_with_keys_and_no_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256").named("k1");
    let absent =
        json!({ "jwks": null, "jwks_uri": null, "public_key_pem": null, "federated_identities": [] });
    for (given, kind) in [
        (json!({ "jwks": key.jwks() }), "jwk"),
        (json!({ "jwks_uri": URI }), "jwks_uri"),
        (json!({ "public_key_pem": key.pem() }), "public_key"),
        (json!({ "federated_identities": [identity("job")] }), "federated_identity"),
    ] {
        let is_published = ["jwks_uri", "federated_identity"].contains(&kind);
        let attention = if is_published { json!(["keys_unavailable"]) } else { json!([]) };
        let created = latchkey.post(CLIENTS, &with_keys(&given)).await.expect(201);
        let shown = latchkey.get(created.header("location")).await.expect(200).json();
        for response in [&created.json(), &shown] {
            let mut expected = absent.clone();
            expected.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
            assert_contains(response, &expected);
            assert_eq!(response["credentials"][0]["type"], kind);
            assert_eq!(response["credentials"].as_array().unwrap().len(), 1);
            assert_eq!(response["attention"], attention);
        }
        assert_eq!(created.json().get("client_secret"), None);
        assert!(latchkey.list_items(&format!("{}/secrets", created.header("location"))).await.is_empty());
    }
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
}

#[tokio::test]
async fn key_material_replaces_other_and_null_removes_it() {
    let mut latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = latchkey.fixtures().client().await;
    for (given, changed) in [
        (json!({ "jwks": key.jwks() }), vec!["jwks"]),
        (json!({ "jwks": key.jwks() }), vec![]),
        (json!({ "jwks_uri": URI }), vec!["jwks", "jwks_uri"]),
        (json!({ "jwks": null, "public_key_pem": null }), vec![]),
        (json!({ "jwks": null, "public_key_pem": key.pem() }), vec!["jwks_uri", "public_key_pem"]),
        (json!({ "public_key_pem": null, "client_name": "n" }), vec!["client_name", "public_key_pem"]),
        (json!({ "federated_identities": [identity("a"), identity("b")] }), vec!["federated_identities"]),
        (
            json!({ "federated_identities": [identity("b")], "jwks_uri": URI }),
            vec!["federated_identities", "jwks_uri"],
        ),
        (json!({ "federated_identities": [], "jwks_uri": null }), vec!["federated_identities", "jwks_uri"]),
    ] {
        latchkey.advance(SignedDuration::from_secs(1));
        let before = latchkey.list_items(AUDIT).await;
        let etag = latchkey.get(&client.path()).await.etag();
        let response = latchkey.patch(&client.path(), &given).await.expect(200);
        for (name, value) in given.as_object().unwrap() {
            assert_eq!(&response.json()[name], value, "{given}");
        }
        let set = ["jwks", "jwks_uri", "public_key_pem"].map(|name| !response.json()[name].is_null());
        assert!(set.iter().filter(|set| **set).count() <= 1, "{given}");
        let after = latchkey.list_items(AUDIT).await;
        if changed.is_empty() {
            assert_eq!((&after, response.etag()), (&before, etag), "{given}");
        } else {
            assert_eq!(after.len(), before.len() + 1);
            assert_eq!(after[0]["changed"], json!(changed), "{given}");
            assert_ne!(response.etag(), etag);
        }
    }
}

#[tokio::test]
async fn two_kinds_of_key_material_conflict() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256");
    let client = latchkey.fixtures().client().await;
    for (body, pointer) in [
        (json!({ "jwks": key.jwks(), "jwks_uri": URI }), "#/jwks_uri"),
        (json!({ "jwks": key.jwks(), "public_key_pem": key.pem() }), "#/public_key_pem"),
        (json!({ "jwks_uri": URI, "public_key_pem": key.pem() }), "#/public_key_pem"),
    ] {
        assert_eq!(latchkey.patch(&client.path(), &body).await.expect(422).pointers(), [pointer]);
        assert_eq!(latchkey.post(CLIENTS, &with_keys(&body)).await.expect(422).pointers(), [pointer]);
    }
}

#[tokio::test]
async fn invalid_key_is_named_with_its_position() {
    let latchkey = TestApp::with_fixtures().await;
    let (one, two) = (TestKey::new("ES256").named("same"), TestKey::new("ES256").named("same"));
    let mut off_curve = one.jwk();
    off_curve["y"] = off_curve["x"].clone();
    let weak = json!({ "kty": "RSA", "n": "w".repeat(171), "e": "AQAB" });
    let short = json!({ "kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ" });
    let many: Vec<_> = (0..6).map(|_| TestKey::new("ES256").jwk()).collect();
    let cut = one.pem().replace("-----END", "-----FIN");
    let two_blocks = format!("{}{}", one.pem(), two.pem());
    for (members, pointers) in [
        (json!({ "jwks": "keys" }), vec!["#/jwks"]),
        (json!({ "jwks": {} }), vec!["#/jwks"]),
        (json!({ "jwks": { "keys": [] } }), vec!["#/jwks"]),
        (json!({ "jwks": { "keys": many } }), vec!["#/jwks"]),
        (json!({ "jwks": { "keys": [one.jwk(), two.jwk()] } }), vec!["#/jwks/keys/1"]),
        (
            json!({ "jwks": { "keys": [weak, one.jwk(), short, 7] } }),
            vec!["#/jwks/keys/0", "#/jwks/keys/2", "#/jwks/keys/3"],
        ),
        (json!({ "jwks": { "keys": [off_curve] } }), vec!["#/jwks/keys/0"]),
        (json!({ "jwks_uri": "http://client.example.com/keys" }), vec!["#/jwks_uri"]),
        (json!({ "jwks_uri": 7 }), vec!["#/jwks_uri"]),
        (json!({ "public_key_pem": "" }), vec!["#/public_key_pem"]),
        (json!({ "public_key_pem": cut }), vec!["#/public_key_pem"]),
        (json!({ "public_key_pem": two_blocks }), vec!["#/public_key_pem"]),
        (json!({ "federated_identities": {} }), vec!["#/federated_identities"]),
        (json!({ "federated_identities": [identity("")] }), vec!["#/federated_identities/0/subject"]),
        (json!({ "federated_identities": [identity("a"), identity("a")] }), vec!["#/federated_identities/1"]),
        (
            json!({ "federated_identities": (0..6).map(|n| identity(&n.to_string())).collect::<Vec<_>>() }),
            vec!["#/federated_identities"],
        ),
    ] {
        let response = latchkey.post(CLIENTS, &with_keys(&members)).await.expect(422);
        assert_eq!(response.pointers(), pointers, "{members}");
    }
}

#[tokio::test]
async fn own_issuer_is_rejected_as_federated_issuer() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for issuer in [ISSUER.to_owned(), format!("{ISSUER}/")] {
        let own = json!({ "issuer": issuer, "subject": client.client_id, "audience": "x" });
        let members = json!({ "federated_identities": [identity("job"), own] });
        let pointer = "#/federated_identities/1/issuer";
        assert_eq!(latchkey.post(CLIENTS, &with_keys(&members)).await.expect(422).pointers(), [pointer]);
        assert_eq!(latchkey.patch(&client.path(), &members).await.expect(422).pointers(), [pointer]);
    }
}

#[tokio::test]
async fn private_key_jwt_client_has_keys_and_no_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let method = "#/token_endpoint_auth_method";
    assert_eq!(latchkey.post(CLIENTS, &with_keys(&json!({}))).await.expect(422).pointers(), [method]);
    let key = TestKey::new("ES256");
    let with_secret = with_keys(&json!({ "jwks": key.jwks(), "secret": {} }));
    assert_eq!(latchkey.post(CLIENTS, &with_secret).await.expect(422).pointers(), ["#/secret"]);
    let created = latchkey.post(CLIENTS, &with_keys(&json!({ "jwks": key.jwks() }))).await.expect(201);
    let path = created.header("location");
    assert_eq!(latchkey.patch(path, &json!({ "jwks": null })).await.expect(422).pointers(), [method]);
    let moved = json!({ "jwks": null, "federated_identities": [identity("job")] });
    latchkey.patch(path, &moved).await.expect(200);
    assert_eq!(
        latchkey.patch(path, &json!({ "federated_identities": [] })).await.expect(422).pointers(),
        [method]
    );
}

#[tokio::test]
async fn duplicate_copies_keys_and_identities_without_use_dates() {
    let latchkey = TestApp::with_fixtures().await;
    let key = TestKey::new("ES256").named("k1");
    let members = json!({ "jwks": key.jwks(), "federated_identities": [identity("job")] });
    let created = latchkey.post(CLIENTS, &with_keys(&members)).await.expect(201);
    let works = async |id: &str| {
        let assertion = key.assert(&claims(id, ISSUER, latchkey.now().as_second()));
        latchkey.request("POST", "/oauth/token").form(&form(&assertion)).send().await.expect(200)
    };
    works(&created.string("client_id")).await;
    let path = format!("{}/duplicate", created.header("location"));
    let copy = latchkey.post(&path, &json!({})).await.expect(201);
    assert_contains(&copy.json(), &members);
    let days: Vec<_> =
        copy.json()["credentials"].as_array().unwrap().iter().map(|c| c["last_used_on"].clone()).collect();
    assert_eq!(days, [Value::Null, Value::Null]);
    works(&copy.string("client_id")).await;
    let other =
        latchkey.post(&path, &json!({ "jwks_uri": URI, "federated_identities": [] })).await.expect(201);
    assert_contains(&other.json(), &json!({ "jwks": null, "jwks_uri": URI, "federated_identities": [] }));
    assert_eq!(values_of(other.json()["credentials"].as_array().unwrap(), "type"), ["jwks_uri"]);
}

#[tokio::test]
async fn keys_count_towards_client_size_limit() {
    let latchkey = TestApp::with_fixtures().await;
    let keys: Vec<_> = (0..5).map(|_| TestKey::new("RS256").jwk()).collect();
    let response = latchkey.post(CLIENTS, &with_keys(&json!({ "jwks": { "keys": keys } }))).await.expect(422);
    assert_eq!(response.pointers(), ["#"]);
    let detail = response.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("keys") && detail.contains("1808"), "{detail}");
    latchkey.post(CLIENTS, &with_keys(&json!({ "jwks": { "keys": keys[..4] } }))).await.expect(201);
    let long = |n: usize| json!({ "issuer": "https://issuer.example.com", "subject": "s".repeat(500), "audience": n.to_string() });
    let identities = |most: usize| json!({ "federated_identities": (0..most).map(long).collect::<Vec<_>>() });
    assert_eq!(latchkey.post(CLIENTS, &with_keys(&identities(4))).await.expect(422).pointers(), ["#"]);
    latchkey.post(CLIENTS, &with_keys(&identities(3))).await.expect(201);
}
