//! Ids that callers choose: none that Latchkey keeps for itself, and of other accounts none at all.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{CLIENTS, RESOURCES};
use serde_json::json;

const RESERVED: [&str; 9] = [
    "latchkey.expiry",
    "Latchkey-Operator",
    "LATCHKEY",
    "member_1",
    "User_1",
    "lk_1",
    "LKS_1",
    "lkr_1",
    "latchkey",
];

#[tokio::test]
async fn reserved_ids_cannot_be_chosen_even_by_operators() {
    let latchkey = TestApp::with_fixtures().await;
    for id in RESERVED {
        let body = json!({ "client_id": id, "client_name": "x" });
        assert_eq!(latchkey.post(CLIENTS, &body).await.expect(422).pointers(), ["#/client_id"], "{id}");
        let body = json!({ "account_id": id, "account_name": "x" });
        let response = latchkey.post("/v1/accounts", &body).await.expect(422);
        assert_eq!(response.pointers(), ["#/account_id"], "{id}");
        let body = json!({ "resource_id": id });
        assert_eq!(latchkey.post(RESOURCES, &body).await.expect(422).pointers(), ["#/resource_id"], "{id}");
    }
}

#[tokio::test]
async fn tenants_choose_ids_that_start_with_their_accounts_id() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    let create = async |id: &str| {
        let body = json!({ "client_id": id, "client_name": "x" });
        latchkey.request("POST", CLIENTS).bearer(&token).json(&body).send().await
    };
    for id in ["T12345678-sync", "T12345678.sync", "T12345678_sync-1"] {
        assert_eq!(create(id).await.expect(201).string("client_id"), id);
    }
    for id in ["sync", "T12345678", "T12345678-", "T123456789", "t12345678-sync"] {
        assert_eq!(create(id).await.expect(422).pointers(), ["#/client_id"], "{id}");
    }
    create("T12345678-sync").await.expect(409);
}

#[tokio::test]
async fn ids_of_other_accounts_cannot_be_probed() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let theirs = latchkey.fixtures().client_with("T2", &json!({ "client_id": "T2-sync" })).await;
    let deleted = latchkey.fixtures().client_with("T2", &json!({ "client_id": "T2-old" })).await;
    latchkey.delete(&deleted.path()).await.expect(204);
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage"]).await;
    let mut responses = Vec::new();
    for id in [theirs.client_id.as_str(), &deleted.client_id, "T2-free", "T3-free"] {
        let body = json!({ "client_id": id, "client_name": "x" });
        let response = latchkey.request("POST", CLIENTS).bearer(&token).json(&body).send().await;
        responses.push((response.expect(422)).text());
    }
    assert!(responses.iter().all(|response| *response == responses[0]), "{responses:#?}");
}

#[tokio::test]
async fn scheduled_job_is_told_from_a_client_of_its_name() {
    // A version before this one let such an id be chosen.
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.advance(jiff::SignedDuration::from_hours(24 * 91));
    latchkey.run_job().await;
    let entries = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit")).await;
    for entry in entries {
        let by_job = entry["actor"]["client_id"] == "latchkey.expiry";
        assert_eq!(entry["actor"]["system"] == "expiry", by_job, "{entry} {}", client.client_id);
    }
}
