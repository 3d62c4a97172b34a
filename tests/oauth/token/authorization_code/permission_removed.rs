//! What was allowed and is lost before the code is redeemed.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::{ANN, assert_error};
use crate::v1::{MEMBERS, backoffice};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn a_scope_that_the_client_has_lost_is_not_granted_and_without_any_nothing_is() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let (one, two) = (latchkey.code(&app).await, latchkey.code_for(&app, "orders:write").await);
    let permissions = format!("{}/permissions", app.path());
    let less = json!({ "permissions": backoffice(&["orders:read"]) });
    latchkey.put(&permissions, &less).await.expect(200);
    assert_eq!(latchkey.redeem(&app, &one).await.expect(200).string("scope"), "orders:read");
    assert_error(&latchkey.redeem(&app, &two).await, "invalid_grant", "its only scope");
    let three = latchkey.code(&app).await;
    latchkey.put(&permissions, &json!({ "permissions": [] })).await.expect(200);
    assert_error(&latchkey.redeem(&app, &three).await, "invalid_grant", "the permission");
    let back = json!({ "permissions": backoffice(&["orders:read", "orders:write"]) });
    latchkey.put(&permissions, &back).await.expect(200);
    latchkey.redeem(&app, &two).await.expect(200);
    latchkey.redeem(&app, &three).await.expect(200);
}

#[tokio::test]
async fn a_resource_that_is_gone_gives_nothing() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    latchkey.signed_in(&app).await;
    latchkey.delete("/v1/resources/backoffice_api").await.expect(204);
    latchkey.advance(SignedDuration::from_secs(61));
    let code = latchkey.code(&app).await;
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "gone");
}

#[tokio::test]
async fn a_person_who_left_gives_nothing_even_when_they_come_back() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let code = latchkey.code(&app).await;
    latchkey.delete(&format!("{MEMBERS}/{ANN}")).await.expect(204);
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "left");
    latchkey.ann().await;
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "another person now");
    latchkey.signed_in(&app).await;
}

#[tokio::test]
async fn a_withdrawn_consent_gives_nothing_even_when_it_is_given_again() {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let code = latchkey.code(&app).await;
    latchkey.withdraw(&app).await;
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "withdrawn");
    let another = latchkey.code(&app).await;
    assert_error(&latchkey.redeem(&app, &code).await, "invalid_grant", "that was another consent");
    latchkey.redeem(&app, &another).await.expect(200);
}

#[tokio::test]
async fn a_disabled_client_or_account_redeems_nothing_until_it_is_enabled() {
    let mut latchkey = TestApp::with_members().await;
    let app = latchkey.app().await;
    let code = latchkey.code(&app).await;
    latchkey.post(&format!("{}/disable", app.path()), &json!({})).await.expect(200);
    latchkey.redeem(&app, &code).await.expect(401);
    latchkey.post(&format!("{}/enable", app.path()), &json!({})).await.expect(200);
    latchkey.redeem(&app, &code).await.expect(200);
    let account = format!("/v1/accounts/{ACCOUNT}");
    latchkey.patch(&account, &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    let code = latchkey.code(&app).await;
    latchkey.redeem(&app, &code).await.expect(401);
    latchkey.patch(&account, &json!({ "status": "active" })).await.expect(200);
}
