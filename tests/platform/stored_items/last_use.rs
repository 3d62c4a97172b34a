//! The last use of secrets, which version 0.1.0 recorded with the secret, and later ones with the client.

use super::fixture::{Item, Upgraded};
use super::{ACCOUNT, get, list};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use shared::domain::client::credential::CredentialId;
use shared::domain::primitives::ids::SecretId;
use std::collections::HashMap;

const CLIENT: &str = "CLIENT#renewing";
const SECRET: &str = "94b484048d3885c218b628da3127504c";

/// The attribute `last_uses` of a client.
async fn uses(upgraded: &Upgraded, pk: &str) -> HashMap<String, AttributeValue> {
    upgraded.item("directory", pk, "CLIENT").await["last_uses"].as_m().unwrap().clone()
}

async fn secret(upgraded: &Upgraded) -> Item {
    upgraded.item("directory", CLIENT, &format!("SECRET#{SECRET}")).await
}

#[tokio::test]
async fn the_later_of_both_places_counts() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let shown = async || {
        let path = format!("{ACCOUNT}/clients/renewing/secrets/{SECRET}");
        get(&upgraded, &path).await["last_used_on"].clone()
    };
    assert_eq!(shown().await, "2026-12-09", "that of the secret's item");
    for (with_client, later) in [("2026-12-08", "2026-12-09"), ("2026-12-10", "2026-12-10")] {
        let mut client = upgraded.item("directory", CLIENT, "CLIENT").await;
        let name = CredentialId::of_secret(&SecretId::parse(SECRET).unwrap());
        let uses = [(name.as_str().to_owned(), AttributeValue::S(with_client.to_owned()))];
        client.insert("last_uses".to_owned(), AttributeValue::M(uses.into()));
        upgraded.put("directory", client).await;
        assert_eq!(shown().await, later);
    }
}

#[tokio::test]
async fn first_uses_complete_the_secret_and_then_the_client() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let mut old = secret(&upgraded).await;
    old.insert("last_used_on".to_owned(), AttributeValue::S("2026-12-01".to_owned()));
    upgraded.put("directory", old).await;
    let today = upgraded.app.now().to_zoned(TimeZone::UTC).date().to_string();
    let (id, value) = upgraded.credentials("renewing");
    let mut states = Vec::new();
    for _ in 0..3 {
        upgraded.app.token(id, value, "").await.expect(200);
        let secret = secret(&upgraded).await;
        states.push((
            secret["last_used_on"] == AttributeValue::S(today.clone()) && secret.contains_key("lookup"),
            uses(&upgraded, CLIENT).await.into_values().collect::<Vec<_>>(),
        ));
    }
    let used = vec![AttributeValue::S(today)];
    assert_eq!(states, [(true, vec![]), (true, used.clone()), (true, used)]);
    upgraded.assert_attributes_kept().await;
}

#[tokio::test]
async fn job_copies_last_uses_to_clients() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let listed = async |client: &str| {
        let all = list(&upgraded, &format!("{ACCOUNT}/clients")).await;
        let found = all.into_iter().find(|item| item["client_id"] == client).unwrap();
        found["last_used_on"].clone()
    };
    assert_eq!(listed("renewing").await, Value::Null);
    let summary = upgraded.app.run_job().await;
    assert_eq!(summary.unreadable, 0, "{summary:?}");
    assert_eq!(listed("renewing").await, json!("2026-12-09"));
    assert_eq!(listed("two-secrets").await, json!("2026-12-01"));
    assert_eq!(uses(&upgraded, "CLIENT#two-secrets").await.len(), 1, "one secret was never used");
    assert_eq!(listed("stored-secret").await, Value::Null);
    upgraded.assert_attributes_kept().await;
}
