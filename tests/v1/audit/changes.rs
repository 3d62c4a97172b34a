//! Old and new values of what matters for security, in the audit trail.

use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fixtures::ACCOUNT;
use crate::v1::{AUDIT, CLIENTS, MEMBERS};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The changes of the newest entry, as `(member, old, new)`.
async fn newest_changes(latchkey: &TestApp) -> Vec<(String, Value, Value)> {
    let entry = latchkey.list_items(AUDIT).await.swap_remove(0);
    let changes = entry["changes"].as_array().cloned().unwrap_or_default();
    let text = |change: &Value| change["member"].as_str().unwrap().to_owned();
    changes.iter().map(|change| (text(change), change["old"].clone(), change["new"].clone())).collect()
}

#[tokio::test]
async fn changes_of_a_client_have_old_and_new_values() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let scopes = json!(["orders:read", "orders:write"]);
    let permissions = json!([{ "resource": "backoffice_api", "scopes": scopes }]);
    assert!(newest_changes(&latchkey).await.contains(&(
        "permissions".to_owned(),
        Value::Null,
        permissions.clone()
    )));
    let (one, two) = (TestKey::new("ES256").named("one"), TestKey::new("RS256").named("two"));
    let steps = [
        ("allowed_ips", json!({ "allowed_ips": ["203.0.113.0/24"] }), json!([]), json!(["203.0.113.0/24"])),
        ("allowed_ips", json!({ "allowed_ips": [] }), json!(["203.0.113.0/24"]), json!([])),
        ("contacts", json!({ "contacts": ["a@b.example"] }), json!([]), json!(["a@b.example"])),
        (
            "redirect_uris",
            json!({ "redirect_uris": ["https://app.example.com/cb"] }),
            json!([]),
            json!(["https://app.example.com/cb"]),
        ),
        ("keys", json!({ "jwks": one.jwks() }), Value::Null, json!({ "jwks": [one.thumbprint()] })),
        (
            "keys",
            json!({ "jwks": two.jwks() }),
            json!({ "jwks": [one.thumbprint()] }),
            json!({ "jwks": [two.thumbprint()] }),
        ),
        (
            "keys",
            json!({ "jwks_uri": "https://keys.example.com/jwks" }),
            json!({ "jwks": [two.thumbprint()] }),
            json!({ "jwks_uri": "https://keys.example.com/jwks" }),
        ),
        (
            "token_endpoint_auth_method",
            json!({ "token_endpoint_auth_method": "private_key_jwt" }),
            json!("client_secret_basic"),
            json!("private_key_jwt"),
        ),
    ];
    for (member, body, old, new) in steps {
        latchkey.advance(SignedDuration::from_secs(1));
        latchkey.patch(&client.path(), &body).await.expect(200);
        assert_eq!(newest_changes(&latchkey).await, [(member.to_owned(), old, new)], "{body}");
    }
    latchkey.advance(SignedDuration::from_secs(1));
    let path = format!("{CLIENTS}/{}/permissions", client.client_id);
    let fewer = json!([{ "resource": "backoffice_api", "scopes": ["orders:read"] }]);
    let request = latchkey.admin_request("PUT", &path).await.json(&json!({ "permissions": fewer }));
    request.send().await.expect(200);
    assert_eq!(newest_changes(&latchkey).await, [("permissions".to_owned(), permissions, fewer)]);
    latchkey.advance(SignedDuration::from_secs(1));
    latchkey.patch(&client.path(), &json!({ "description": "d" })).await.expect(200);
    assert_eq!(newest_changes(&latchkey).await, [], "a description does not matter for security");
}

#[tokio::test]
async fn name_of_a_client_is_kept_when_it_is_created_and_when_it_is_deleted() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Price feed" })).await;
    let name = |old: Value, new: Value| ("client_name".to_owned(), old, new);
    assert!(newest_changes(&latchkey).await.contains(&name(Value::Null, json!("Price feed"))));
    latchkey.advance(SignedDuration::from_secs(1));
    latchkey.patch(&client.path(), &json!({ "client_name": "Order sync" })).await.expect(200);
    assert_eq!(newest_changes(&latchkey).await, [], "a name does not matter for security");
    latchkey.advance(SignedDuration::from_secs(1));
    latchkey.delete(&client.path()).await.expect(204);
    assert_eq!(newest_changes(&latchkey).await, [name(json!("Order sync"), Value::Null)]);
}

#[tokio::test]
async fn changes_of_members_and_accounts_have_old_and_new_values() {
    let mut latchkey = TestApp::with_fixtures().await;
    let (path, tick) = (format!("{MEMBERS}/ann@acme.example"), SignedDuration::from_secs(1));
    let ann = json!({ "email": "ann@acme.example", "name": "Ann", "permissions": ["clients:read"] });
    latchkey.advance(tick);
    latchkey.post(MEMBERS, &ann).await.expect(201);
    let (none, read, manage) = (Value::Null, json!(["clients:read"]), json!(["clients:manage"]));
    let changes = |old: &Value, new: &Value| vec![("permissions".to_owned(), old.clone(), new.clone())];
    assert_eq!(newest_changes(&latchkey).await, changes(&none, &read));
    latchkey.advance(tick);
    latchkey.patch(&path, &json!({ "permissions": manage })).await.expect(200);
    assert_eq!(newest_changes(&latchkey).await, changes(&read, &manage));
    latchkey.advance(tick);
    latchkey.post(&format!("{path}/revoke-tokens"), &json!({})).await.expect(200);
    assert_eq!(newest_changes(&latchkey).await, [("token_generation".to_owned(), Value::Null, json!(1))]);
    latchkey.advance(tick);
    latchkey.delete(&path).await.expect(204);
    let generation = ("token_generation".to_owned(), json!(1), Value::Null);
    assert_eq!(newest_changes(&latchkey).await, [changes(&manage, &none), vec![generation]].concat());
    let account = format!("/v1/accounts/{ACCOUNT}");
    let limits = json!({ "clients": 5 });
    for (change, old, new) in [(&limits, json!({}), &limits), (&Value::Null, limits.clone(), &json!({}))] {
        latchkey.advance(tick);
        latchkey.patch(&account, &json!({ "limits": change })).await.expect(200);
        assert_eq!(newest_changes(&latchkey).await, [("limits".to_owned(), old, new.clone())]);
    }
    latchkey.advance(tick);
    latchkey.patch(&account, &json!({ "status": "disabled" })).await.expect(200);
    let status = ("status".to_owned(), json!("active"), json!("disabled"));
    assert_eq!(newest_changes(&latchkey).await, [status]);
}
