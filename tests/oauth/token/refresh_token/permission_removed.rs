//! Rights that are removed after the authorization: it acts on the next refresh, and revokes nothing that can
//! be restored.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::code_flow::{ANN, Tokens, assert_error};
use crate::v1::{MEMBERS, backoffice};
use jiff::SignedDuration;
use serde_json::json;

async fn signed_in() -> (TestApp, TestClient, Tokens) {
    let latchkey = TestApp::with_members().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let tokens = latchkey.code_flow_tokens(&app).await;
    (latchkey, app, tokens)
}

#[tokio::test]
async fn removed_permission_is_not_granted_until_restored() {
    let (latchkey, app, tokens) = signed_in().await;
    let permissions = format!("{}/permissions", app.path());
    let set = async |scopes: &[&str]| {
        latchkey.put(&permissions, &json!({ "permissions": backoffice(scopes) })).await.expect(200)
    };
    set(&["orders:read"]).await;
    let less = latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
    assert_eq!(less.string("scope"), "orders:read");
    let token = Tokens::of(&less).refresh;
    assert_error(&latchkey.refresh(&app, &token, "&scope=orders:write").await, "invalid_scope", "lost");
    latchkey.put(&permissions, &json!({ "permissions": [] })).await.expect(200);
    assert_error(&latchkey.refresh(&app, &token, "").await, "invalid_grant", "no scope is left");
    assert!(!latchkey.is_active(&app, &token).await);
    assert!(latchkey.is_active(&app, &tokens.access).await, "an issued access token outlives it");
    set(&["orders:read", "orders:write"]).await;
    assert!(latchkey.is_active(&app, &token).await);
    assert_eq!(
        latchkey.refresh(&app, &token, "").await.expect(200).string("scope"),
        "orders:read orders:write"
    );
}

#[tokio::test]
async fn deleted_resource_is_invalid_grant() {
    let (mut latchkey, app, tokens) = signed_in().await;
    latchkey.delete("/v1/resources/backoffice_api").await.expect(204);
    latchkey.advance(SignedDuration::from_secs(61));
    assert_error(&latchkey.refresh(&app, &tokens.refresh, "").await, "invalid_grant", "gone");
    assert!(!latchkey.is_active(&app, &tokens.refresh).await);
}

#[tokio::test]
async fn disabled_client_or_account_cannot_refresh() {
    let (mut latchkey, app, tokens) = signed_in().await;
    let checker = latchkey.fixtures().client().await;
    latchkey.post(&format!("{}/disable", app.path()), &json!({})).await.expect(200);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(401);
    assert!(!latchkey.is_active(&checker, &tokens.refresh).await);
    latchkey.post(&format!("{}/enable", app.path()), &json!({})).await.expect(200);
    assert!(latchkey.is_active(&checker, &tokens.refresh).await);
    let next = Tokens::of(&latchkey.refresh(&app, &tokens.refresh, "").await.expect(200));

    let account = format!("/v1/accounts/{ACCOUNT}");
    latchkey.patch(&account, &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    latchkey.refresh(&app, &next.refresh, "").await.expect(401);
    latchkey.patch(&account, &json!({ "status": "active" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    latchkey.refresh(&app, &next.refresh, "").await.expect(200);
}

#[tokio::test]
async fn removed_member_is_invalid_grant_even_after_return() {
    let (latchkey, app, tokens) = signed_in().await;
    let path = format!("{MEMBERS}/{ANN}");
    latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(200);
    let tokens = Tokens::of(&latchkey.refresh(&app, &tokens.refresh, "").await.expect(200));
    latchkey.delete(&path).await.expect(204);
    for when in ["left", "back"] {
        assert_error(&latchkey.refresh(&app, &tokens.refresh, "").await, "invalid_grant", when);
        for token in [&tokens.refresh, &tokens.access] {
            assert!(!latchkey.is_active(&app, token).await, "{when}");
        }
        if when == "left" {
            latchkey.fixtures().ann().await;
        }
    }
    let new_tokens = latchkey.code_flow_tokens(&app).await;
    assert!(latchkey.is_active(&app, &new_tokens.access).await);
}

#[tokio::test]
async fn revoked_consent_is_invalid_grant_even_if_given_again() {
    let (latchkey, app, tokens) = signed_in().await;
    latchkey.withdraw_consent(&app).await;
    for when in ["withdrawn", "given again"] {
        assert_error(&latchkey.refresh(&app, &tokens.refresh, "").await, "invalid_grant", when);
        for token in [&tokens.refresh, &tokens.access] {
            assert!(!latchkey.is_active(&app, token).await, "{when}");
        }
        let new_tokens = if when == "withdrawn" { latchkey.code_flow_tokens(&app).await } else { continue };
        assert!(latchkey.is_active(&app, &new_tokens.access).await);
        latchkey.refresh(&app, &new_tokens.refresh, "").await.expect(200);
    }
}

#[tokio::test]
async fn removed_grant_type_is_unauthorized_until_restored() {
    let (latchkey, app, tokens) = signed_in().await;
    let set = async |grants: &[&str]| {
        latchkey.patch(&app.path(), &json!({ "grant_types": grants })).await.expect(200);
    };
    for grants in [&["authorization_code"][..], &["client_credentials", "refresh_token"]] {
        set(grants).await;
        let response = latchkey.refresh(&app, &tokens.refresh, "").await;
        assert_error(&response, "unauthorized_client", &format!("{grants:?}"));
        assert!(!latchkey.is_active(&app, &tokens.refresh).await, "{grants:?}");
    }
    set(&["authorization_code", "refresh_token"]).await;
    assert!(latchkey.is_active(&app, &tokens.refresh).await);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(200);
}

#[tokio::test]
async fn deleted_client_revokes_its_tokens() {
    let (latchkey, app, tokens) = signed_in().await;
    let checker = latchkey.fixtures().client().await;
    latchkey.delete(&app.path()).await.expect(204);
    latchkey.refresh(&app, &tokens.refresh, "").await.expect(401);
    for token in [&tokens.refresh, &tokens.access] {
        assert!(!latchkey.is_active(&checker, token).await);
    }
}
