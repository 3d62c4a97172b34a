//! The largest possible client and its two secrets fit one read unit of 4,096 bytes.

use super::item_size;
use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fake_internet::FakeInternet;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use shared::domain::client::active_credentials::credentials;
use shared::domain::client::client_keys::key_check::MAX_IGNORED_KEYS;
use shared::domain::client::client_keys::{Certificate, ClientKeys};
use shared::domain::client::credential::CredentialId;
use shared::domain::primitives::ids::ClientId;
use shared::domain::reminder::{ExpiringCredential, LastNotice, NoticeKind};

const READ_UNIT_BYTES: usize = 4_096;

/// The bytes of a client that has these members and is filled up with the others.
async fn largest(members: &Value) -> usize {
    // Each source of keys has some that are passed over, and none that is usable.
    let internet = FakeInternet::start().await;
    let latchkey = internet.latchkey_with_lookups().await;
    let other = json!({ "kty": "RSA", "n": "w".repeat(171), "e": "AQAB", "kid": "k".repeat(100) });
    for host in ["client.example.com", "a0.bc", "a1.bc", "a2.bc", "a3.bc", "a4.bc"] {
        internet.publish_issuer(host, &json!({ "keys": vec![other.clone(); 5] }));
    }
    let account = "A".repeat(64);
    latchkey.fixtures().account(&account).await;
    let client_id = "C".repeat(64);
    let scopes: Vec<_> = (0..10).map(|n| json!({ "name": format!("{n:064}") })).collect();
    latchkey.fixtures().resource(&json!({ "resource_id": "R".repeat(64), "scopes": scopes })).await;
    let mut body = json!({
        "client_id": client_id, "client_name": "\u{1d11e}".repeat(60), "description": "d".repeat(100),
        "redirect_uris": [format!("https://example.com/{}", "r".repeat(280))],
        "contacts": [format!("{}@{}.example", "c".repeat(60), "d".repeat(60))],
        "permissions": [{ "resource": "R".repeat(64), "scopes": (0..6).map(|n| format!("{n:064}")).collect::<Vec<_>>() }],
        "client_uri": format!("https://example.com/{}", "u".repeat(80)),
        "secret": { "label": "\u{1d11e}".repeat(20) },
        "access_token_lifetime": 86_400, "refresh_token_lifetime": 31_536_000, "secret_display": "on_request",
    });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    // Addresses are the smallest elements, so they fill it up, and the description to the last byte.
    let path = format!("/v1/accounts/{account}/clients");
    let addresses = |count: usize| -> Value {
        (0..count).map(|n| format!("2001:db8:aaaa:bbbb:cccc:dddd:eeee:{:x}", 0x1000 + n)).collect()
    };
    let description = |length: usize| json!("d".repeat(length));
    fill(&latchkey, &path, &mut body, "allowed_ips", addresses, 50).await;
    fill(&latchkey, &path, &mut body, "description", description, 500).await;
    let created = latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201);
    let created = created.string("client_secret");
    let secrets = format!("/v1/accounts/{account}/clients/{client_id}/secrets");
    latchkey.admin_request("POST", &secrets).await.send().await.expect(201);
    let request = latchkey.request("POST", "/oauth/token").from("2001:db8:aaaa:bbbb:cccc:dddd:eeee:1000");
    let response =
        request.basic(&client_id, &created).form("grant_type=client_credentials").send().await.expect(200);
    assert_eq!(response.json()["expires_in"], 86_400);
    record_everything(&latchkey, &client_id).await;
    for secret in latchkey.list_items(&secrets).await {
        let pause = format!("{secrets}/{}/pause", secret["secret_id"].as_str().unwrap());
        latchkey.admin_request("POST", &pause).await.send().await.expect(200);
    }
    let known = latchkey.get(&format!("{path}/{client_id}")).await.expect(200).json();
    let is_published = |member: &str| members.get(member).is_some();
    if is_published("jwks_uri") || is_published("federated_identities") {
        assert_eq!(known["ignored_keys"].as_array().unwrap().len(), MAX_IGNORED_KEYS);
    }
    let items = latchkey.inspect().partition(&format!("CLIENT#{client_id}")).await;
    assert_eq!(items.len(), 3, "the client and two secrets");
    items.iter().map(item_size::bytes).sum()
}

