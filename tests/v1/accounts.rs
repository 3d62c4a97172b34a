//! `/v1/accounts`.

use super::{ACCOUNTS, assert_holds, each};
use crate::support::house::TestHouse;
use crate::support::things::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn an_account_is_made_with_the_id_that_was_chosen() {
    let house = TestHouse::new().await;
    let body = json!({ "account_id": "acme-1", "account_name": "Acme" });
    let made = house.post(ACCOUNTS, &body).await.expect(201);
    assert_eq!(made.header("location"), "/v1/accounts/acme-1");
    let expected = json!({ "account_id": "acme-1", "account_name": "Acme", "status": "active" });
    assert_holds(&made.json(), &expected);
    let read = house.get("/v1/accounts/acme-1").await.expect(200);
    assert_eq!((read.json(), read.etag()), (made.json(), made.etag()));
}

#[tokio::test]
async fn an_id_is_generated_where_none_was_chosen() {
    let house = TestHouse::new().await;
    let made = house.post(ACCOUNTS, &json!({ "account_name": "Acme" })).await.expect(201);
    let id = made.string("account_id");
    let digits = id.strip_prefix('T').unwrap();
    assert!(digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    house.get(made.header("location")).await.expect(200);
}

#[tokio::test]
async fn an_id_is_taken_once() {
    let house = TestHouse::furnished().await;
    let again = json!({ "account_id": ACCOUNT, "account_name": "Another" });
    assert_eq!(house.post(ACCOUNTS, &again).await.expect(409).problem(), "account_id_taken");
    assert_eq!(house.get("/v1/accounts/T12345678").await.string("account_name"), "Account T12345678");
}

#[tokio::test]
async fn ids_that_would_need_escaping_are_refused() {
    let house = TestHouse::new().await;
    for id in ["", "a/b", "a b", "a#b", "-a", ".", "ä", "a~", &"a".repeat(65)] {
        let body = json!({ "account_id": id, "account_name": "Acme" });
        assert_eq!(house.post(ACCOUNTS, &body).await.expect(422).pointers(), ["#/account_id"], "{id}");
    }
}

#[tokio::test]
async fn a_name_is_needed_and_is_fit_to_be_shown() {
    let house = TestHouse::new().await;
    for body in [json!({}), json!({ "account_name": " " }), json!({ "account_name": "a\u{202e}b" })] {
        assert_eq!(house.post(ACCOUNTS, &body).await.expect(422).pointers(), ["#/account_name"], "{body}");
    }
    let longest = json!({ "account_name": "ü".repeat(100) });
    house.post(ACCOUNTS, &longest).await.expect(201);
    house.post(ACCOUNTS, &json!({ "account_name": "ü".repeat(101) })).await.expect(422);
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let mut house = TestHouse::furnished().await;
    let before = house.get("/v1/accounts/T12345678").await.json();
    house.advance(SignedDuration::from_secs(5));
    let changed = house.patch("/v1/accounts/T12345678", &json!({ "account_name": "Acme" })).await.expect(200);
    assert_eq!(changed.string("account_name"), "Acme");
    assert_eq!(changed.json()["created_at"], before["created_at"]);
    assert_ne!(changed.json()["updated_at"], before["updated_at"]);
    assert_eq!(changed.string("status"), "active");
    assert_eq!(house.get("/v1/accounts/T12345678").await.json(), changed.json());
}

#[tokio::test]
async fn the_id_never_changes() {
    let house = TestHouse::furnished().await;
    let answer = house.patch("/v1/accounts/T12345678", &json!({ "account_id": "T2" })).await.expect(422);
    assert_eq!(answer.pointers(), ["#/account_id"]);
}

#[tokio::test]
async fn accounts_are_listed_in_the_order_of_their_ids() {
    let house = TestHouse::new().await;
    for id in ["T3", "T1", "T2"] {
        house.account(id).await;
    }
    assert_eq!(each(&house.items_of(ACCOUNTS).await, "account_id"), ["T00000001", "T1", "T2", "T3"]);
}

#[tokio::test]
async fn an_unknown_account_is_not_found() {
    let house = TestHouse::new().await;
    for path in ["/v1/accounts/T999", "/v1/accounts/a%2Fb", "/v1/accounts/%20"] {
        house.get(path).await.expect(404);
        house.patch(path, &json!({ "account_name": "x" })).await.expect(404);
    }
}

#[tokio::test]
async fn the_clients_of_a_disabled_account_get_no_token_from_a_minute_on() {
    let mut house = TestHouse::furnished().await;
    let client = house.client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    house.patch("/v1/accounts/T12345678", &json!({ "status": "disabled" })).await.expect(200);
    house.advance(SignedDuration::from_secs(61));
    house.token(id, secret, "").await.expect(401);
    house.patch("/v1/accounts/T12345678", &json!({ "status": "active" })).await.expect(200);
    house.advance(SignedDuration::from_secs(61));
    house.token(id, secret, "").await.expect(200);
}

#[tokio::test]
async fn the_management_api_refuses_a_disabled_accounts_clients_at_once() {
    let house = TestHouse::furnished().await;
    let (_, token) = house.administrator(ACCOUNT, &["clients:read"]).await;
    house.ask("GET", super::CLIENTS).bearer(&token).send().await.expect(200);
    house.patch("/v1/accounts/T12345678", &json!({ "status": "disabled" })).await.expect(200);
    house.ask("GET", super::CLIENTS).bearer(&token).send().await.expect(401);
    house.patch("/v1/accounts/T12345678", &json!({ "status": "active" })).await.expect(200);
    house.ask("GET", super::CLIENTS).bearer(&token).send().await.expect(200);
}

#[tokio::test]
async fn nothing_new_is_made_in_a_disabled_account() {
    let house = TestHouse::furnished().await;
    house.patch("/v1/accounts/T12345678", &json!({ "status": "disabled" })).await.expect(200);
    house.post(super::CLIENTS, &json!({ "client_name": "x" })).await.expect(409);
    let member = json!({ "email": "ann@acme.example", "name": "Ann" });
    house.post(super::MEMBERS, &member).await.expect(409);
    assert_eq!(house.vault_names().await, ["latchkey-operator"]);
}

#[tokio::test]
async fn an_account_cannot_disable_itself() {
    let house = TestHouse::new().await;
    house.patch("/v1/accounts/T00000001", &json!({ "status": "disabled" })).await.expect(403);
    assert_eq!(house.get("/v1/accounts/T00000001").await.expect(200).string("status"), "active");
}
