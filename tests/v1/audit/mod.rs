//! `GET /v1/accounts/{account_id}/audit`.

mod changes;
mod filters;

use super::{AUDIT, CLIENTS, MEMBERS, RESOURCES, backoffice, values_of};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The actions of a trail, oldest first.
async fn actions(latchkey: &TestApp, path: &str) -> Vec<String> {
    let mut actions = values_of(&latchkey.list_items(path).await, "action");
    actions.reverse();
    actions
}

#[tokio::test]
async fn every_client_change_is_audited_once() {
    let mut latchkey = TestApp::with_fixtures().await;
    let tick = SignedDuration::from_secs(1);
    latchkey.advance(tick);
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
    let path = client.path();
    let steps = [
        ("PATCH", path.clone(), json!({ "client_name": "Stock sync", "contacts": ["a@b.example"] })),
        ("PUT", format!("{path}/permissions"), json!({ "permissions": backoffice(&[]) })),
        ("POST", format!("{path}/disable"), json!({})),
        ("POST", format!("{path}/enable"), json!({})),
        ("GET", format!("{}/value", client.secret(&client.secret_id)), json!({})),
        ("POST", client.secrets(), json!({ "replace": "all" })),
        ("DELETE", path.clone(), json!({})),
    ];
    for (method, path, body) in steps {
        latchkey.advance(tick);
        let status = latchkey.admin_request(method, &path).await.json(&body).send().await.status;
        assert!(status.is_success(), "{method} {path}: {status}");
    }
    let expected = [
        "account.created",
        "client.created",
        "client.updated",
        "client.permissions_replaced",
        "client.disabled",
        "client.enabled",
        "secret.revealed",
        "secret.created",
        "client.deleted",
    ];
    assert_eq!(actions(&latchkey, AUDIT).await, expected);
}

#[tokio::test]
async fn every_member_change_is_audited_once() {
    let mut latchkey = TestApp::with_fixtures().await;
    let path = format!("{MEMBERS}/ann@acme.example");
    for (method, path, body) in [
        ("POST", MEMBERS, json!({ "email": "ann@acme.example", "name": "Ann" })),
        ("PATCH", &path, json!({ "name": "Anna" })),
        ("DELETE", &path, json!({})),
    ] {
        latchkey.advance(SignedDuration::from_secs(1));
        let status = latchkey.admin_request(method, path).await.json(&body).send().await.status;
        assert!(status.is_success(), "{method}");
    }
    let expected = ["account.created", "member.added", "member.updated", "member.removed"];
    assert_eq!(actions(&latchkey, AUDIT).await, expected);
    let entries = latchkey.list_items(AUDIT).await;
    assert!(entries[..3].iter().all(|entry| entry["target"] == json!({ "email": "ann@acme.example" })));
}

#[tokio::test]
async fn catalogue_changes_are_in_operators_audit_trail() {
    let mut latchkey = TestApp::new().await;
    for (method, path, body) in [
        ("POST", RESOURCES, json!({ "resource_id": "files" })),
        ("PATCH", "/v1/resources/files", json!({ "resource_name": "Files" })),
        ("DELETE", "/v1/resources/files", json!({})),
    ] {
        latchkey.advance(SignedDuration::from_secs(1));
        latchkey.admin_request(method, path).await.json(&body).send().await;
    }
    let own = actions(&latchkey, "/v1/accounts/T00000001/audit").await;
    assert_eq!(own[own.len() - 3..], ["resource.created", "resource.updated", "resource.deleted"]);
}

#[tokio::test]
async fn audit_entry_has_actor_action_time_source_and_members() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (admin, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    latchkey.advance(SignedDuration::from_secs(1));
    let before = latchkey.now();
    let request = latchkey.request("PATCH", &client.path()).bearer(&token).from("2001:db8::7");
    let request = request.header("x-forwarded-for", "198.51.100.1").header("forwarded", "for=198.51.100.1");
    request.json(&json!({ "description": "d", "client_name": "n" })).send().await.expect(200);
    let entry = latchkey.list_items(AUDIT).await.swap_remove(0);
    let actor = json!({ "client_id": admin.client_id, "account_id": ACCOUNT, "source_ip": "2001:db8::7" });
    assert_eq!(entry["actor"], actor);
    assert_eq!(entry["action"], "client.updated");
    assert_eq!(entry["target"], json!({ "client_id": client.client_id }));
    assert_eq!(entry["changed"], json!(["client_name", "description"]));
    let at: jiff::Timestamp = entry["at"].as_str().unwrap().parse().unwrap();
    assert!((before..=latchkey.now()).contains(&at), "{at}");
}

