//! Values that versions before this one accepted: they cannot be set any more, and stored ones go on and need attention.

use crate::support::app::{ISSUER, TestApp};
use crate::support::crypto::assertions::{TestKey, claims, form};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::v1::CLIENTS;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Changes an attribute of a stored client, as another version may have written it.
async fn store(latchkey: &TestApp, client: &TestClient, attribute: &str, value: AttributeValue) {
    let table = &latchkey.server.management.app.config.tables.directory;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let update = latchkey.server.aws.dynamodb().update_item().table_name(table);
    let update = update.key("pk", text(&format!("CLIENT#{}", client.client_id))).key("sk", text("CLIENT"));
    let update = update.update_expression("SET #attribute = :value");
    let update = update.expression_attribute_names("#attribute", attribute);
    update.expression_attribute_values(":value", value).send().await.unwrap();
}

fn list(texts: &[&str]) -> AttributeValue {
    AttributeValue::L(texts.iter().map(|text| AttributeValue::S((*text).to_owned())).collect())
}

/// A client that needs no attention.
async fn client(latchkey: &TestApp) -> TestClient {
    latchkey.fixtures().client().await
}

#[tokio::test]
async fn deceptive_names_are_rejected_and_those_of_all_scripts_accepted() {
    let latchkey = TestApp::with_fixtures().await;
    for name in
        ["Shop\u{61c}", "\u{3164}", "\u{2800}", "Sh\u{ad}op", "a\u{e0041}b", "Pay\u{200d}Pal", "\u{301}"]
    {
        let response = latchkey.post(CLIENTS, &json!({ "client_name": name })).await.expect(422);
        assert_eq!(response.pointers(), ["#/client_name"], "{name:?}");
    }
    for name in ["👩\u{200d}🚀 crew", "می\u{200c}خواهم", "ශ්\u{200d}රී", "Åse & Søn", "会社"]
    {
        let response = latchkey.post(CLIENTS, &json!({ "client_name": name })).await.expect(201);
        assert_eq!(response.string("client_name"), name);
    }
}

#[tokio::test]
async fn stored_names_go_on() {
    let latchkey = TestApp::with_fixtures().await;
    let client = client(&latchkey).await;
    store(&latchkey, &client, "client_name", AttributeValue::S("Shop\u{61c}".to_owned())).await;
    let changed = latchkey.patch(&client.path(), &json!({ "description": "d" })).await.expect(200);
    assert_eq!(changed.string("client_name"), "Shop\u{61c}");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn open_allowlists_need_attention() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    for networks in [json!(["0.0.0.0/0"]), json!(["0.0.0.0/0", "::/0"]), json!(["::ffff:0:0/96"])] {
        let client = client(&latchkey).await;
        let changed = latchkey.patch(&client.path(), &json!({ "allowed_ips": networks })).await.expect(200);
        assert_eq!(changed.json()["attention"], json!(["open_allowlist"]), "{networks}");
        let path = format!("{CLIENTS}?attention=open_allowlist");
        assert!(latchkey.list_items(&path).await.iter().any(|item| item["client_id"] == client.client_id));
    }
}

#[tokio::test]
async fn allowlist_of_all_ipv6_only_cannot_be_set_and_a_stored_one_goes_on() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let client = client(&latchkey).await;
    for networks in [json!(["::/0"]), json!(["::/0", "203.0.113.0/24"])] {
        let members = json!({ "allowed_ips": networks });
        let response = latchkey.patch(&client.path(), &members).await.expect(422);
        assert_eq!(response.pointers(), ["#/allowed_ips"]);
        assert!(response.text().contains("add 0.0.0.0/0"), "{}", response.text());
    }
    store(&latchkey, &client, "allowed_ips", list(&["::/0"])).await;
    let members = json!({ "allowed_ips": ["::/0"], "description": "d" });
    let changed = latchkey.patch(&client.path(), &members).await.expect(200);
    assert_eq!(changed.json()["attention"], json!(["open_allowlist"]));
}

#[tokio::test]
async fn key_sources_at_other_ports_and_special_names_cannot_be_set() {
    let latchkey = TestApp::with_fixtures().await;
    let new = |members: Value| {
        let mut body = json!({ "client_name": "x", "token_endpoint_auth_method": "private_key_jwt" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        body
    };
    for (url, ok) in [
        ("https://keys.example.com/jwks", true),
        ("https://keys.example.com:8443/jwks", true),
        ("https://keys.example.com:22/jwks", false),
        ("https://metadata.google.internal/jwks", false),
        ("https://app.localhost/jwks", false),
        ("https://printer.local/jwks", false),
        ("https://router.home.arpa/jwks", false),
    ] {
        let status = if ok { 201 } else { 422 };
        let response = latchkey.post(CLIENTS, &new(json!({ "jwks_uri": url }))).await.expect(status);
        assert!(ok || response.pointers() == ["#/jwks_uri"], "{url}");
        let identity = json!({ "issuer": url, "subject": "s", "audience": "a" });
        let body = new(json!({ "federated_identities": [identity] }));
        let response = latchkey.post(CLIENTS, &body).await.expect(status);
        assert!(ok || response.pointers() == ["#/federated_identities/0/issuer"], "{url}");
    }
}

#[tokio::test]
async fn stored_key_source_goes_on_and_needs_attention() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let client = client(&latchkey).await;
    let uri = "https://keys.example.com:9443/jwks";
    let keys = HashMap::from([("jwks_uri".to_owned(), AttributeValue::S(uri.to_owned()))]);
    store(&latchkey, &client, "key_source", AttributeValue::M(keys)).await;
    let seen = latchkey.get(&client.path()).await.expect(200).json();
    assert_eq!(seen["attention"], json!(["jwks_uri_not_allowed"]));
    let same = json!({ "jwks_uri": uri, "description": "d" });
    assert_eq!(latchkey.patch(&client.path(), &same).await.expect(200).json()["jwks_uri"], uri);
    let other = json!({ "jwks_uri": "https://keys.example.com:9444/jwks" });
    latchkey.patch(&client.path(), &other).await.expect(422);
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}/duplicate", client.client_id);
    latchkey.post(&path, &json!({})).await.expect(201);
}

/// RSA numbers were stored as they came: with the leading zero that some programs write, no assertion was accepted.
#[tokio::test]
async fn stored_rsa_key_with_leading_zeros_verifies() {
    let latchkey = TestApp::with_fixtures().await;
    let client = client(&latchkey).await;
    let key = TestKey::new("RS256");
    latchkey.patch(&client.path(), &json!({ "jwks": key.jwks() })).await.expect(200);
    let n = URL_SAFE_NO_PAD.decode(key.jwk()["n"].as_str().unwrap()).unwrap();
    let map = |members: Vec<(&str, AttributeValue)>| {
        AttributeValue::M(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let n = URL_SAFE_NO_PAD.encode([&[0], &n[..]].concat());
    let jwk = map(vec![("kty", text("RSA")), ("n", text(&n)), ("e", text("AAEAAQ"))]);
    let stored = map(vec![("jwks", map(vec![("keys", AttributeValue::L(vec![jwk]))]))]);
    store(&latchkey, &client, "key_source", stored).await;
    let assertion = key.assert(&claims(&client.client_id, ISSUER, latchkey.now().as_second()));
    latchkey.request("POST", "/oauth/token").form(&form(&assertion)).send().await.expect(200);
}
