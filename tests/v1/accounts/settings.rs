//! What the administrators of an account set: contacts, lifetimes of secrets, and how members sign in.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::provider::FakeProvider;
use serde_json::{Value, json};

const PATH: &str = "/v1/accounts/T12345678";

/// A deployment with a provider to sign in at.
async fn with_provider() -> TestApp {
    let provider = FakeProvider::start().await;
    let latchkey = TestApp::with_config(|config| provider.configure(config)).await;
    latchkey.fixtures().seed().await;
    latchkey
}

#[tokio::test]
async fn administrators_set_them_and_the_trail_has_old_and_new_values() {
    let latchkey = with_provider().await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    let by_default = latchkey.get(PATH).await.expect(200).json();
    assert_eq!(by_default["contacts"], json!([]));
    assert_eq!(by_default["secret_lifetime_days"], json!({ "default": null, "max": null }));
    assert_eq!(by_default["sign_in_methods"], json!(["email_code", "provider"]));
    for (member, sent, old, new) in [
        ("contacts", json!([" Ops@Acme.example"]), json!([]), json!(["ops@acme.example"])),
        ("contacts", json!([]), json!(["ops@acme.example"]), json!([])),
        ("secret_lifetime_days", json!({ "default": 30 }), json!({}), json!({ "default": 30 })),
        (
            "secret_lifetime_days",
            json!({ "max": 60 }),
            json!({ "default": 30 }),
            json!({ "default": 30, "max": 60 }),
        ),
        ("secret_lifetime_days", Value::Null, json!({ "default": 30, "max": 60 }), json!({})),
        ("sign_in_methods", json!(["provider"]), json!(["email_code", "provider"]), json!(["provider"])),
        ("sign_in_methods", Value::Null, json!(["provider"]), json!(["email_code", "provider"])),
    ] {
        let change = json!({ member: sent });
        let changed = latchkey.request("PATCH", PATH).bearer(&token).json(&change).send().await.expect(200);
        assert_eq!(latchkey.get(PATH).await.expect(200).json()[member], changed.json()[member], "{change}");
        let audit = latchkey.get(&format!("{PATH}/audit?limit=1")).await.expect(200).json();
        let entry = &audit["items"][0];
        assert_eq!((&entry["action"], &entry["changed"]), (&json!("account.updated"), &json!([member])));
        assert_eq!(entry["changes"], json!([{ "member": member, "old": old, "new": new }]), "{change}");
    }
    // What was read is accepted again.
    let read = latchkey.get(PATH).await.expect(200);
    latchkey.request("PATCH", PATH).bearer(&token).json(&read.json()).send().await.expect(200);
    assert_eq!(latchkey.get(PATH).await.expect(200).etag(), read.etag());
}

#[tokio::test]
async fn what_is_wrong_is_named_all_at_once() {
    let latchkey = with_provider().await;
    let eleven: Vec<String> = (0..11).map(|number| format!("a{number}@acme.example")).collect();
    for (bad, pointers) in [
        (json!({ "contacts": eleven }), vec!["#/contacts"]),
        (json!({ "contacts": ["ok@acme.example", "no address", 3] }), vec!["#/contacts/1", "#/contacts/2"]),
        (json!({ "contacts": null }), vec!["#/contacts"]),
        (json!({ "secret_lifetime_days": { "default": 0 } }), vec!["#/secret_lifetime_days/default"]),
        (json!({ "secret_lifetime_days": { "max": 731 } }), vec!["#/secret_lifetime_days/max"]),
        (
            json!({ "secret_lifetime_days": { "default": 61, "max": 60 } }),
            vec!["#/secret_lifetime_days/default"],
        ),
        (json!({ "secret_lifetime_days": { "min": 1 } }), vec!["#/secret_lifetime_days/min"]),
        (json!({ "secret_lifetime_days": 30 }), vec!["#/secret_lifetime_days"]),
        (json!({ "sign_in_methods": [] }), vec!["#/sign_in_methods"]),
        (json!({ "sign_in_methods": ["provider", "password"] }), vec!["#/sign_in_methods/1"]),
        (json!({ "sign_in_methods": "provider" }), vec!["#/sign_in_methods"]),
        (
            json!({ "contacts": eleven, "secret_lifetime_days": { "max": 731 } }),
            vec!["#/contacts", "#/secret_lifetime_days/max"],
        ),
    ] {
        let refused = latchkey.patch(PATH, &bad).await.expect(422);
        assert_eq!(refused.pointers(), pointers, "{bad}");
    }
    let read = latchkey.get(PATH).await.expect(200).json();
    assert_eq!((&read["contacts"], &read["secret_lifetime_days"]["max"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn change_of_what_was_changed_meanwhile_and_of_another_account_does_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let (_, token) = latchkey.fixtures().administrator(ACCOUNT, &["members:manage"]).await;
    let etag = latchkey.get(PATH).await.expect(200).etag();
    let change = |contact: &str| json!({ "contacts": [contact] });
    let send = async |path: &str, token: &str, contact: &str| {
        let request = latchkey.request("PATCH", path).bearer(token).header("if-match", &etag);
        request.json(&change(contact)).send().await
    };
    send(PATH, &token, "one@acme.example").await.expect(200);
    send(PATH, &token, "two@acme.example").await.expect(412);
    send("/v1/accounts/T2", &token, "two@acme.example").await.expect(404);
    let (_, reader) = latchkey.fixtures().administrator(ACCOUNT, &["clients:manage", "audit:read"]).await;
    send(PATH, &reader, "two@acme.example").await.expect(403);
    assert_eq!(latchkey.get(PATH).await.expect(200).json()["contacts"], json!(["one@acme.example"]));
}

#[tokio::test]
async fn provider_can_be_chosen_only_where_there_is_one() {
    let latchkey = TestApp::with_fixtures().await;
    assert_eq!(latchkey.get(PATH).await.expect(200).json()["sign_in_methods"], json!(["email_code"]));
    for methods in [json!(["provider"]), json!(["email_code", "provider"])] {
        let refused = latchkey.patch(PATH, &json!({ "sign_in_methods": methods })).await.expect(422);
        assert_eq!(refused.pointers(), ["#/sign_in_methods"]);
        assert!(refused.text().contains("no provider"), "{}", refused.text());
    }
    latchkey.patch(PATH, &json!({ "sign_in_methods": ["email_code"] })).await.expect(200);
}

#[tokio::test]
async fn no_link_is_made_where_only_the_provider_counts() {
    let latchkey = with_provider().await;
    let ann = latchkey.fixtures().member("ann").await;
    let links = format!("{PATH}/console-links");
    latchkey.post(&links, &json!({ "email": ann })).await.expect(201);
    latchkey.patch(PATH, &json!({ "sign_in_methods": ["provider"] })).await.expect(200);
    let refused = latchkey.post(&links, &json!({ "email": ann })).await.expect(409);
    assert!(refused.text().contains("links_not_allowed"), "{}", refused.text());
}
