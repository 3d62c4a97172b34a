//! Items as an earlier version has stored them: this version reads and updates them, and keeps every attribute.

mod added;
mod defaults;
pub mod fixture;
mod kinds;
mod last_use;
mod mail;
mod paused;
mod settings;
mod sign_in;
mod times;
mod unknown_attributes;

use crate::support::http::TestResponse;
use fixture::Upgraded;
use serde_json::{Value, json};
use shared::services::clients::ABANDONED_AFTER;
use std::collections::BTreeSet;

const ACCOUNT: &str = "/v1/accounts/T12345678";

async fn get(upgraded: &Upgraded, path: &str) -> Value {
    upgraded.app.admin_request("GET", path).await.send().await.expect(200).json()
}

/// Every element of a list, page by page.
async fn list(upgraded: &Upgraded, path: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(upgraded, &format!("{path}?limit=10{cursor}")).await;
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn items_are_read() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let accounts = list(&upgraded, "/v1/accounts").await;
    assert_eq!(accounts.len(), 3, "with the operator's");
    assert_eq!(get(&upgraded, ACCOUNT).await["account_name"], "Acme Ltd");
    assert_eq!(get(&upgraded, "/v1/accounts/T87654321").await["status"], "disabled");
    let members = list(&upgraded, &format!("{ACCOUNT}/members")).await;
    assert_eq!(members.iter().map(|member| &member["name"]).collect::<Vec<_>>(), ["Ann", "Benjamin"]);
    let resources = list(&upgraded, "/v1/resources").await;
    assert!(resources.iter().any(|resource| resource["resource_name"] == "Back office API"));
    upgraded.app.admin_request("GET", "/v1/resources/old_api").await.send().await.expect(404);

    let clients = list(&upgraded, &format!("{ACCOUNT}/clients")).await;
    assert_eq!(clients.len(), 15);
    for client in &clients {
        let path = format!("{ACCOUNT}/clients/{}", client["client_id"].as_str().unwrap());
        let read = get(&upgraded, &path).await;
        assert_eq!(read["client_name"], client["client_name"]);
        list(&upgraded, &format!("{path}/secrets")).await;
        list(&upgraded, &format!("{path}/consents")).await;
    }
    let actions = list(&upgraded, &format!("{ACCOUNT}/audit")).await;
    let actions: BTreeSet<_> = actions.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert!(actions.len() >= 16, "{actions:?}");
    upgraded.assert_attributes_kept().await;
}

#[tokio::test]
async fn credentials_and_tokens_stay_valid() {
    let upgraded = Upgraded::from_v0_1_0().await;
    for client in ["secret", "two", "renewing"] {
        let (id, secret) = upgraded.credentials(client);
        upgraded.app.token(id, secret, "&resource=backoffice_api").await.expect(200);
    }
    for client in ["disabled", "short"] {
        let (id, secret) = upgraded.credentials(client);
        upgraded.app.token(id, secret, "").await.expect(401);
    }
    let (id, secret) = upgraded.credentials("web");
    let refresh = format!("grant_type=refresh_token&refresh_token={}", upgraded.text("/refresh_token"));
    upgraded.app.request("POST", "/oauth/token").basic(id, secret).form(&refresh).send().await.expect(200);
    let (id, secret) = upgraded.credentials("renewing");
    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", upgraded.text("/renewing_refresh_token"));
    upgraded.app.request("POST", "/oauth/token").basic(id, secret).form(&refresh).send().await.expect(200);

    let (id, secret) = upgraded.credentials("secret");
    for (token, is_active) in [("live_token", true), ("person_token", true), ("revoked_token", false)] {
        let form = format!("token={}", upgraded.text(&format!("/{token}")));
        let introspected = upgraded.app.request("POST", "/oauth/introspect").basic(id, secret).form(&form);
        assert_eq!(introspected.send().await.expect(200).json()["active"], is_active, "{token}");
    }
    assert_eq!(with_assertion(&upgraded, "new_assertion").await.status, 200);
    assert_eq!(with_assertion(&upgraded, "used_assertion").await.status, 401, "an assertion is valid once");
    upgraded.assert_attributes_kept().await;
}

async fn with_assertion(upgraded: &Upgraded, name: &str) -> TestResponse {
    let form = format!(
        "grant_type=client_credentials&client_assertion={}&client_assertion_type={}",
        upgraded.text(&format!("/{name}")),
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
    );
    upgraded.app.request("POST", "/oauth/token").form(&form).send().await
}

#[tokio::test]
async fn idempotency_keys_are_recognized() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let body = &upgraded.known()["create_client"]["body"];
    let request = upgraded.app.admin_request("POST", &format!("{ACCOUNT}/clients")).await;
    let request = request.header("idempotency-key", upgraded.text("/create_client/idempotency_key"));
    let replayed = request.json(body).send().await;
    assert!(replayed.status.is_success(), "{}", replayed.text());
    assert_eq!(replayed.json()["client_id"], "late");
    assert!(replayed.json().get("client_secret").is_none_or(Value::is_null), "a secret is shown once");
    upgraded.assert_attributes_kept().await;
}

