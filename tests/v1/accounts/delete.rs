//! Deleting an account: at once for the API, and what it has by the job.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::ANN;
use crate::v1::{ACCOUNTS, values_of};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use serde_json::json;

const PATH: &str = "/v1/accounts/T12345678";
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// An account with a client, a member and a consent, which has been disabled for 7 days.
async fn disabled_account() -> TestApp {
    let mut latchkey = TestApp::with_members().await;
    let client = latchkey.fixtures().code_flow_client().await;
    latchkey.code_flow_tokens(&client).await;
    latchkey.fixtures().client().await;
    latchkey.patch(PATH, &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(DAY * 7);
    latchkey
}

impl TestApp {
    /// Stores what is known of the e-mails of the account: who stopped them, which addresses they did not reach, which wait. And one
    /// item of another account.
    async fn store_mails(&self) {
        let table = &self.server.management.app.config.tables.grants;
        let digest = "0".repeat(64);
        for (account, sk) in [
            (ACCOUNT, format!("STOPPED#{digest}")),
            (ACCOUNT, format!("SUPPRESSED#{digest}")),
            (ACCOUNT, "DEFERRED".to_owned()),
            ("T2", format!("STOPPED#{digest}")),
        ] {
            let pk = AttributeValue::S(format!("MAIL#{account}"));
            let put = self.server.aws.dynamodb().put_item().table_name(table);
            let put = put.item("pk", pk).item("sk", AttributeValue::S(sk));
            let at = AttributeValue::S(self.now().to_string());
            put.item("since", at.clone()).item("at", at).send().await.unwrap();
        }
    }
}

#[tokio::test]
async fn account_in_use_stays() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    assert_eq!(latchkey.delete(PATH).await.expect(409).problem(), "account_in_use");
    latchkey.patch(PATH, &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(DAY * 7 - SignedDuration::from_secs(1));
    latchkey.patch(PATH, &json!({ "account_name": "Renamed" })).await.expect(200);
    assert_eq!(latchkey.delete(PATH).await.expect(409).problem(), "account_in_use");
    latchkey.advance(SignedDuration::from_secs(1));
    latchkey.delete(PATH).await.expect(204);
}

#[tokio::test]
async fn empty_account_is_deleted_at_once_and_its_id_is_not_used_again() {
    let latchkey = TestApp::new().await;
    latchkey.fixtures().account("T2").await;
    let stale = latchkey.admin_request("DELETE", "/v1/accounts/T2").await.header("if-match", "\"9\"");
    stale.send().await.expect(412);
    latchkey.delete("/v1/accounts/T2").await.expect(204);
    latchkey.get("/v1/accounts/T2").await.expect(404);
    latchkey.delete("/v1/accounts/T2").await.expect(404);
    latchkey.patch("/v1/accounts/T2", &json!({ "status": "active" })).await.expect(404);
    latchkey.post("/v1/accounts/T2/clients", &json!({ "client_name": "x" })).await.expect(404);
    assert_eq!(values_of(&latchkey.list_items(ACCOUNTS).await, "account_id"), ["T00000001"]);
    let again = json!({ "account_id": "T2", "account_name": "Again" });
    assert_eq!(latchkey.post(ACCOUNTS, &again).await.expect(409).problem(), "account_id_taken");
}

#[tokio::test]
async fn job_deletes_what_the_account_has() {
    let mut latchkey = disabled_account().await;
    latchkey.store_mails().await;
    assert_eq!(latchkey.inspect().grants("MAIL#").await.len(), 4);
    latchkey.delete(PATH).await.expect(204);
    assert_eq!(latchkey.inspect().stored_client_ids().await.len(), 3);
    for _ in 0..2 {
        let summary = latchkey.run_job().await;
        assert_eq!(summary.cleanup_failed, 0, "{summary:?}");
        latchkey.advance(SignedDuration::from_hours(1));
    }
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
    assert!(latchkey.inspect().grants("CONSENTS#").await.is_empty());
    assert_eq!(latchkey.inspect().grants("MAIL#").await.len(), 1, "another account's");
    assert!(latchkey.inspect().partition("DELETIONS").await.is_empty());
    let left = latchkey.inspect().partition(&format!("ACCOUNT#{ACCOUNT}")).await;
    assert_eq!(left.len(), 1, "its id: {left:?}");
    assert!(!format!("{left:?}").contains(ANN));
    let table = &latchkey.server.management.app.config.tables.audit;
    let trail = latchkey.inspect().items(table).await;
    let actions: Vec<_> = trail
        .iter()
        .filter(|entry| entry["pk"].as_s().unwrap() == &format!("ACCOUNT#{ACCOUNT}"))
        .map(|entry| entry["action"].as_s().unwrap().as_str())
        .collect();
    for action in ["account.deleted", "client.deleted", "member.removed"] {
        assert!(actions.contains(&action), "{action} in {actions:?}");
    }
}

#[tokio::test]
async fn own_and_operators_account_stay() {
    let latchkey = TestApp::new().await;
    let operator = latchkey.delete("/v1/accounts/T00000001").await.expect(409);
    assert_eq!(operator.problem(), "operator_account");
    latchkey.fixtures().account("T2").await;
    let (_, token) = latchkey.fixtures().administrator("T2", &["accounts:manage"]).await;
    latchkey.request("DELETE", "/v1/accounts/T2").bearer(&token).send().await.expect(403);
}

#[tokio::test]
async fn only_operators_delete_accounts() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage", "clients:manage"]).await;
    let refused = latchkey.request("DELETE", PATH).bearer(&token).send().await.expect(403);
    assert_eq!(refused.problem(), "insufficient_scope");
}