/// Records every use and notice of secrets, keys and identities.
async fn record_everything(latchkey: &TestApp, client_id: &str) {
    let store = &latchkey.server.management.app.store;
    let id = ClientId::parse(client_id).unwrap();
    let today = latchkey.now().to_zoned(TimeZone::UTC).date();
    let known = store.load_client(&id).await.unwrap().unwrap();
    for secret in known.secrets {
        store.record_credential_use(&id, &CredentialId::of_secret(&secret.secret_id), today).await.unwrap();
        // As an earlier version has recorded its uses.
        let lookup = secret.lookup.expect("a lookup");
        store.complete_secret(&id, &secret.secret_id, today, &lookup).await.unwrap();
        store.record_expired_attempt(&id, &secret.secret_id, today).await.unwrap();
        let notice = LastNotice { kind: NoticeKind::Expiring(90), expires_at: secret.expires_at };
        let credential = ExpiringCredential::Secret { secret_id: secret.secret_id, hint: secret.hint };
        store.record_notice(&id, &credential, notice).await.unwrap();
    }
    let certificate = known.client.key_source.as_ref().and_then(ClientKeys::certificate);
    if let Some(Certificate { thumbprint, expires_at, .. }) = certificate {
        let notice = LastNotice { kind: NoticeKind::Expiring(90), expires_at: *expires_at };
        let credential = ExpiringCredential::Certificate { thumbprint: thumbprint.clone() };
        store.record_notice(&id, &credential, notice).await.unwrap();
    }
    for credential in credentials(&known.client) {
        store.record_credential_use(&id, &credential, today).await.unwrap();
    }
    let has_certificate = certificate.is_some();
    let known = store.load_client(&id).await.unwrap().unwrap();
    assert_eq!(known.client.certificate_said.is_some(), has_certificate);
    assert!(known.secrets.iter().all(|secret| secret.said.is_some() && secret.tried_on == Some(today)));
    assert_eq!(known.client.last_uses.len(), credentials(&known.client).count() + known.secrets.len());
}

/// Gives `member` the largest value that the whole client has room for: `value` of at most `most`.
async fn fill(
    latchkey: &TestApp,
    path: &str,
    body: &mut Value,
    member: &str,
    value: impl Fn(usize) -> Value,
    most: usize,
) {
    let (mut fits, mut exceeds) = (0, most + 1);
    while exceeds - fits > 1 {
        let middle = usize::midpoint(fits, exceeds);
        body[member] = value(middle);
        let mut probe = body.clone();
        // So that nothing is created.
        probe["unknown"] = json!(true);
        let refused = latchkey.admin_request("POST", path).await.json(&probe).send().await.expect(422);
        if refused.pointers().contains(&"#".to_owned()) { exceeds = middle } else { fits = middle }
    }
    body[member] = value(fits);
}

fn identities() -> Value {
    let identity = |n: u32| json!({ "issuer": format!("https://a{n}.bc"), "subject": "s", "audience": "a" });
    (0..5).map(identity).collect()
}

fn keys(alg: &'static str) -> Value {
    let key = |kid: &'static str| {
        let mut jwk = TestKey::new(alg).named(kid).jwk();
        jwk["alg"] = json!(alg);
        jwk
    };
    let keys = ["1", "2", "3", "4", "5"].map(key);
    json!({ "keys": keys })
}

#[tokio::test]
async fn client_with_texts_and_permissions_fits_one_read_unit() {
    assert_fits(largest(&json!({})).await);
}

#[tokio::test]
async fn client_with_five_keys_and_identities_fits_one_read_unit() {
    let members =
        json!({ "redirect_uris": [], "jwks": keys("Ed25519"), "federated_identities": identities() });
    assert_fits(largest(&members).await);
}

#[tokio::test]
async fn client_with_five_p384_keys_fits_one_read_unit() {
    assert_fits(largest(&json!({ "redirect_uris": [], "contacts": [], "jwks": keys("ES384") })).await);
}

#[tokio::test]
async fn client_with_certificate_and_identities_fits_one_read_unit() {
    let pem = TestKey::new("RS256").certificate((2040, 1, 1));
    let members = json!({ "redirect_uris": [], "contacts": [], "client_uri": null, "public_key_pem": pem, "federated_identities": identities() });
    assert_fits(largest(&members).await);
}

#[tokio::test]
async fn client_with_jwks_uri_and_identities_fits_one_read_unit() {
    let uri = "https://client.example.com/keys";
    let members = json!({ "redirect_uris": [], "jwks_uri": uri, "federated_identities": identities() });
    assert_fits(largest(&members).await);
}

#[track_caller]
fn assert_fits(bytes: usize) {
    println!("the largest client of this kind takes {bytes} bytes");
    assert!(bytes <= READ_UNIT_BYTES, "{bytes}");
    assert!(bytes > 3_500, "the client is not filled up: {bytes}");
}
