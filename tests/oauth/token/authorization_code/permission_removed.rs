//! Permissions, members and consents that are removed before the code is redeemed.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::{ANN, assert_error};
use crate::v1::{MEMBERS, backoffice};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn removed_scope_is_not_granted() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let (one, two) =
        (latchkey.fixtures().code(&app).await, latchkey.fixtures().code_for(&app, "orders:write").await);
    let permissions = format!("{}/permissions", app.path());
    let less = json!({ "permissions": backoffice(&["orders:read"]) });
    latchkey.put(&permissions, &less).await.expect(200);
    assert_eq!(latchkey.redeem(&app, &one).await.expect(200).string("scope"), "orders:read");
    assert_error(&latchkey.redeem(&app, &two).await, "invalid_grant", "its only scope");
    let three = latchkey.fixtures().code(&app).await;
    latchkey.put(&permissions, &json!({ "permissions": [] })).await.expect(200);
    assert_error(&latchkey.redeem(&app, &three).await, "invalid_grant", "the permission");
    let back = json!({ "permissions": backoffice(&["orders:read", "orders:write"]) });
    latchkey.put(&permissions, &back).await.expect(200);
    latchkey.redeem(&app, &two).await.expect(200);
    latchkey.redeem(&app, &three).await.expect(200);
}

#[tokio::test]
async fn deleted_resource_is_invalid_grant() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    latchkey.code_flow_tokens(&app).await;
    latchkey.delete("/v1/resources/backoffice_api").await.expect(204);
    latchkey.advance(SignedDuration::from_secs(61));
    let code = latchkey.fixtures().code(&app).await;
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "gone");
}

#[tokio::test]
async fn removed_member_is_invalid_grant_even_after_return() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    latchkey.delete(&format!("{MEMBERS}/{ANN}")).await.expect(204);
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "left");
    latchkey.fixtures().ann().await;
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "another member now");
    latchkey.code_flow_tokens(&app).await;
}

#[tokio::test]
async fn revoked_consent_is_invalid_grant_even_if_given_again() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    latchkey.withdraw_consent(&app).await;
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "withdrawn");
    let another = latchkey.fixtures().code(&app).await;
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "that was another consent");
    latchkey.redeem(&app, &another).await.expect(200);
}

#[tokio::test]
async fn disabled_client_or_account_cannot_redeem() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    latchkey.post(&format!("{}/disable", app.path()), &json!({})).await.expect(200);
    latchkey.redeem(&app, &code).await.expect(401);
    latchkey.post(&format!("{}/enable", app.path()), &json!({})).await.expect(200);
    latchkey.redeem(&app, &code).await.expect(200);
    let account = format!("/v1/accounts/{ACCOUNT}");
    latchkey.patch(&account, &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    let code = latchkey.fixtures().code(&app).await;
    latchkey.redeem(&app, &code).await.expect(401);
    latchkey.patch(&account, &json!({ "status": "active" })).await.expect(200);
}
