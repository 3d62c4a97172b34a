//! What was allowed and is lost before the code is redeemed.

use crate::support::codes::{ANN, assert_error};
use crate::support::house::TestHouse;
use crate::support::things::ACCOUNT;
use crate::v1::{MEMBERS, backoffice};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn a_scope_that_the_client_has_lost_is_not_granted_and_without_any_nothing_is() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let (one, two) = (house.code(&app).await, house.code_for(&app, "orders:write").await);
    let permissions = format!("{}/permissions", app.path());
    let less = json!({ "permissions": backoffice(&["orders:read"]) });
    house.put(&permissions, &less).await.expect(200);
    assert_eq!(house.redeem(&app, &one).await.expect(200).string("scope"), "orders:read");
    assert_error(&house.redeem(&app, &two).await, "invalid_grant", "its only scope");
    let three = house.code(&app).await;
    house.put(&permissions, &json!({ "permissions": [] })).await.expect(200);
    assert_error(&house.redeem(&app, &three).await, "invalid_grant", "the permission");
    let back = json!({ "permissions": backoffice(&["orders:read", "orders:write"]) });
    house.put(&permissions, &back).await.expect(200);
    house.redeem(&app, &two).await.expect(200);
    house.redeem(&app, &three).await.expect(200);
}

#[tokio::test]
async fn a_resource_that_is_gone_gives_nothing() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app().await;
    house.signed_in(&app).await;
    house.delete("/v1/resources/backoffice_api").await.expect(204);
    house.advance(SignedDuration::from_secs(61));
    let code = house.code(&app).await;
    assert_error(&house.redeem(&app, &code).await, "invalid_grant", "gone");
}

#[tokio::test]
async fn a_person_who_left_gives_nothing_even_when_they_come_back() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let code = house.code(&app).await;
    house.delete(&format!("{MEMBERS}/{ANN}")).await.expect(204);
    assert_error(&house.redeem(&app, &code).await, "invalid_grant", "left");
    house.ann().await;
    assert_error(&house.redeem(&app, &code).await, "invalid_grant", "another person now");
    house.signed_in(&app).await;
}

#[tokio::test]
async fn a_withdrawn_consent_gives_nothing_even_when_it_is_given_again() {
    let house = TestHouse::inhabited().await;
    let app = house.app().await;
    let code = house.code(&app).await;
    house.withdraw(&app).await;
    assert_error(&house.redeem(&app, &code).await, "invalid_grant", "withdrawn");
    let another = house.code(&app).await;
    assert_error(&house.redeem(&app, &code).await, "invalid_grant", "that was another consent");
    house.redeem(&app, &another).await.expect(200);
}

#[tokio::test]
async fn a_disabled_client_or_account_redeems_nothing_until_it_is_enabled() {
    let mut house = TestHouse::inhabited().await;
    let app = house.app().await;
    let code = house.code(&app).await;
    house.post(&format!("{}/disable", app.path()), &json!({})).await.expect(200);
    house.redeem(&app, &code).await.expect(401);
    house.post(&format!("{}/enable", app.path()), &json!({})).await.expect(200);
    house.redeem(&app, &code).await.expect(200);
    let account = format!("/v1/accounts/{ACCOUNT}");
    house.patch(&account, &json!({ "status": "disabled" })).await.expect(200);
    house.advance(SignedDuration::from_secs(61));
    let code = house.code(&app).await;
    house.redeem(&app, &code).await.expect(401);
    house.patch(&account, &json!({ "status": "active" })).await.expect(200);
}
