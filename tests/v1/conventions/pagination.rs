//! Pagination of lists.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{ACCOUNTS, AUDIT, CLIENTS, MEMBERS, RESOURCES, values_of};
use serde_json::{Value, json};

/// Follows the cursors to the last page. Every page keeps to the limit.
async fn list_all(latchkey: &TestApp, path: &str, limit: usize) -> (Vec<Value>, usize) {
    let (mut items, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let sign = if path.contains('?') { '&' } else { '?' };
        let page = latchkey.get(&format!("{path}{sign}limit={limit}{cursor}")).await.expect(200).json();
        let found = page["items"].as_array().unwrap();
        assert!(found.len() <= limit, "{page}");
        items.extend(found.clone());
        pages += 1;
        assert!(pages < 50, "the list does not end");
        match page.get("next_cursor") {
            None => return (items, pages),
            Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
        }
    }
}

async fn populated_app() -> TestApp {
    let latchkey = TestApp::with_fixtures().await;
    for n in 0..5 {
        latchkey.fixtures().account(&format!("A{n}")).await;
        latchkey.fixtures().resource(&json!({ "resource_id": format!("r{n}") })).await;
        let member = json!({ "email": format!("m{n}@acme.example"), "name": "x" });
        latchkey.post(MEMBERS, &member).await.expect(201);
        latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_storage": "digest_only" })).await;
    }
    latchkey
}

#[tokio::test]
async fn every_item_is_listed_once_at_any_limit() {
    let latchkey = populated_app().await;
    for (path, id, count) in [
        (ACCOUNTS, "account_id", 7),
        (RESOURCES, "resource_id", 7),
        (MEMBERS, "email", 5),
        (CLIENTS, "client_id", 5),
        (AUDIT, "audit_id", 11),
    ] {
        let whole = values_of(&latchkey.list_items(path).await, id);
        assert_eq!(whole.len(), count, "{path}");
        for limit in [1, 2, count - 1, count, count + 1] {
            let (items, pages) = list_all(&latchkey, path, limit).await;
            assert_eq!(values_of(&items, id), whole, "{path} by {limit}");
            assert!(pages >= count.div_ceil(limit), "{path} by {limit}");
        }
    }
}

#[tokio::test]
async fn filtered_list_is_paginated() {
    let latchkey = TestApp::with_fixtures().await;
    for n in 0..6 {
        let name = if n % 2 == 0 { "even" } else { "odd" };
        latchkey
            .fixtures()
            .client_with(ACCOUNT, &json!({ "client_name": name, "secret_storage": "digest_only" }))
            .await;
    }
    for limit in 1..=4 {
        let (items, _) = list_all(&latchkey, &format!("{CLIENTS}?q=even&status=active"), limit).await;
        assert_eq!(values_of(&items, "client_name"), ["even"; 3], "by {limit}");
    }
}

#[tokio::test]
async fn concurrent_changes_do_not_disturb_pagination() {
    let latchkey = TestApp::with_fixtures().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(latchkey.fixtures().client().await.client_id);
    }
    let first = latchkey.get(&format!("{CLIENTS}?limit=2")).await.expect(200);
    assert_eq!(
        values_of(first.json()["items"].as_array().unwrap(), "client_id"),
        [ids[3].as_str(), ids[2].as_str()]
    );
    latchkey.delete(&format!("{CLIENTS}/{}", ids[2])).await.expect(204);
    latchkey.fixtures().client().await;
    let path = format!("{CLIENTS}?limit=2&cursor={}", first.string("next_cursor"));
    let second = latchkey.get(&path).await.expect(200).json();
    assert_eq!(
        values_of(second["items"].as_array().unwrap(), "client_id"),
        [ids[1].as_str(), ids[0].as_str()]
    );
}

#[tokio::test]
async fn page_has_50_items_by_default_and_at_most_200() {
    let latchkey = TestApp::with_fixtures().await;
    for n in 0..51 {
        let member = json!({ "email": format!("m{n:02}@acme.example"), "name": "x" });
        latchkey.post(MEMBERS, &member).await.expect(201);
    }
    let first = latchkey.get(MEMBERS).await.expect(200).json();
    assert_eq!(first["items"].as_array().unwrap().len(), 50);
    assert!(first["next_cursor"].is_string());
    assert_eq!(latchkey.list_items(&format!("{MEMBERS}?limit=200")).await.len(), 51);
    for limit in ["0", "201", "-1", "1.5", "", "ten"] {
        let response = latchkey.get(&format!("{MEMBERS}?limit={limit}")).await.expect(422);
        assert_eq!(response.pointers(), ["#/limit"], "{limit}");
    }
}

async fn cursor(latchkey: &TestApp, path: &str) -> String {
    let sign = if path.contains('?') { '&' } else { '?' };
    latchkey.get(&format!("{path}{sign}limit=1")).await.expect(200).string("next_cursor")
}

#[tokio::test]
async fn cursor_is_url_safe_and_opaque() {
    let latchkey = populated_app().await;
    let clients = latchkey.list_items(CLIENTS).await;
    let cursor = cursor(&latchkey, CLIENTS).await;
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    assert!(cursor.bytes().all(safe), "{cursor}");
    let decoded = {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    for client in clients {
        assert!(!decoded.contains(client["client_id"].as_str().unwrap()));
    }
    assert!(!decoded.contains(ACCOUNT) && !cursor.contains(ACCOUNT));
}

#[tokio::test]
async fn cursor_is_bound_to_list_account_and_filter() {
    let latchkey = populated_app().await;
    for n in 0..2 {
        latchkey
            .fixtures()
            .client_with("A1", &json!({ "client_name": format!("c{n}"), "secret_storage": "digest_only" }))
            .await;
    }
    let (clients, filtered) = (CLIENTS.to_owned(), format!("{CLIENTS}?status=active"));
    let theirs = "/v1/accounts/A1/clients".to_owned();
    let lists = [clients, filtered, theirs, MEMBERS.into(), AUDIT.into(), ACCOUNTS.into(), RESOURCES.into()];
    for from in &lists {
        let cursor = cursor(&latchkey, from).await;
        for to in &lists {
            let sign = if to.contains('?') { '&' } else { '?' };
            let response = latchkey.get(&format!("{to}{sign}cursor={cursor}")).await;
            if from == to {
                response.expect(200);
            } else {
                assert_eq!(response.expect(422).pointers(), ["#/cursor"], "{from} to {to}");
            }
        }
    }
}

#[tokio::test]
async fn altered_or_invented_cursor_is_rejected() {
    let latchkey = populated_app().await;
    let cursor = cursor(&latchkey, CLIENTS).await;
    let mut changed = Vec::new();
    for position in [0, cursor.len() / 2, cursor.len() - 2] {
        let mut bytes = cursor.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        changed.push(String::from_utf8(bytes).unwrap());
    }
    changed.extend([
        cursor[1..].to_owned(),
        format!("{cursor}A"),
        String::new(),
        "%ff".into(),
        "x".repeat(5_000),
    ]);
    for cursor in changed {
        let response = latchkey.get(&format!("{CLIENTS}?cursor={cursor}")).await.expect(422);
        assert_eq!(response.pointers(), ["#/cursor"], "{cursor}");
    }
}
