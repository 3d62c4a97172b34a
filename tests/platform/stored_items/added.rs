//! Items and attributes that came after version 0.1.0, as they are written since: they stay readable under these names.

use super::fixture::{Upgraded, attribute};
use super::get;
use crate::support::http::TestResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::net::fetch_failures::FetchFailures;
use std::collections::BTreeSet;

const ACCOUNT: &str = "/v1/accounts/T12345678";
const SOURCE: &str = "https://keys.example.com/jwks";

/// Items of version 0.1.0 and these.
pub async fn upgraded_with(table: &str, items: &Value) -> Upgraded {
    let upgraded = Upgraded::from_v0_1_0().await;
    for item in items.as_array().unwrap() {
        let members = item.as_object().unwrap().iter();
        upgraded.put(table, members.map(|(name, value)| (name.clone(), attribute(value))).collect()).await;
    }
    upgraded
}

/// A secret that is wrong, so that the refusal is noted.
async fn refuse(upgraded: &Upgraded) -> TestResponse {
    let wrong = ClientSecret::from_random_bytes([9; 32]).expose().to_owned();
    let request = upgraded.app.request("POST", "/oauth/token").basic("order-sync", &wrong);
    request.from("198.51.100.4").form("grant_type=client_credentials").send().await.expect(401)
}

fn names(items: &[super::fixture::Item]) -> Vec<BTreeSet<String>> {
    items.iter().map(|item| item.keys().cloned().collect()).collect()
}

#[tokio::test]
async fn audit_entries_with_changes_and_systems_are_read() {
    let at = "2026-12-09T12:00:10Z#0123456789abcdef";
    let change = json!({ "M": { "member": { "S": "contacts" }, "old": { "L": [{ "S": "a@b.example" }] }, "new": { "NULL": true } } });
    let actor = json!({ "client_id": { "S": "latchkey.expiry" }, "account_id": { "S": "T12345678" }, "system": { "S": "expiry" } });
    let entry = json!([{
        "pk": { "S": "ACCOUNT#T12345678" }, "sk": { "S": at }, "audit_id": { "S": at },
        "account_id": { "S": "T12345678" }, "at": { "S": "2026-12-09T12:00:10Z" },
        "actor": { "M": actor }, "action": { "S": "client.updated" },
        "target": { "M": { "client_id": { "S": "order-sync" } } },
        "client_key": { "S": "ACCOUNT#T12345678#CLIENT#order-sync" },
        "changed": { "L": [{ "S": "contacts" }] }, "changes": { "L": [change] },
    }]);
    let upgraded = upgraded_with("audit", &entry).await;
    let newest = get(&upgraded, &format!("{ACCOUNT}/audit?limit=1")).await["items"][0].clone();
    assert_eq!(newest["actor"]["system"], "expiry");
    assert_eq!(newest["changes"], json!([{ "member": "contacts", "old": ["a@b.example"], "new": null }]));
}

#[tokio::test]
async fn members_with_an_external_identity_are_read() {
    let identity = json!({ "issuer": { "S": "https://login.example.com" }, "subject": { "S": "first" } });
    let sub = format!("member_{}", "5".repeat(64));
    let member = json!([{
        "pk": { "S": "ACCOUNT#T12345678" }, "sk": { "S": "MEMBER#eve@acme.example" },
        "account_id": { "S": "T12345678" }, "email": { "S": "eve@acme.example" }, "name": { "S": "Eve" },
        "permissions": { "L": [] }, "sub": { "S": sub }, "token_generation": { "N": "2" },
        "external_identity": { "M": identity }, "locale": { "S": "de" }, "version": { "N": "3" },
        "created_at": { "S": "2026-12-02T12:00:00Z" }, "updated_at": { "S": "2026-12-03T12:00:00Z" },
    }]);
    let upgraded = upgraded_with("directory", &member).await;
    let read = get(&upgraded, &format!("{ACCOUNT}/members/{sub}")).await;
    assert_eq!(
        read["external_identity"],
        json!({ "issuer": "https://login.example.com", "subject": "first" })
    );
    assert_eq!((&read["email"], &read["locale"]), (&json!("eve@acme.example"), &json!("de")));
}

