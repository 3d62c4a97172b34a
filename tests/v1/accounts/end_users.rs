//! Who may sign in to the clients of an account, as operators set it.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::ACCOUNTS;
use serde_json::json;
use shared::domain::management::OPERATOR_ACCOUNT;

const PATH: &str = "/v1/accounts/T12345678";

#[tokio::test]
async fn operators_let_everyone_sign_in_and_the_audit_has_both_values() {
    let latchkey = TestApp::with_fixtures().await;
    assert_eq!(latchkey.get(PATH).await.expect(200).json()["end_users"], "members", "by default");
    for (old, new) in [("members", "anyone"), ("anyone", "members")] {
        let changed = latchkey.patch(PATH, &json!({ "end_users": new })).await.expect(200).json();
        assert_eq!(changed["end_users"], new);
        assert_eq!(latchkey.get(PATH).await.expect(200).json()["end_users"], new);
        let entry =
            latchkey.get(&format!("{PATH}/audit?limit=1")).await.expect(200).json()["items"][0].clone();
        assert_eq!(entry["changes"], json!([{ "member": "end_users", "old": old, "new": new }]));
        assert_eq!(entry["changed"], json!(["end_users"]));
    }
    let account = latchkey.get(PATH).await;
    latchkey.patch(PATH, &account.expect(200).json()).await.expect(200);
}

#[tokio::test]
async fn only_operators_set_it_and_never_for_their_own_account() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    let request = latchkey.request("PATCH", PATH).bearer(&token);
    let refused = request.json(&json!({ "end_users": "anyone" })).send().await.expect(403);
    assert!(refused.text().contains("end_users"), "{}", refused.text());
    for invalid in [json!("everyone"), json!(true), json!(null), json!(["anyone"])] {
        let refused = latchkey.patch(PATH, &json!({ "end_users": invalid })).await.expect(422);
        assert_eq!(refused.pointers(), ["#/end_users"], "{invalid}");
    }
    let own = format!("{ACCOUNTS}/{OPERATOR_ACCOUNT}");
    let refused = latchkey.patch(&own, &json!({ "end_users": "anyone" })).await.expect(422);
    assert_eq!(refused.pointers(), ["#/end_users"]);
    assert_eq!(latchkey.get(PATH).await.expect(200).json()["end_users"], "members");
}
