//! Changes after which no member is reminded, or none manages members.

use crate::support::app::TestApp;
use crate::support::http::TestResponse;
use crate::v1::MEMBERS;
use serde_json::{Value, json};

/// A member who is the only one that is reminded, and the only one that manages members.
async fn only_manager(latchkey: &TestApp) -> String {
    let permissions = ["clients:read", "clients:manage", "members:manage"];
    let body = json!({ "email": "ann@acme.example", "name": "Ann", "permissions": permissions });
    latchkey.post(MEMBERS, &body).await.expect(201);
    format!("{MEMBERS}/ann@acme.example")
}

fn codes(answer: &TestResponse) -> Vec<String> {
    let json = answer.json();
    let warnings = json["warnings"].as_array().cloned().unwrap_or_default();
    warnings.iter().map(|warning| warning["code"].as_str().unwrap().to_owned()).collect()
}

async fn strictly(latchkey: &TestApp, method: &str, path: &str, body: Value) -> TestResponse {
    let request = latchkey.admin_request(method, path).await.header("prefer", "wait=5, handling=strict");
    if body.is_null() { request.send().await } else { request.json(&body).send().await }
}

#[tokio::test]
async fn change_says_what_the_account_no_longer_has() {
    let latchkey = TestApp::with_fixtures().await;
    let path = only_manager(&latchkey).await;
    let renamed = latchkey.patch(&path, &json!({ "name": "Anna" })).await.expect(200);
    assert_eq!(renamed.json().get("warnings"), None, "nothing is lost");
    let silent = latchkey.patch(&path, &json!({ "mail": false })).await.expect(200);
    assert_eq!(codes(&silent), ["no_one_reminded"]);
    let viewer = latchkey.patch(&path, &json!({ "permissions": ["clients:read"] })).await.expect(200);
    assert_eq!(codes(&viewer), ["no_one_manages_members"], "reminders were lost before");
}

#[tokio::test]
async fn change_loses_nothing_that_another_member_is() {
    let latchkey = TestApp::with_fixtures().await;
    let path = only_manager(&latchkey).await;
    let permissions = ["clients:manage", "members:manage"];
    let body = json!({ "email": "bob@acme.example", "name": "Bob", "permissions": permissions });
    latchkey.post(MEMBERS, &body).await.expect(201);
    let changed = strictly(&latchkey, "PATCH", &path, json!({ "permissions": [] })).await.expect(200);
    assert!(codes(&changed).is_empty());
    strictly(&latchkey, "DELETE", &path, Value::Null).await.expect(204);
}

#[tokio::test]
async fn strict_handling_refuses_what_would_be_lost_and_nothing_else() {
    let latchkey = TestApp::with_fixtures().await;
    let path = only_manager(&latchkey).await;
    let refused = strictly(&latchkey, "PATCH", &path, json!({ "mail": false })).await.expect(409);
    assert_eq!(refused.problem(), "no_one_reminded");
    let refused = strictly(&latchkey, "DELETE", &path, Value::Null).await.expect(409);
    assert_eq!(refused.problem(), "no_one_manages_members");
    assert_eq!(latchkey.get(&path).await.expect(200).json()["mail"], true);
    strictly(&latchkey, "PATCH", &path, json!({ "name": "Anna" })).await.expect(200);
    latchkey.delete(&path).await.expect(204);
}

#[tokio::test]
async fn who_is_only_invited_is_reminded_but_manages_no_one_yet() {
    let latchkey = TestApp::with_fixtures().await;
    let path = only_manager(&latchkey).await;
    let permissions = ["clients:manage", "members:manage"];
    let bob = format!("bob@{}", latchkey.mail_domain());
    let body = json!({ "email": bob, "name": "Bob", "permissions": permissions, "invite": true });
    latchkey.post(MEMBERS, &body).await.expect(201);
    for (method, body) in [("PATCH", json!({ "permissions": [] })), ("DELETE", Value::Null)] {
        let refused = strictly(&latchkey, method, &path, body).await.expect(409);
        assert_eq!(refused.problem(), "no_one_manages_members", "{method}");
    }
    let changed = latchkey.patch(&path, &json!({ "permissions": ["clients:manage"] })).await.expect(200);
    assert_eq!(codes(&changed), ["no_one_manages_members"]);
    let silent = latchkey.patch(&path, &json!({ "mail": false })).await.expect(200);
    assert_eq!(codes(&silent), Vec::<String>::new(), "Bob is reminded from the first day");
    latchkey.delete(&format!("{MEMBERS}/{bob}")).await.expect(204);
}
