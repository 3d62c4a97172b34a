//! `/v1/accounts`.

mod claims;
mod delete;
mod end_users;
mod entitlements;
mod export;
mod limits;
mod locale;
mod revoke_tokens;
mod secret_lifetime;
mod secret_storage;
mod settings;

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{ACCOUNTS, assert_contains, values_of};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn account_is_created_with_chosen_id() {
    let latchkey = TestApp::new().await;
    let body = json!({ "account_id": "acme-1", "account_name": "Acme" });
    let created = latchkey.post(ACCOUNTS, &body).await.expect(201);
    assert_eq!(created.header("location"), "/v1/accounts/acme-1");
    let expected = json!({ "account_id": "acme-1", "account_name": "Acme", "status": "active" });
    assert_contains(&created.json(), &expected);
    let read = latchkey.get("/v1/accounts/acme-1").await.expect(200);
    assert_eq!((read.json(), read.etag()), (created.json(), created.etag()));
}

#[tokio::test]
async fn account_id_is_generated_by_default() {
    let latchkey = TestApp::new().await;
    let created = latchkey.post(ACCOUNTS, &json!({ "account_name": "Acme" })).await.expect(201);
    let id = created.string("account_id");
    let digits = id.strip_prefix('T').unwrap();
    assert!(digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    latchkey.get(created.header("location")).await.expect(200);
}

#[tokio::test]
async fn duplicate_account_id_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    let again = json!({ "account_id": ACCOUNT, "account_name": "Another" });
    assert_eq!(latchkey.post(ACCOUNTS, &again).await.expect(409).problem(), "account_id_taken");
    assert_eq!(latchkey.get("/v1/accounts/T12345678").await.string("account_name"), "Account T12345678");
}

#[tokio::test]
async fn account_ids_that_differ_in_case_only_are_rejected() {
    let latchkey = TestApp::new().await;
    for (id, status) in [("Acme", 201), ("ACME", 409), ("acme", 409), ("acme.1", 201)] {
        let body = json!({ "account_id": id, "account_name": "Acme" });
        let response = latchkey.post(ACCOUNTS, &body).await.expect(status);
        if status == 409 {
            assert_eq!(response.problem(), "account_id_taken");
            latchkey.get(&format!("{ACCOUNTS}/{id}")).await.expect(404);
        }
    }
}

#[tokio::test]
async fn account_ids_needing_escapes_are_rejected() {
    let latchkey = TestApp::new().await;
    for id in ["", "a/b", "a b", "a#b", "-a", ".", "ä", "a~", &"a".repeat(65)] {
        let body = json!({ "account_id": id, "account_name": "Acme" });
        assert_eq!(latchkey.post(ACCOUNTS, &body).await.expect(422).pointers(), ["#/account_id"], "{id}");
    }
}

#[tokio::test]
async fn account_name_is_required_and_displayable() {
    let latchkey = TestApp::new().await;
    for body in [json!({}), json!({ "account_name": " " }), json!({ "account_name": "a\u{202e}b" })] {
        assert_eq!(latchkey.post(ACCOUNTS, &body).await.expect(422).pointers(), ["#/account_name"], "{body}");
    }
    let longest = json!({ "account_name": "ü".repeat(100) });
    latchkey.post(ACCOUNTS, &longest).await.expect(201);
    latchkey.post(ACCOUNTS, &json!({ "account_name": "ü".repeat(101) })).await.expect(422);
}

#[tokio::test]
async fn update_keeps_unnamed_members() {
    let mut latchkey = TestApp::with_fixtures().await;
    let before = latchkey.get("/v1/accounts/T12345678").await.json();
    latchkey.advance(SignedDuration::from_secs(5));
    let changed =
        latchkey.patch("/v1/accounts/T12345678", &json!({ "account_name": "Acme" })).await.expect(200);
    assert_eq!(changed.string("account_name"), "Acme");
    assert_eq!(changed.json()["created_at"], before["created_at"]);
    assert_ne!(changed.json()["updated_at"], before["updated_at"]);
    assert_eq!(changed.string("status"), "active");
    assert_eq!(latchkey.get("/v1/accounts/T12345678").await.json(), changed.json());
}

#[tokio::test]
async fn account_id_is_immutable() {
    let latchkey = TestApp::with_fixtures().await;
    let response = latchkey.patch("/v1/accounts/T12345678", &json!({ "account_id": "T2" })).await.expect(422);
    assert_eq!(response.pointers(), ["#/account_id"]);
}

#[tokio::test]
async fn accounts_are_listed_by_id() {
    let latchkey = TestApp::new().await;
    for id in ["T3", "T1", "T2"] {
        latchkey.fixtures().account(id).await;
    }
    assert_eq!(
        values_of(&latchkey.list_items(ACCOUNTS).await, "account_id"),
        ["T00000001", "T1", "T2", "T3"]
    );
}

#[tokio::test]
async fn unknown_account_is_404() {
    let latchkey = TestApp::new().await;
    for path in ["/v1/accounts/T999", "/v1/accounts/a%2Fb", "/v1/accounts/%20"] {
        latchkey.get(path).await.expect(404);
        latchkey.patch(path, &json!({ "account_name": "x" })).await.expect(404);
    }
}

#[tokio::test]
async fn disabled_account_gets_no_tokens_after_a_minute() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    latchkey.patch("/v1/accounts/T12345678", &json!({ "status": "disabled" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    latchkey.token(id, secret, "").await.expect(401);
    latchkey.patch("/v1/accounts/T12345678", &json!({ "status": "active" })).await.expect(200);
    latchkey.advance(SignedDuration::from_secs(61));
    latchkey.token(id, secret, "").await.expect(200);
}

#[tokio::test]
async fn management_api_rejects_disabled_account_at_once() {
    let latchkey = TestApp::with_fixtures().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    latchkey.request("GET", crate::v1::CLIENTS).bearer(&token).send().await.expect(200);
    latchkey.patch("/v1/accounts/T12345678", &json!({ "status": "disabled" })).await.expect(200);
    latchkey.request("GET", crate::v1::CLIENTS).bearer(&token).send().await.expect(401);
    latchkey.patch("/v1/accounts/T12345678", &json!({ "status": "active" })).await.expect(200);
    latchkey.request("GET", crate::v1::CLIENTS).bearer(&token).send().await.expect(200);
}

#[tokio::test]
async fn nothing_is_created_in_disabled_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch("/v1/accounts/T12345678", &json!({ "status": "disabled" })).await.expect(200);
    latchkey.post(crate::v1::CLIENTS, &json!({ "client_name": "x" })).await.expect(409);
    let member = json!({ "email": "ann@acme.example", "name": "Ann" });
    latchkey.post(crate::v1::MEMBERS, &member).await.expect(409);
    assert_eq!(latchkey.inspect().stored_client_ids().await, ["latchkey-operator"]);
}

#[tokio::test]
async fn account_cannot_disable_itself() {
    let latchkey = TestApp::new().await;
    latchkey.patch("/v1/accounts/T00000001", &json!({ "status": "disabled" })).await.expect(403);
    assert_eq!(latchkey.get("/v1/accounts/T00000001").await.expect(200).string("status"), "active");
}
