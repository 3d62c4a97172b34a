//! What the job forgets of a person who was removed.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::ANN;
use serde_json::json;

const ANN_PATH: &str = "/v1/accounts/T12345678/members/ann@acme.example";

/// The tables in which the address stands, but for records that expire within days.
async fn tables_with_address(latchkey: &TestApp) -> Vec<String> {
    let tables = &latchkey.server.management.app.config.tables;
    let mut found = Vec::new();
    for (name, table) in
        [("directory", &tables.directory), ("grants", &tables.grants), ("audit", &tables.audit)]
    {
        for item in latchkey.inspect().items(table).await {
            let kind = item["pk"].as_s().unwrap().split('#').next().unwrap().to_owned();
            let is_short_lived = ["CODE", "SIGNIN", "IDEMPOTENCY"].contains(&kind.as_str());
            if !is_short_lived && format!("{item:?}").contains(ANN) && !found.contains(&name.to_owned()) {
                found.push(name.to_owned());
            }
        }
    }
    found
}

#[tokio::test]
async fn address_of_a_removed_person_stays_in_the_audit_only() {
    let latchkey = TestApp::with_members().await;
    let client =
        latchkey.fixtures().code_flow_client_with(&json!({ "contacts": [ANN, "b@b.example"] })).await;
    let tokens = latchkey.code_flow_tokens(&client).await;
    assert_eq!(tables_with_address(&latchkey).await, ["directory", "grants", "audit"]);
    latchkey.admin_request("DELETE", ANN_PATH).await.send().await.expect(204);
    assert!(!latchkey.is_active(&client, &tokens.access).await, "at once");
    let summary = latchkey.run_job().await;
    assert_eq!(summary.cleanup_failed, 0, "{summary:?}");
    assert_eq!(tables_with_address(&latchkey).await, ["audit"]);
    let read = latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json();
    assert_eq!(read["contacts"], json!(["b@b.example"]));
    assert!(latchkey.inspect().partition("DELETIONS").await.is_empty());
    assert!(!latchkey.is_active(&client, &tokens.refresh).await);
}

#[tokio::test]
async fn contacts_keep_the_address_of_a_person_who_is_a_member_again() {
    let latchkey = TestApp::with_members().await;
    let client = latchkey.fixtures().code_flow_client_with(&json!({ "contacts": [ANN] })).await;
    let before = latchkey.code_flow_tokens(&client).await;
    latchkey.admin_request("DELETE", ANN_PATH).await.send().await.expect(204);
    latchkey.fixtures().ann().await;
    let after = latchkey.code_flow_tokens(&client).await;
    latchkey.run_job().await;
    let read = latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json();
    assert_eq!(read["contacts"], json!([ANN]));
    assert!(latchkey.is_active(&client, &after.access).await, "the new membership");
    assert!(!latchkey.is_active(&client, &before.access).await, "the former one");
    let usage = format!("/v1/accounts/{ACCOUNT}");
    let usage = latchkey.admin_request("GET", &usage).await.send().await.expect(200).json()["usage"].clone();
    assert_eq!(usage["members"], 1);
}
