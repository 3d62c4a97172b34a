//! Exporting an account as lines of JSON.

use crate::support::app::TestApp;
use crate::support::sign_in::code_flow::ANN;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use std::collections::BTreeMap;

/// All lines of an export, page by page.
async fn export(latchkey: &TestApp, limit: u8) -> Vec<Value> {
    let (mut lines, mut path) = (Vec::new(), format!("/v1/accounts/T12345678/export?limit={limit}"));
    loop {
        let page = latchkey.get(&path).await.expect(200);
        assert_eq!(page.header("content-type"), "application/x-ndjson");
        lines.extend(page.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
        let link = page.header("link");
        if link.is_empty() {
            return lines;
        }
        let (target, relation) = link.split_once(">; ").unwrap();
        assert_eq!(relation, "rel=\"next\"");
        target.trim_start_matches('<').clone_into(&mut path);
    }
}

#[tokio::test]
async fn export_has_everything_but_secrets() {
    let latchkey = TestApp::with_members().await;
    let clients = [latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await];
    latchkey.code_flow_tokens(&clients[0]).await;
    for limit in [1, 50] {
        let lines = export(&latchkey, limit).await;
        let mut kinds = BTreeMap::new();
        for line in &lines {
            *kinds.entry(line["type"].as_str().unwrap()).or_insert(0) += 1;
        }
        let expected = [("account", 1), ("client", 2), ("consent", 1), ("member", 1), ("secret", 2)];
        assert_eq!(kinds, BTreeMap::from(expected));
        let of = |kind: &str| lines.iter().find(|line| line["type"] == kind).unwrap();
        assert_eq!(of("account")["account_id"], "T12345678");
        assert_eq!((&of("member")["email"], &of("consent")["email"]), (&ANN.into(), &ANN.into()));
        assert_eq!(of("consent")["client_id"], clients[0].client_id.as_str());
        let text = format!("{lines:?}");
        assert!(!clients.iter().any(|client| text.contains(&client.client_secret)), "a secret");
        assert!(!text.contains("digest\"") && !text.contains("lookup"), "{text}");
    }
    let trail = latchkey.list_items("/v1/accounts/T12345678/audit").await;
    let exports = trail.iter().filter(|entry| entry["action"] == "account.exported");
    assert_eq!(exports.count(), 2, "each export once, whatever its pages");
}

#[tokio::test]
async fn client_with_more_consents_than_a_page_has_is_exported_whole() {
    let latchkey = TestApp::with_members().await;
    let clients = [latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await];
    latchkey.code_flow_tokens(&clients[0]).await;
    let table = latchkey.server.management.app.config.tables.grants.clone();
    let consents = latchkey.inspect().items(&table).await;
    let consent = consents.into_iter().find(|item| item.contains_key("granted")).expect("a consent");
    let copies: Vec<_> = (0..1_250)
        .map(|number| {
            let sort = format!("{}{number:04}", consent["sk"].as_s().unwrap());
            let mut copy = consent.clone();
            copy.insert("sk".to_owned(), AttributeValue::S(sort));
            copy
        })
        .collect();
    latchkey.write_items(&table, &copies).await;
    for limit in [1, 50] {
        let lines = export(&latchkey, limit).await;
        let count = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
        assert_eq!((count("consent"), count("client"), count("secret")), (1_251, 2, 2), "by {limit}");
    }
}

#[tokio::test]
async fn unknown_account_is_not_exported() {
    let latchkey = TestApp::new().await;
    latchkey.get("/v1/accounts/T404/export").await.expect(404);
    latchkey.get("/v1/accounts/T00000001/export?cursor=x").await.expect(422);
}