#[tokio::test]
async fn secret_audit_entry_names_replaced_secrets() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.advance(SignedDuration::from_secs(1));
    let response = latchkey.add_secret(&client, &json!({ "replace": "all" })).await.expect(201);
    let (added, secret) = (response.string("secret_id"), response.string("client_secret"));
    let hint = &secret[secret.len() - 4..];
    latchkey.advance(SignedDuration::from_secs(1));
    latchkey.delete(&client.secret(&added)).await.expect(204);
    let entries = latchkey.list_items(AUDIT).await;
    let revoked = json!({ "client_id": client.client_id, "secret_id": added, "hint": hint });
    assert_eq!((&entries[0]["action"], &entries[0]["target"]), (&json!("secret.revoked"), &revoked));
    let replaced = json!({
        "client_id": client.client_id, "secret_id": added, "hint": hint, "revoked_secret_ids": [client.secret_id],
    });
    assert_eq!(entries[1]["target"], replaced);
}

#[tokio::test]
async fn rejected_and_empty_changes_are_not_audited() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.list_items(AUDIT).await;
    latchkey.patch(&client.path(), &json!({ "client_name": "" })).await.expect(422);
    latchkey.patch(&client.path(), &json!({ "client_name": "Order sync" })).await.expect(200);
    latchkey.post(&format!("{}/enable", client.path()), &json!({})).await.expect(200);
    let taken = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_id": "taken" })).await;
    let before_conflict = latchkey.list_items(AUDIT).await;
    let conflict = json!({ "client_name": "x", "client_id": taken.client_id });
    latchkey.post(CLIENTS, &conflict).await.expect(409);
    assert_eq!(latchkey.list_items(AUDIT).await, before_conflict);
    latchkey.delete(&taken.path()).await.expect(204);
    let before = [&latchkey.list_items(AUDIT).await[..2], &before[..]].concat();
    latchkey.delete(&client.secret("0")).await.expect(404);
    let request = latchkey.admin_request("DELETE", &client.path()).await.header("if-match", "\"99\"");
    request.send().await.expect(412);
    assert_eq!(latchkey.list_items(AUDIT).await, before);
}

#[tokio::test]
async fn no_secret_is_in_any_table() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
    let request = latchkey.admin_request("POST", &client.secrets()).await.header("idempotency-key", "k");
    let second = request.json(&json!({})).send().await.expect(201).string("client_secret");
    latchkey.get(&format!("{}/value", client.secret(&client.secret_id))).await.expect(200);
    let tables = &latchkey.server.management.app.config.tables;
    for table in [&tables.directory, &tables.grants, &tables.audit] {
        let items = format!("{:?}", latchkey.inspect().items(table).await);
        assert!(items.len() > 100, "{table} is empty");
        for secret in [&client.client_secret, &second] {
            assert!(!items.contains(secret.trim_start_matches("lks_")), "{table}");
        }
    }
}

#[tokio::test]
async fn audit_trail_is_private_to_its_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    latchkey.fixtures().client().await;
    let theirs = latchkey.list_items("/v1/accounts/T2/audit").await;
    assert_eq!(values_of(&theirs, "action"), ["account.created"]);
    latchkey.get("/v1/accounts/T999/audit").await.expect(404);
    let newest: Value = latchkey.list_items(AUDIT).await.swap_remove(0);
    assert_eq!(newest["action"], "client.created");
}

/// DynamoDB deletes items by this attribute.
#[tokio::test]
async fn entries_are_kept_for_ever_or_for_the_retention() {
    for (retention, kept_for) in [(None, None), (Some(SignedDuration::from_hours(48)), Some(48 * 3600))] {
        let latchkey = TestApp::with_config(|config| config.audit_retention = retention).await;
        latchkey.fixtures().seed().await;
        let items = latchkey.inspect().items(&latchkey.server.management.app.config.tables.audit).await;
        assert!(!items.is_empty());
        for item in items {
            let at: jiff::Timestamp = item["at"].as_s().unwrap().parse().unwrap();
            let purge_at = item.get("purge_at").map(|value| value.as_n().unwrap().parse::<i64>().unwrap());
            assert_eq!(purge_at.map(|purge_at| purge_at - at.as_second()), kept_for);
        }
        let entry = latchkey.list_items(AUDIT).await.remove(0);
        assert!(entry.get("purge_at").is_none(), "{entry}");
    }
}
