//! A client like another one.

use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::console::{shown_id, shown_secret};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use shared::domain::client::SecretStorageChoice;

#[tokio::test]
async fn duplicate_has_the_settings_and_neither_id_nor_secret_nor_platform_identities() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let date = latchkey.now().to_zoned(TimeZone::UTC).date().saturating_add(45.days()).to_string();
    let body = json!({
        "client_name": "Order sync", "description": "Nightly", "client_uri": "https://shop.example",
        "contacts": ["ops@example.com"], "allowed_ips": ["203.0.113.0/24"], "access_token_lifetime": 1200,
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
        "federated_identities": [{ "issuer": "https://token.actions.githubusercontent.com",
            "subject": "repo:acme/shop:ref:refs/heads/main", "audience": "latchkey" }],
        "secret": { "expires_on": date },
    });
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let original = latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201).json();
    let id = original["client_id"].as_str().unwrap();
    let page = format!("/console/accounts/{ACCOUNT}/clients/{id}");
    let visit = browser.get(&page).await.expect(200);
    assert!(visit.text().contains(&format!("href=\"{page}/duplicate\"")));
    let visit = browser.get(&format!("{page}/duplicate")).await.expect(200).expect_text("are not copied");
    let form = visit.form("/clients/new");
    assert_eq!(form.get("client_name"), Some("Copy of Order sync"));
    assert_eq!(form.get("ends_on").or(form.get("ends")), Some(&*date), "as long as the original's");
    let visit = browser.submit(&form).await.expect(200);
    let copies =
        latchkey.admin_request("GET", &format!("{path}?q=copy")).await.send().await.expect(200).json();
    let copy = &copies["items"][0];
    for member in
        ["description", "client_uri", "contacts", "allowed_ips", "access_token_lifetime", "permissions"]
    {
        assert_eq!(copy[member], original[member], "{member}");
    }
    assert_eq!(copy["federated_identities"], json!([]));
    assert_ne!(copy["client_id"], original["client_id"]);
    assert_ne!(json!(shown_secret(&visit)), original["client_secret"]);
}

#[tokio::test]
async fn duplicate_is_like_the_original_in_everything_that_the_form_knows() {
    let latchkey =
        TestApp::with_config(|config| config.secret_storage_choice = SecretStorageChoice::Account).await;
    latchkey.fixtures().seed().await;
    let browser = latchkey.administrator_in_console().await;
    let (first, second) = (TestKey::new("ES256").named("1"), TestKey::new("EdDSA").named("2"));
    let with_secret = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "client_secret_post",
        "grant_types": ["client_credentials", "authorization_code", "refresh_token"],
        "redirect_uris": ["https://shop.example/cb"], "secret_storage": "secrets_manager",
        "secret_display": "on_request", "access_token_lifetime": 90, "refresh_token_lifetime": 5_400,
        "status": "disabled", "secret": { "remind": false },
    });
    let digest = json!({
        "client_name": "Digest", "secret_storage": "digest_only", "redirect_uris": ["https://shop.example/cb"],
        "access_token_lifetime": 3_661,
    });
    let key = json!({
        "client_name": "Signer", "token_endpoint_auth_method": "private_key_jwt", "public_key_pem": first.pem(),
    });
    let set = json!({
        "client_name": "Set", "token_endpoint_auth_method": "private_key_jwt",
        "jwks": { "keys": [first.jwk(), second.jwk()] },
    });
    let public = json!({
        "client_name": "Public", "token_endpoint_auth_method": "none", "grant_types": ["authorization_code"],
        "redirect_uris": ["https://shop.example/cb"],
    });
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let reminds = async |id: String| {
        let secrets = latchkey.list_items(&format!("{path}/{id}/secrets")).await;
        secrets.first().map(|secret| secret["remind"].clone())
    };
    for body in [with_secret, digest, key, set, public] {
        let original =
            latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201).json();
        let id = original["client_id"].as_str().unwrap();
        let visit =
            browser.get(&format!("/console/accounts/{ACCOUNT}/clients/{id}/duplicate")).await.expect(200);
        let form = visit.form("/clients/new");
        // A mistake loses nothing of it, nor what it is.
        let wrong = browser.submit(&form.clone().with("allowed_ips", "300.1.1.1")).await.expect(422);
        let title = format!("Copy of {}", body["client_name"].as_str().unwrap());
        let mended = wrong.expect_text(&title).form("/clients/new").with("allowed_ips", "");
        let made = shown_id(&browser.submit(&mended).await.expect(200));
        let copy = latchkey.get(&format!("{path}/{made}")).await.expect(200).json();
        for member in [
            "token_endpoint_auth_method",
            "grant_types",
            "redirect_uris",
            "secret_storage",
            "secret_display",
            "access_token_lifetime",
            "refresh_token_lifetime",
            "status",
            "jwks",
            "public_key_pem",
        ] {
            assert_eq!(copy[member], original[member], "{member} of {body}");
        }
        assert_eq!(reminds(made).await, reminds(id.to_owned()).await, "{body}");
    }
}

#[tokio::test]
async fn permissions_that_the_person_may_not_give_are_named_as_not_copied() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey
        .fixtures()
        .resource(&json!({
            "resource_id": "plan", "resource_name": "Plan", "service": "plan", "stage": "production",
            "audience": "https://plan.example.com", "account_access": "entitled",
            "scopes": [{ "name": "use", "description": "Use the plan" }],
        }))
        .await;
    let entitle = async |entitlements: Value| {
        let request = latchkey.admin_request("PATCH", &format!("/v1/accounts/{ACCOUNT}")).await;
        request.json(&json!({ "entitlements": entitlements })).send().await.expect(200);
    };
    entitle(json!([{ "resource": "plan" }])).await;
    let permissions = json!([
        { "resource": "plan", "scopes": ["use"] },
        { "resource": "backoffice_api", "scopes": ["orders:read"] },
        { "resource": "latchkey", "scopes": ["clients:read", "audit:read"] },
    ]);
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "permissions": permissions })).await;
    entitle(json!([])).await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "dev", &["clients:read", "clients:manage"]).await;
    let developer = Browser::new(&latchkey);
    let page = format!("/console/accounts/{ACCOUNT}/clients/{}/duplicate", client.client_id);
    let visit = developer.sign_in_to_console(&latchkey, &email, &page).await.expect(200);
    let missing = [
        "Plan, production: Use the plan. You or",
        "Latchkey management: Read the account’s audit trail. You or",
    ];
    let said = |visit: PageVisit| missing.iter().fold(visit, |visit, line| visit.expect_text(line));
    let visit = said(visit.expect_text("These are not copied either:"));
    let form = visit.form("/clients/new");
    let again = developer.submit(&form.clone().with("allowed_ips", "300.1.1.1")).await.expect(422);
    said(again);
    let made = shown_id(&developer.submit(&form).await.expect(200));
    let copy = latchkey.get(&format!("/v1/accounts/{ACCOUNT}/clients/{made}")).await.expect(200).json();
    let held = copy["permissions"].as_array().unwrap();
    assert_eq!(held.len(), 2, "{copy}");
    assert!(held.contains(&json!({ "resource": "latchkey", "scopes": ["clients:read"] })), "{copy}");
}
