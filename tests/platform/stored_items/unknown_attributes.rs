//! Attributes that a later version has added: a rollback to this version, and an update by it, lose none.

use super::fixture::Upgraded;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use std::collections::HashMap;

/// An attribute that no version has.
fn unknown() -> AttributeValue {
    let members = HashMap::from([("a".to_owned(), AttributeValue::N("1".to_owned()))]);
    AttributeValue::M(members)
}

/// Adds an unknown attribute to an item, updates it with this request, and looks for the attribute.
async fn assert_kept(key: (&str, &str), update: (&str, &str, Value)) {
    let upgraded = Upgraded::from_v0_1_0().await;
    let (pk, sk) = key;
    let mut item = upgraded.item("directory", pk, sk).await;
    item.insert("added_later".to_owned(), unknown());
    upgraded.put("directory", item).await;
    let (method, path, body) = update;
    let response = upgraded.app.admin_request(method, path).await.json(&body).send().await;
    assert!(response.status.is_success(), "{path}: {}", response.text());
    let item = upgraded.item("directory", pk, sk).await;
    assert_eq!(item.get("added_later"), Some(&unknown()), "{pk} {sk}");
    upgraded.assert_attributes_kept().await;
}

#[tokio::test]
async fn client_keeps_unknown_attributes() {
    let path = "/v1/accounts/T12345678/clients/order-sync";
    assert_kept(("CLIENT#order-sync", "CLIENT"), ("PATCH", path, json!({ "description": "New" }))).await;
}

#[tokio::test]
async fn client_keeps_unknown_attributes_when_a_secret_is_added() {
    let path = "/v1/accounts/T12345678/clients/order-sync/secrets";
    assert_kept(("CLIENT#order-sync", "CLIENT"), ("POST", path, json!({}))).await;
}

#[tokio::test]
async fn account_keeps_unknown_attributes() {
    let update = ("PATCH", "/v1/accounts/T12345678", json!({ "account_name": "New" }));
    assert_kept(("ACCOUNT#T12345678", "ACCOUNT"), update).await;
}

#[tokio::test]
async fn member_keeps_unknown_attributes() {
    let update = ("PATCH", "/v1/accounts/T12345678/members/ann@acme.example", json!({ "name": "New" }));
    assert_kept(("ACCOUNT#T12345678", "MEMBER#ann@acme.example"), update).await;
}

#[tokio::test]
async fn resource_keeps_unknown_attributes() {
    let update = ("PATCH", "/v1/resources/backoffice_api", json!({ "resource_name": "New" }));
    assert_kept(("CATALOGUE", "RESOURCE#backoffice_api"), update).await;
}
