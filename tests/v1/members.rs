//! `/v1/accounts/{account_id}/members`.

use super::{MEMBERS, assert_holds, each};
use crate::support::app::TestApp;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn ann() -> Value {
    json!({ "email": "ann@acme.example", "name": "Ann", "permissions": ["clients:read", "clients:manage"] })
}

#[tokio::test]
async fn a_person_is_added_with_permissions() {
    let latchkey = TestApp::with_fixtures().await;
    let made = latchkey.post(MEMBERS, &ann()).await.expect(201);
    assert_holds(&made.json(), &ann());
    assert_eq!(latchkey.items_of(MEMBERS).await, [made.json()]);
}

#[tokio::test]
async fn a_person_who_was_given_no_permission_has_none() {
    let latchkey = TestApp::with_fixtures().await;
    let made =
        latchkey.post(MEMBERS, &json!({ "email": "bob@acme.example", "name": "Bob" })).await.expect(201);
    assert_eq!(made.json()["permissions"], json!([]));
}

#[tokio::test]
async fn one_mailbox_is_one_member_in_whatever_case_it_is_written() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(MEMBERS, &ann()).await.expect(201);
    let again = json!({ "email": "Ann@ACME.example", "name": "Ann" });
    assert_eq!(latchkey.post(MEMBERS, &again).await.expect(409).problem(), "member_exists");
    let path = format!("{MEMBERS}/ANN@acme.example");
    assert_eq!(latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(200).string("name"), "Anna");
    assert_eq!(latchkey.items_of(MEMBERS).await.len(), 1);
}

#[tokio::test]
async fn the_location_of_a_member_leads_to_them() {
    let latchkey = TestApp::with_fixtures().await;
    for email in ["ann+x@acme.example", "a/b@acme.example", "a?b@acme.example", "a%41@acme.example"] {
        let made = latchkey.post(MEMBERS, &json!({ "email": email, "name": "Ann" })).await.expect(201);
        let answer = latchkey.patch(made.header("location"), &json!({ "name": "Anna" })).await;
        assert_eq!(answer.status, 200, "{email} at {}", made.header("location"));
        assert_eq!(answer.string("email"), email.to_lowercase());
    }
}

#[tokio::test]
async fn what_is_no_plain_address_is_refused() {
    let latchkey = TestApp::with_fixtures().await;
    for email in
        ["", "ann", "ann@acme", "Ann <ann@acme.example>", "a@b.example,c@d.example", "a@b.example\r\n"]
    {
        let answer = latchkey.post(MEMBERS, &json!({ "email": email, "name": "Ann" })).await.expect(422);
        assert_eq!(answer.pointers(), ["#/email"], "{email:?}");
    }
}

#[tokio::test]
async fn permissions_are_management_scopes() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({ "email": "ann@acme.example", "name": "Ann", "permissions": ["clients:read", "orders:read", 1] });
    let answer = latchkey.post(MEMBERS, &body).await.expect(422);
    assert_eq!(answer.pointers(), ["#/permissions/1", "#/permissions/2"]);
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let mut latchkey = TestApp::with_fixtures().await;
    let made = latchkey.post(MEMBERS, &ann()).await.expect(201).json();
    latchkey.advance(SignedDuration::from_secs(5));
    let path = format!("{MEMBERS}/ann@acme.example");
    let renamed = latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(200).json();
    let same =
        json!({ "permissions": made["permissions"], "created_at": made["created_at"], "name": "Anna" });
    assert_holds(&renamed, &same);
    let stripped = latchkey.patch(&path, &json!({ "permissions": [] })).await.expect(200).json();
    assert_holds(&stripped, &json!({ "name": "Anna", "permissions": [] }));
    assert_eq!(latchkey.items_of(MEMBERS).await, [stripped]);
}

#[tokio::test]
async fn the_address_never_changes() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(MEMBERS, &ann()).await.expect(201);
    let path = format!("{MEMBERS}/ann@acme.example");
    let answer = latchkey.patch(&path, &json!({ "email": "bob@acme.example" })).await.expect(422);
    assert_eq!(answer.pointers(), ["#/email"]);
}

#[tokio::test]
async fn a_removed_person_is_gone_and_may_come_back() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(MEMBERS, &ann()).await.expect(201);
    let path = format!("{MEMBERS}/ann@acme.example");
    latchkey.delete(&path).await.expect(204);
    latchkey.delete(&path).await.expect(404);
    latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(404);
    assert_eq!(latchkey.items_of(MEMBERS).await, [] as [Value; 0]);
    latchkey.post(MEMBERS, &ann()).await.expect(201);
}

#[tokio::test]
async fn members_are_listed_in_the_order_of_their_addresses_and_only_their_accounts() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.account("T2").await;
    for email in ["c@acme.example", "a@acme.example", "b@acme.example"] {
        latchkey.post(MEMBERS, &json!({ "email": email, "name": "x" })).await.expect(201);
    }
    let elsewhere = json!({ "email": "a@acme.example", "name": "y" });
    latchkey.post("/v1/accounts/T2/members", &elsewhere).await.expect(201);
    let emails = each(&latchkey.items_of(MEMBERS).await, "email");
    assert_eq!(emails, ["a@acme.example", "b@acme.example", "c@acme.example"]);
    assert_eq!(each(&latchkey.items_of("/v1/accounts/T2/members").await, "name"), ["y"]);
}

#[tokio::test]
async fn an_unknown_account_has_no_members() {
    let latchkey = TestApp::new().await;
    let path = "/v1/accounts/T999/members";
    latchkey.get(path).await.expect(404);
    latchkey.post(path, &ann()).await.expect(404);
    latchkey.delete("/v1/accounts/T999/members/ann@acme.example").await.expect(404);
}
