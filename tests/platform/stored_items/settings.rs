//! What members and administrators have set, and the ends of secrets in the trail, as they are stored since version 0.1.0.

use super::added::upgraded_with;
use super::fixture::attribute;
use super::{get, succeed};
use serde_json::{Value, json};

const ACCOUNT: &str = "/v1/accounts/T12345678";

/// An item of an account with these attributes besides those that every version has.
fn account(more: &Value) -> Value {
    let mut item = json!({
        "pk": { "S": "ACCOUNT#T2" }, "sk": { "S": "ACCOUNT" }, "account_id": { "S": "T2" },
        "account_name": { "S": "Two" }, "status": { "S": "active" }, "version": { "N": "1" },
        "created_at": { "S": "2026-12-02T12:00:00Z" }, "updated_at": { "S": "2026-12-02T12:00:00Z" },
    });
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    item
}

#[tokio::test]
async fn settings_of_an_account_are_read_and_kept_with_what_a_later_version_adds() {
    let lifetime = json!({ "M": { "default": { "N": "30" }, "max": { "N": "60" }, "warn": { "N": "5" } } });
    let settings = json!({
        "contacts": { "L": [{ "S": "ops@acme.example" }] },
        "secret_lifetime_days": lifetime,
        "sign_in_methods": { "L": [{ "S": "provider" }] },
    });
    let upgraded = upgraded_with("directory", &json!([account(&settings)])).await;
    let read = get(&upgraded, "/v1/accounts/T2").await;
    assert_eq!(read["contacts"], json!(["ops@acme.example"]));
    assert_eq!(read["secret_lifetime_days"], json!({ "default": 30, "max": 60 }));
    assert_eq!(read["sign_in_methods"], json!(["provider"]), "although there is no provider any more");
    let change = json!({ "secret_lifetime_days": { "default": 20 } });
    succeed(&upgraded, "PATCH", "/v1/accounts/T2", Some(&change)).await;
    let stored = upgraded.item("directory", "ACCOUNT#T2", "ACCOUNT").await;
    for name in ["contacts", "sign_in_methods"] {
        assert_eq!(stored[name], attribute(&settings[name]), "{name}");
    }
    let kept = json!({ "M": { "default": { "N": "20" }, "max": { "N": "60" }, "warn": { "N": "5" } } });
    assert_eq!(stored["secret_lifetime_days"], attribute(&kept));
}

#[tokio::test]
async fn calendars_of_a_member_are_kept() {
    let feeds = json!({ "L": [{ "M": {
        "digest": { "S": "a".repeat(64) }, "created_at": { "S": "2026-12-05T12:00:00Z" },
    } }] });
    let member = json!([{
        "pk": { "S": "ACCOUNT#T12345678" }, "sk": { "S": "MEMBER#eve@acme.example" },
        "account_id": { "S": "T12345678" }, "email": { "S": "eve@acme.example" }, "name": { "S": "Eve" },
        "permissions": { "L": [{ "S": "clients:read" }] }, "calendar_feeds": feeds, "version": { "N": "3" },
        "created_at": { "S": "2026-12-02T12:00:00Z" }, "updated_at": { "S": "2026-12-03T12:00:00Z" },
    }]);
    let upgraded = upgraded_with("directory", &member).await;
    let path = format!("{ACCOUNT}/members/eve@acme.example");
    succeed(&upgraded, "PATCH", &path, Some(&json!({ "name": "Eva" }))).await;
    let stored = upgraded.item("directory", "ACCOUNT#T12345678", "MEMBER#eve@acme.example").await;
    assert_eq!(stored["calendar_feeds"], attribute(&feeds));
}

#[tokio::test]
async fn ends_of_secrets_in_the_trail_are_read() {
    let at = "2026-12-09T12:00:10Z#0123456789abcdef";
    let entry = json!([{
        "pk": { "S": "ACCOUNT#T12345678" }, "sk": { "S": at }, "audit_id": { "S": at },
        "account_id": { "S": "T12345678" }, "at": { "S": "2026-12-09T12:00:10Z" },
        "actor": { "M": { "client_id": { "S": "order-sync" }, "account_id": { "S": "T12345678" } } },
        "action": { "S": "secret.revoked" },
        "target": { "M": { "client_id": { "S": "order-sync" }, "secret_id": { "S": "s1" }, "hint": { "S": "OuGh" } } },
    }]);
    let upgraded = upgraded_with("audit", &entry).await;
    let newest = get(&upgraded, &format!("{ACCOUNT}/audit?limit=1")).await["items"][0].clone();
    assert_eq!(newest["target"]["hint"], "OuGh", "{newest}");
}
