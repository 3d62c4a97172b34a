//! A client like another one.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::console::shown_secret;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::json;

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
