//! Keys in a certificate: they expire with it.

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::http::TestResponse;
use crate::v1::{CLIENTS, backoffice, values_of};
use serde_json::{Value, json};

/// 2030-01-01T00:00:00Z
const EXPIRES_AT: (i32, u8, u8) = (2030, 1, 1);

/// An app whose clock is at 1 December 2029, with a client that has this key's certificate; and the client's
/// path.
async fn certified(key: &TestKey) -> (TestApp, String) {
    with_certificate(&key.certificate(EXPIRES_AT)).await
}

async fn with_certificate(pem: &str) -> (TestApp, String) {
    let mut latchkey = TestApp::with_fixtures().await;
    set_time(&mut latchkey, "2029-12-01T12:00:00Z");
    let body = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt", "contacts": ["ops@acme.example"],
        "public_key_pem": pem, "permissions": backoffice(&["orders:read"]),
    });
    let path = latchkey.post(CLIENTS, &body).await.expect(201).header("location").to_owned();
    (latchkey, path)
}

fn set_time(latchkey: &mut TestApp, instant: &str) {
    latchkey.set_time(instant.parse().unwrap());
}

async fn authenticate(latchkey: &TestApp, path: &str, key: &TestKey) -> TestResponse {
    let id = path.rsplit('/').next().unwrap();
    let assertion = key.assert(&claims(id, ISSUER, latchkey.now().as_second()));
    latchkey.request("POST", "/oauth/token").form(&form(&assertion)).send().await
}

#[tokio::test]
async fn certificate_expiry_is_shown_and_enforced_to_the_second() {
    let key = TestKey::new("ES256");
    let (mut latchkey, path) = certified(&key).await;
    let credential = latchkey.get(&path).await.expect(200).json()["credentials"][0].clone();
    assert_eq!(
        (&credential["type"], &credential["expires_at"]),
        (&json!("certificate"), &json!("2030-01-01T00:00:00Z"))
    );
    assert_eq!(credential["thumbprint"].as_str().unwrap().len(), 43);
    for (now, attention, status) in [
        ("2029-12-17T23:58:00Z", json!([]), 200),
        ("2029-12-18T00:00:00Z", json!(["certificate_expiring"]), 200),
        ("2029-12-31T23:58:00Z", json!(["certificate_expiring"]), 200),
        ("2030-01-01T00:00:00Z", json!(["certificate_expired"]), 401),
    ] {
        set_time(&mut latchkey, now);
        authenticate(&latchkey, &path, &key).await.expect(status);
        assert_eq!(latchkey.get(&path).await.expect(200).json()["attention"], attention, "{now}");
        for reason in ["certificate_expiring", "certificate_expired"] {
            let found = latchkey.list_items(&format!("{CLIENTS}?attention={reason}")).await;
            assert_eq!(found.len(), usize::from(attention == json!([reason])), "{now} {reason}");
        }
    }
    let usual = latchkey.token("unknown", "x", "").await.expect(401).dump();
    assert_eq!(authenticate(&latchkey, &path, &key).await.dump(), usual);
}

#[tokio::test]
async fn certificate_successor_works_before_and_after_expiry() {
    let key = TestKey::new("RS256");
    let (mut latchkey, path) = certified(&key).await;
    authenticate(&latchkey, &path, &key).await.expect(200);
    let before = latchkey.get(&path).await.json()["credentials"][0].clone();
    let renewed = json!({ "public_key_pem": key.certificate((2031, 1, 1)) });
    let after = latchkey.patch(&path, &renewed).await.expect(200).json()["credentials"][0].clone();
    assert_ne!(after["thumbprint"], before["thumbprint"]);
    assert_eq!(after["last_used_on"], before["last_used_on"], "the key is the same");
    set_time(&mut latchkey, "2030-06-01T12:00:00Z");
    authenticate(&latchkey, &path, &key).await.expect(200);
    set_time(&mut latchkey, "2031-01-01T00:00:00Z");
    authenticate(&latchkey, &path, &key).await.expect(401);
    latchkey.patch(&path, &json!({ "public_key_pem": key.certificate((2032, 1, 1)) })).await.expect(200);
    authenticate(&latchkey, &path, &key).await.expect(200);
}

#[tokio::test]
async fn expired_certificate_is_rejected_but_may_be_kept() {
    let key = TestKey::new("EdDSA");
    let pem = key.certificate(EXPIRES_AT);
    let (mut latchkey, path) = with_certificate(&pem).await;
    let ended = json!({ "client_name": "x", "public_key_pem": key.certificate((2029, 12, 1)) });
    let response = latchkey.post(CLIENTS, &ended).await.expect(422);
    assert_eq!(response.pointers(), ["#/public_key_pem"]);
    assert!(response.text().contains("2029-12-01T00:00:00Z"), "{}", response.text());
    set_time(&mut latchkey, "2030-01-01T00:00:00Z");
    // Sending the same certificate again changes nothing.
    let same = json!({ "public_key_pem": pem, "client_name": "Stock sync" });
    latchkey.patch(&path, &same).await.expect(200);
    latchkey.post(&format!("{path}/duplicate"), &json!({})).await.expect(201);
    let other = TestKey::new("EdDSA");
    let ended = json!({ "public_key_pem": other.certificate(EXPIRES_AT) });
    assert_eq!(latchkey.patch(&path, &ended).await.expect(422).pointers(), ["#/public_key_pem"]);
}

#[tokio::test]
async fn key_in_response_can_be_sent_back_and_keeps_expiry() {
    let key = TestKey::new("ES384");
    let (latchkey, path) = certified(&key).await;
    let shown = latchkey.get(&path).await.expect(200);
    let pem = shown.json()["public_key_pem"].clone();
    assert_eq!(pem, json!(key.pem()), "the key has no certificate");
    let response = latchkey.patch(&path, &json!({ "public_key_pem": pem })).await.expect(200);
    assert_eq!((response.etag(), response.json()), (shown.etag(), shown.json()));
    // Without the certificate, the key alone has no expiry.
    let without = json!({ "public_key_pem": null, "token_endpoint_auth_method": "client_secret_basic" });
    latchkey.patch(&path, &without).await.expect(200);
    let key_only = json!({ "public_key_pem": pem, "token_endpoint_auth_method": "private_key_jwt" });
    let credentials: Value = latchkey.patch(&path, &key_only).await.expect(200).json()["credentials"].clone();
    assert_eq!(values_of(credentials.as_array().unwrap(), "type"), ["public_key"]);
    assert_eq!(credentials[0].get("expires_at"), None);
}
