//! `/v1/accounts/{account_id}/members`.

mod at_once;
mod console_links;
mod email_change;
mod invitations;
mod losses;
mod memberships;

use super::{MEMBERS, assert_contains, values_of};
use crate::support::app::TestApp;
use jiff::SignedDuration;
use serde_json::{Value, json};

fn ann() -> Value {
    json!({ "email": "ann@acme.example", "name": "Ann", "permissions": ["clients:read", "clients:manage"] })
}

#[tokio::test]
async fn member_is_added_with_permissions() {
    let latchkey = TestApp::with_fixtures().await;
    let created = latchkey.post(MEMBERS, &ann()).await.expect(201);
    assert_contains(&created.json(), &ann());
    assert_eq!(latchkey.list_items(MEMBERS).await, [created.json()]);
}

#[tokio::test]
async fn member_without_permissions_has_none() {
    let latchkey = TestApp::with_fixtures().await;
    let created =
        latchkey.post(MEMBERS, &json!({ "email": "bob@acme.example", "name": "Bob" })).await.expect(201);
    assert_eq!(created.json()["permissions"], json!([]));
}

#[tokio::test]
async fn email_is_unique_in_any_case() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(MEMBERS, &ann()).await.expect(201);
    let again = json!({ "email": "Ann@ACME.example", "name": "Ann" });
    assert_eq!(latchkey.post(MEMBERS, &again).await.expect(409).problem(), "member_exists");
    let path = format!("{MEMBERS}/ANN@acme.example");
    assert_eq!(latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(200).string("name"), "Anna");
    assert_eq!(latchkey.list_items(MEMBERS).await.len(), 1);
}

#[tokio::test]
async fn location_header_leads_to_the_member() {
    let latchkey = TestApp::with_fixtures().await;
    for email in ["ann+x@acme.example", "o'neil@acme.example", "a&b=c@acme.example", "a*{b}|c@acme.example"] {
        let created = latchkey.post(MEMBERS, &json!({ "email": email, "name": "Ann" })).await.expect(201);
        let response = latchkey.patch(created.header("location"), &json!({ "name": "Anna" })).await;
        assert_eq!(response.status, 200, "{email} at {}", created.header("location"));
        assert_eq!(response.string("email"), email.to_lowercase());
    }
}

#[tokio::test]
async fn email_with_a_delimiter_of_urls_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    for email in ["a/b@acme.example", "a?b@acme.example", "a%41@acme.example", "a#b@acme.example"] {
        let response = latchkey.post(MEMBERS, &json!({ "email": email, "name": "Ann" })).await.expect(422);
        assert_eq!(response.pointers(), ["#/email"], "{email}");
        let detail = response.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("/ ? % or #"), "{detail}");
    }
}

#[tokio::test]
async fn invalid_email_address_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    for email in [
        "",
        "ann",
        "ann@acme",
        "Ann <ann@acme.example>",
        "a@b.example,c@d.example",
        "a@b.example\r\nBcc: c@d.example",
    ] {
        let response = latchkey.post(MEMBERS, &json!({ "email": email, "name": "Ann" })).await.expect(422);
        assert_eq!(response.pointers(), ["#/email"], "{email:?}");
    }
}

#[tokio::test]
async fn permissions_are_management_scopes() {
    let latchkey = TestApp::with_fixtures().await;
    let body = json!({ "email": "ann@acme.example", "name": "Ann", "permissions": ["clients:read", "orders:read", 1] });
    let response = latchkey.post(MEMBERS, &body).await.expect(422);
    assert_eq!(response.pointers(), ["#/permissions/1", "#/permissions/2"]);
}

#[tokio::test]
async fn update_keeps_unnamed_members() {
    let mut latchkey = TestApp::with_fixtures().await;
    let created = latchkey.post(MEMBERS, &ann()).await.expect(201).json();
    latchkey.advance(SignedDuration::from_secs(5));
    let path = format!("{MEMBERS}/ann@acme.example");
    let renamed = latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(200).json();
    let same =
        json!({ "permissions": created["permissions"], "created_at": created["created_at"], "name": "Anna" });
    assert_contains(&renamed, &same);
    let mut stripped = latchkey.patch(&path, &json!({ "permissions": [] })).await.expect(200).json();
    assert_contains(&stripped, &json!({ "name": "Anna", "permissions": [] }));
    // What the change led to is said once.
    stripped.as_object_mut().unwrap().remove("warnings").expect("no one is reminded any more");
    assert_eq!(latchkey.list_items(MEMBERS).await, [stripped]);
}

#[tokio::test]
async fn removed_member_is_gone_and_may_return() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(MEMBERS, &ann()).await.expect(201);
    let path = format!("{MEMBERS}/ann@acme.example");
    latchkey.delete(&path).await.expect(204);
    latchkey.delete(&path).await.expect(404);
    latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(404);
    assert_eq!(latchkey.list_items(MEMBERS).await, [] as [Value; 0]);
    latchkey.post(MEMBERS, &ann()).await.expect(201);
}

#[tokio::test]
async fn members_are_listed_by_email_within_account() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    for email in ["c@acme.example", "a@acme.example", "b@acme.example"] {
        latchkey.post(MEMBERS, &json!({ "email": email, "name": "x" })).await.expect(201);
    }
    let elsewhere = json!({ "email": "a@acme.example", "name": "y" });
    latchkey.post("/v1/accounts/T2/members", &elsewhere).await.expect(201);
    let emails = values_of(&latchkey.list_items(MEMBERS).await, "email");
    assert_eq!(emails, ["a@acme.example", "b@acme.example", "c@acme.example"]);
    assert_eq!(values_of(&latchkey.list_items("/v1/accounts/T2/members").await, "name"), ["y"]);
}

#[tokio::test]
async fn unknown_account_has_no_members() {
    let latchkey = TestApp::new().await;
    let path = "/v1/accounts/T999/members";
    latchkey.get(path).await.expect(404);
    latchkey.post(path, &ann()).await.expect(404);
    latchkey.delete("/v1/accounts/T999/members/ann@acme.example").await.expect(404);
}

#[tokio::test]
async fn member_is_found_by_sub() {
    let latchkey = TestApp::with_fixtures().await;
    let ann_created = latchkey.post(MEMBERS, &ann()).await.expect(201);
    latchkey.post(MEMBERS, &json!({ "email": "bob@acme.example", "name": "Bob" })).await.expect(201);
    let sub = ann_created.string("sub");
    assert!(sub.strip_prefix("member_").is_some_and(|digits| digits.len() == 64), "{sub}");
    let path = format!("{MEMBERS}/{sub}");
    let read = latchkey.get(&path).await.expect(200);
    assert_eq!((read.json(), read.etag()), (ann_created.json(), ann_created.etag()));
    assert_eq!(latchkey.get(ann_created.header("location")).await.expect(200).json(), ann_created.json());
    assert_eq!(latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(200).string("sub"), sub);
    latchkey.delete(&path).await.expect(204);
    for id in [&sub, "ann@acme.example", "nothing", "member_0"] {
        latchkey.get(&format!("{MEMBERS}/{id}")).await.expect(404);
    }
}

#[tokio::test]
async fn sub_is_random_and_new_for_each_membership() {
    let latchkey = TestApp::with_fixtures().await;
    let path = format!("{MEMBERS}/ann@acme.example");
    let first = latchkey.post(MEMBERS, &ann()).await.expect(201).string("sub");
    latchkey.delete(&path).await.expect(204);
    // In the same moment: nothing but chance tells the two apart.
    assert_ne!(latchkey.post(MEMBERS, &ann()).await.expect(201).string("sub"), first);
}