#[tokio::test]
async fn every_kind_can_be_updated() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let changes = [
        ("PATCH", ACCOUNT.to_owned(), json!({ "account_name": "Acme GmbH" })),
        ("PATCH", "/v1/accounts/T87654321".to_owned(), json!({ "status": "active" })),
        ("PATCH", format!("{ACCOUNT}/members/ann@acme.example"), json!({ "name": "Anna" })),
        ("PATCH", "/v1/resources/backoffice_api".to_owned(), json!({ "resource_name": "Office" })),
        ("PATCH", "/v1/resources/tenant_api".to_owned(), json!({ "resource_name": "Tenants" })),
    ];
    for (method, path, body) in changes {
        succeed(&upgraded, method, &path, Some(&body)).await;
    }
    for client in list(&upgraded, &format!("{ACCOUNT}/clients")).await {
        let path = format!("{ACCOUNT}/clients/{}", client["client_id"].as_str().unwrap());
        succeed(&upgraded, "PATCH", &path, Some(&json!({ "description": "Updated" }))).await;
        let permissions =
            json!({ "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }] });
        succeed(&upgraded, "PUT", &format!("{path}/permissions"), Some(&permissions)).await;
        succeed(&upgraded, "POST", &format!("{path}/enable"), None).await;
    }
    for client in ["order-sync", "stored-secret"] {
        let path = format!("{ACCOUNT}/clients/{client}/secrets");
        succeed(&upgraded, "POST", &path, Some(&json!({ "replace": "oldest" }))).await;
    }
    upgraded.assert_attributes_kept().await;
}

async fn succeed(upgraded: &Upgraded, method: &str, path: &str, body: Option<&Value>) {
    let request = upgraded.app.admin_request(method, path).await;
    let response = if let Some(body) = body { request.json(body) } else { request }.send().await;
    assert!(response.status.is_success(), "{method} {path}: {}", response.text());
}

#[tokio::test]
async fn new_attributes_have_their_defaults() {
    let upgraded = Upgraded::from_v0_1_0().await;
    let account = get(&upgraded, ACCOUNT).await;
    assert_eq!((&account["entitlements"], &account["claims"]), (&json!([]), &json!({})));
    assert_eq!(account["contacts"], json!([]));
    assert_eq!(account["secret_lifetime_days"], json!({ "default": null, "max": null }));
    assert_eq!(account["sign_in_methods"], json!(["email_code"]), "there is no provider");
    for resource in list(&upgraded, "/v1/resources").await {
        assert_eq!(resource["account_access"], "all", "{resource}");
        assert_eq!(resource["documentation_url"], Value::Null);
        for scope in resource["scopes"].as_array().unwrap() {
            assert_eq!((&scope["restricted"], &scope["implies"]), (&json!(false), &json!([])));
        }
    }
    for client in list(&upgraded, &format!("{ACCOUNT}/clients")).await {
        let attention = client["attention"].as_array().unwrap();
        assert!(!attention.contains(&json!("not_entitled")), "{client}");
    }
}

#[tokio::test]
async fn job_records_ids_and_audiences() {
    let upgraded = Upgraded::from_v0_1_0().await;
    upgraded.app.run_job().await;
    let recorded = async |pk: &str| upgraded.app.inspect().partition(pk).await;
    assert_eq!(recorded("ACCOUNT_ID#t12345678").await[0]["account_id"].as_s().unwrap(), "T12345678");
    for resource in list(&upgraded, "/v1/resources").await {
        let id = resource["resource_id"].as_str().unwrap();
        if id != "latchkey" {
            let audience =
                shared::domain::resource::Audience::parse(resource["audience"].as_str().unwrap()).unwrap();
            let records = recorded(&format!("AUDIENCE#{}", audience.normalized())).await;
            assert_eq!(records[0]["resource_id"].as_s().unwrap(), id);
        }
    }
    let body = json!({ "account_id": "t12345678", "account_name": "Acme" });
    let create = upgraded.app.admin_request("POST", "/v1/accounts").await.json(&body);
    create.send().await.expect(409);
    let summary = upgraded.app.run_job().await;
    assert_eq!(summary.cleanup_failed, 0, "{summary:?}");
    upgraded.assert_attributes_kept().await;
}

#[tokio::test]
async fn job_runs() {
    let mut upgraded = Upgraded::from_v0_1_0().await;
    // Later than a change counts as interrupted.
    upgraded.app.advance(ABANDONED_AFTER + jiff::SignedDuration::from_mins(1));
    let summary = upgraded.app.run_job().await;
    assert_eq!((summary.unreadable, summary.cleanup_failed, summary.failed), (0, 0, 0), "{summary:?}");
    assert_eq!(summary.sent, 0, "every notice was sent before: {summary:?}");
    assert!(summary.reconciled >= 2, "both interrupted changes: {summary:?}");
    assert!(upgraded.app.inspect().grants("INTENT").await.is_empty());
    upgraded.assert_attributes_kept().await;
}
