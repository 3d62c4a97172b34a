//! Attributes that this version has added: items of an earlier one have the documented defaults, and what this version
//! writes has everything that the earlier one reads.

use super::fixture::{Item, Upgraded};
use super::get;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ACCOUNT: &str = "/v1/accounts/T12345678";

#[tokio::test]
async fn accounts_have_the_deployments_limits_and_are_counted() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let account = get(&upgraded, ACCOUNT).await;
    assert_eq!(account["limits"], json!({ "clients": 200, "members": 200, "mail_recipients_per_day": 500 }));
    assert_eq!(account["usage"], json!({ "clients": 15, "members": 2, "mail_recipients_today": 0 }));
    assert_eq!((&account["end_users"], &account["locale"]), (&json!("members"), &Value::Null));
}

#[tokio::test]
async fn disabled_account_counts_from_its_last_change() {
    let mut upgraded = Upgraded::from_v0_1_0().await;
    let path = "/v1/accounts/T87654321";
    upgraded.app.advance(jiff::SignedDuration::from_hours(24 * 7));
    upgraded.app.admin_request("DELETE", path).await.send().await.expect(204);
}

#[tokio::test]
async fn members_keep_their_sub_which_the_job_stores() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let path = format!("{ACCOUNT}/members/ann@acme.example");
    let before = get(&upgraded, &path).await;
    let key = ("ACCOUNT#T12345678", "MEMBER#ann@acme.example");
    assert!(!upgraded.item("directory", key.0, key.1).await.contains_key("sub"));
    assert_eq!(
        get(&upgraded, &format!("{ACCOUNT}/members/{}", before["sub"].as_str().unwrap())).await,
        before
    );
    upgraded.app.run_job().await;
    let stored = upgraded.item("directory", key.0, key.1).await;
    assert_eq!(stored["sub"].as_s().unwrap(), before["sub"].as_str().unwrap());
    assert_eq!(get(&upgraded, &path).await, before, "it is no change of the member");
}

#[tokio::test]
async fn first_change_of_a_member_stores_its_sub() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let path = format!("{ACCOUNT}/members/ann@acme.example");
    let before = get(&upgraded, &path).await;
    let request = upgraded.app.admin_request("PATCH", &path).await.json(&json!({ "name": "Anna" }));
    assert_eq!(request.send().await.expect(200).json()["sub"], before["sub"]);
    let stored = upgraded.item("directory", "ACCOUNT#T12345678", "MEMBER#ann@acme.example").await;
    assert_eq!(stored["sub"].as_s().unwrap(), before["sub"].as_str().unwrap());
}

#[tokio::test]
async fn next_use_of_a_secret_stores_its_lookup() {
    let mut upgraded = Upgraded::from_v0_1_0().await;
    upgraded.app.advance(jiff::SignedDuration::from_hours(24));
    let (id, secret) = upgraded.credentials("secret");
    let partition = format!("CLIENT#{id}");
    let lookups = async || {
        let items = upgraded.app.inspect().partition(&partition).await;
        items.iter().filter(|item| item.contains_key("lookup")).count()
    };
    assert_eq!(lookups().await, 0);
    upgraded.app.token(id, secret, "&resource=backoffice_api").await.expect(200);
    assert_eq!(lookups().await, 1);
    upgraded.assert_attributes_kept().await;
}

/// The attributes that every item of a kind has, with their types.
fn common<'a>(items: impl Iterator<Item = &'a Value>) -> BTreeMap<String, String> {
    let types = |item: &Value| -> BTreeMap<String, String> {
        let members = item.as_object().unwrap().iter();
        members
            .map(|(name, value)| (name.clone(), value.as_object().unwrap().keys().next().unwrap().clone()))
            .collect()
    };
    items
        .map(types)
        .reduce(|all, next| all.into_iter().filter(|one| next.get(&one.0) == Some(&one.1)).collect())
        .unwrap_or_default()
}

fn type_of(item: &Item, name: &str) -> Option<&'static str> {
    let value = item.get(name)?;
    Some(match value {
        value if value.is_s() => "S",
        value if value.is_n() => "N",
        value if value.is_b() => "B",
        value if value.is_bool() => "BOOL",
        value if value.is_l() => "L",
        value if value.is_m() => "M",
        _ => "other",
    })
}

#[tokio::test]
async fn new_items_have_what_the_earlier_version_reads() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let post = async |path: &str, body: Value| {
        upgraded.app.admin_request("POST", path).await.json(&body).send().await.expect(201).json()
    };
    post("/v1/accounts", json!({ "account_id": "T2", "account_name": "New" })).await;
    let member = post("/v1/accounts/T2/members", json!({ "email": "n@b.example", "name": "N" })).await;
    let client = post(
        "/v1/accounts/T2/clients",
        json!({
            "client_name": "New", "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }]
        }),
    )
    .await;
    let id = client["client_id"].as_str().unwrap();
    let revoke = format!("/v1/accounts/T2/clients/{id}/revoke-tokens");
    upgraded.app.admin_request("POST", &revoke).await.send().await.expect(200);
    let client_partition = format!("CLIENT#{id}");
    let secret = format!("SECRET#{}", client["secret_id"].as_str().unwrap());
    let member = format!("MEMBER#{}", member["email"].as_str().unwrap());
    let fixture: Value = serde_json::from_str(include_str!("v0.1.0.json")).unwrap();
    let stored = fixture["tables"]["directory"].as_array().unwrap();
    for (pk, sk) in [
        ("ACCOUNT#T2", "ACCOUNT"),
        ("ACCOUNT#T2", &member),
        (&client_partition, "CLIENT"),
        (&client_partition, &secret),
    ] {
        let kind = sk.split('#').next().unwrap();
        let of_kind =
            stored.iter().filter(|item| item["sk"]["S"].as_str().unwrap().split('#').next() == Some(kind));
        let of_kind = of_kind.filter(|item| !item["pk"]["S"].as_str().unwrap().starts_with("RETIRED"));
        let expected = common(of_kind);
        assert!(expected.len() > 5, "{kind}: {expected:?}");
        let item = upgraded.item("directory", pk, sk).await;
        for (name, kind_of_value) in expected {
            assert_eq!(type_of(&item, &name), Some(kind_of_value.as_str()), "{name} of {kind}");
        }
    }
    let expected = common(fixture["tables"]["audit"].as_array().unwrap().iter());
    assert!(expected.len() > 5, "{expected:?}");
    let entries = upgraded.app.inspect().items(&upgraded.table("audit")).await;
    let with_changes: Vec<_> = entries.iter().filter(|entry| entry.contains_key("changes")).collect();
    assert!(!with_changes.is_empty());
    for (entry, (name, kind_of_value)) in
        with_changes.into_iter().flat_map(|one| expected.iter().map(move |two| (one, two)))
    {
        assert_eq!(type_of(entry, name), Some(kind_of_value.as_str()), "{name} of an audit entry");
    }
}