#[tokio::test]
async fn limits_numbers_and_deleted_accounts_are_read() {
    let account = |id: &str, more: Value| {
        let mut item = json!({
            "pk": { "S": format!("ACCOUNT#{id}") }, "sk": { "S": "ACCOUNT" }, "account_id": { "S": id },
            "account_name": { "S": id }, "status": { "S": "active" }, "version": { "N": "1" },
            "created_at": { "S": "2026-12-02T12:00:00Z" }, "updated_at": { "S": "2026-12-02T12:00:00Z" },
        });
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let usage = json!({ "pk": { "S": "ACCOUNT#T2" }, "sk": { "S": "USAGE" }, "clients": { "N": "4" }, "members": { "N": "5" } });
    let items = json!([
        account(
            "T2",
            json!({ "limits": { "M": { "clients": { "N": "7" } } }, "end_users": { "S": "anyone" }, "locale": { "S": "de" } })
        ),
        usage,
        account("T3", json!({ "deleted_at": { "S": "2026-12-03T12:00:00Z" } })),
    ]);
    let upgraded = upgraded_with("directory", &items).await;
    let read = get(&upgraded, "/v1/accounts/T2").await;
    assert_eq!(read["limits"], json!({ "clients": 7, "members": 200, "mail_recipients_per_day": 500 }));
    assert_eq!(read["usage"], json!({ "clients": 4, "members": 5, "mail_recipients_today": 0 }));
    assert_eq!((&read["end_users"], &read["locale"]), (&json!("anyone"), &json!("de")));
    upgraded.app.admin_request("GET", "/v1/accounts/T3").await.send().await.expect(404);
}

#[tokio::test]
async fn refusals_are_read_and_written_alike() {
    let note = json!([{
        "pk": { "S": "REFUSALS#order-sync" }, "sk": { "S": "2026-12-09T10:00:00Z#source_not_allowed" },
        "reason": { "S": "source_not_allowed" }, "hour": { "S": "2026-12-09T10:00:00Z" },
        "first_address": { "S": "203.0.113.9" }, "purge_at": { "N": "1797415200" },
    }]);
    let upgraded = upgraded_with("grants", &note).await;
    let read = get(&upgraded, &format!("{ACCOUNT}/clients/order-sync/refusals")).await["items"][0].clone();
    assert_eq!(
        (&read["reason"], &read["first_address"]),
        (&json!("source_not_allowed"), &json!("203.0.113.9"))
    );
    let expected = names(&upgraded.app.inspect().grants("REFUSALS#order-sync").await);
    refuse(&upgraded).await;
    let written = names(&upgraded.app.inspect().grants("REFUSALS#order-sync").await);
    assert_eq!(written, [expected.clone(), expected].concat());
}

#[tokio::test]
async fn failures_of_hosts_are_read_and_written_alike() {
    let digest = shared::adapters::crypto::digest::sha256_hex(&[SOURCE.as_bytes()]);
    let failures = json!([{
        "pk": { "S": format!("FETCH#{digest}") }, "sk": { "S": "FETCH" }, "failures": { "N": "2" },
        "failed_at": { "S": "2026-12-09T12:00:00Z" }, "purge_at": { "N": "1796824800" },
    }]);
    let upgraded = upgraded_with("grants", &failures).await;
    let (store, now) = (&upgraded.app.server.management.app.store, upgraded.app.now());
    let stored: Timestamp = "2026-12-09T12:00:00Z".parse().unwrap();
    assert!(now.duration_since(stored) < SignedDuration::from_hours(1));
    let read = store.load_fetch_failures(SOURCE, now).await.unwrap();
    assert_eq!(read, Some(FetchFailures { failures: 2, failed_at: stored }));
    let next = FetchFailures::after(read, now);
    assert!(store.record_fetch_failure("https://other.example", None, &next).await.unwrap());
    let written = names(&upgraded.app.inspect().grants("FETCH#").await);
    assert_eq!((written.len(), &written[0]), (2, &written[1]));
}

#[tokio::test]
async fn consents_of_end_users_are_read_and_withdrawn() {
    let sub = format!("user_{}", "5".repeat(64));
    let consent = json!([{
        "pk": { "S": "CONSENTS#order-sync" }, "sk": { "S": sub }, "consent_id": { "S": "6".repeat(32) },
        "client_id": { "S": "order-sync" }, "account_id": { "S": "T12345678" }, "sub": { "S": sub },
        "email": { "S": "eve@shop.example" }, "granted": { "M": {} }, "given_at": { "S": "2026-12-02T12:00:00Z" },
        "used_at": { "S": "2026-12-02T12:00:00Z" }, "expires_at": { "S": "2027-12-03T12:00:00Z" },
        "purge_at": { "N": "1828000000" },
    }]);
    let upgraded = upgraded_with("grants", &consent).await;
    let path = format!("{ACCOUNT}/clients/order-sync/consents");
    let read = get(&upgraded, &path).await["items"].clone();
    let found = read.as_array().unwrap().iter().find(|consent| consent["sub"] == sub.as_str()).unwrap();
    assert_eq!((&found["subject_type"], &found["email"]), (&json!("end_user"), &json!("eve@shop.example")));
    upgraded.app.admin_request("DELETE", &format!("{path}/{sub}")).await.send().await.expect(204);
}

#[tokio::test]
async fn the_logo_is_read() {
    let image = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    let logo = json!([{
        "pk": { "S": "BRAND" }, "sk": { "S": "LOGO" }, "format": { "S": "image/svg+xml" }, "image": { "S": STANDARD.encode(image) },
        "updated_at": { "S": "2026-12-09T12:00:10Z" }, "version": { "N": "3" }, "later": { "S": "kept" },
    }]);
    let upgraded = upgraded_with("directory", &logo).await;
    let shown = upgraded.app.request("GET", "/oauth/authorize/logo").send().await.expect(200);
    assert_eq!((shown.text().as_str(), shown.header("content-type")), (image, "image/svg+xml"));
}
