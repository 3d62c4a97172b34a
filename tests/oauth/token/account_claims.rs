//! Static claims of an account: in every access token but those for Latchkey itself, and in their introspection.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::{Tokens, claims};
use crate::v1::assert_contains;
use jiff::SignedDuration;
use serde_json::{Value, json};

const PATH: &str = "/v1/accounts/T12345678";

fn merchant() -> Value {
    json!({ "merchant_id": "4711", "tier": 3, "rate": 0.25, "is_test": true })
}

#[tokio::test]
async fn claims_stand_in_tokens_of_every_grant() {
    let latchkey = TestApp::with_members().await;
    latchkey.patch(PATH, &json!({ "claims": merchant() })).await.expect(200);
    let client = latchkey.fixtures().client().await;
    assert_contains(&claims(&latchkey.access_token(&client).await), &merchant());
    let app = latchkey.fixtures().code_flow_client().await;
    let tokens = latchkey.code_flow_tokens(&app).await;
    assert_contains(&claims(&tokens.access), &merchant());
    let refreshed = Tokens::of(&latchkey.refresh(&app, &tokens.refresh, "").await.expect(200));
    assert_contains(&claims(&refreshed.access), &merchant());
    assert_contains(&latchkey.introspect(&client, &refreshed.access).await.json(), &merchant());
    let of_refresh_token = latchkey.introspect(&client, &refreshed.refresh).await.json();
    assert_eq!((&of_refresh_token["active"], of_refresh_token.get("merchant_id")), (&json!(true), None));
}

#[tokio::test]
async fn management_tokens_have_no_account_claims() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch(PATH, &json!({ "claims": merchant() })).await.expect(200);
    let (client, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    assert_eq!(claims(&token).get("merchant_id"), None);
    let introspected = latchkey.introspect(&client, &token).await.json();
    assert_eq!((&introspected["active"], introspected.get("merchant_id")), (&json!(true), None));
}

#[tokio::test]
async fn changed_claims_stand_in_tokens_within_a_minute() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let before = latchkey.access_token(&client).await;
    latchkey.patch(PATH, &json!({ "claims": { "merchant_id": "4711" } })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(60));
    let after = latchkey.access_token(&client).await;
    assert_eq!(claims(&after)["merchant_id"], "4711");
    let introspect =
        async |token: &str| latchkey.introspect(&client, token).await.json()["merchant_id"].clone();
    assert_eq!(
        (introspect(&before).await, introspect(&after).await),
        (Value::Null, json!("4711")),
        "as in the token"
    );
}

#[tokio::test]
async fn claims_of_one_account_stand_in_no_other_token() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch(PATH, &json!({ "claims": merchant() })).await.expect(200);
    latchkey.fixtures().account("T2").await;
    let permissions = json!({ "permissions": [{ "resource": "backoffice_api" }] });
    let other = latchkey.fixtures().client_with("T2", &permissions).await;
    assert_eq!(claims(&latchkey.access_token(&other).await).get("merchant_id"), None);
}
