//! The settings of a client: each part is saved by itself.

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use serde_json::{Value, json};

fn page(client: &TestClient) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}/settings", client.client_id)
}

async fn members(latchkey: &TestApp, client: &TestClient) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}/clients/{}", client.client_id);
    latchkey.get(&path).await.expect(200).json()
}

async fn client_with_refresh_tokens(latchkey: &TestApp) -> TestClient {
    let grants = json!({
        "grant_types": ["client_credentials", "refresh_token"],
        "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
    });
    latchkey.fixtures().client_with(ACCOUNT, &grants).await
}

/// The form of one part of the page.
fn part(visit: &PageVisit, name: &str) -> Form {
    visit.find(|form| form.get("section") == Some(name))
}

#[tokio::test]
async fn each_part_is_saved_and_acts() {
    let latchkey = TestApp::with_fixtures().await;
    let client = client_with_refresh_tokens(&latchkey).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client)).await.expect(200).expect_text("In minutes, at most 1440.");
    let form =
        part(&visit, "lifetimes").with("access_token_lifetime", "5").with("refresh_token_lifetime", "30");
    let visit = browser.submit(&form).await.expect(200).expect_text("The settings are saved.");
    let form = part(&visit, "redirects")
        .with("redirect_uris", "https://*.shop.example/cb\r\n\r\nhttp://127.0.0.1/cb\r\n");
    let visit = browser.submit(&form).await.expect(200);
    let visit = visit.expect_text("https://eu.shop.example/cb").expect_text("https://a.eu.shop.example/cb");
    let form = part(&visit, "grants").and("grant_types", "authorization_code");
    let visit = browser.submit(&form).await.expect(200);
    let form = part(&visit, "secrets").with("secret_display", "on_request");
    browser.submit(&form).await.expect(200).expect_text("The settings are saved.");
    let saved = members(&latchkey, &client).await;
    assert_eq!(
        (&saved["access_token_lifetime"], &saved["refresh_token_lifetime"]),
        (&json!(300), &json!(2_592_000))
    );
    assert_eq!(saved["redirect_uris"], json!(["https://*.shop.example/cb", "http://127.0.0.1/cb"]));
    assert_eq!(saved["grant_types"], json!(["client_credentials", "refresh_token", "authorization_code"]));
    assert_eq!(saved["secret_display"], "on_request");
    let token = latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    assert_eq!(token.json()["expires_in"], 300);
}

#[tokio::test]
async fn client_without_refresh_tokens_has_no_lifetime_of_theirs() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let client = latchkey.fixtures().client().await;
    let visit = browser.get(&page(&client)).await.expect(200);
    assert!(!visit.contains_text("Sign-ins last"));
    let before = members(&latchkey, &client).await;
    let form = part(&visit, "lifetimes").with("access_token_lifetime", "5");
    browser.submit(&form).await.expect(200).expect_text("The settings are saved.");
    let after = members(&latchkey, &client).await;
    assert_eq!(after["access_token_lifetime"], 300);
    assert_eq!(after["refresh_token_lifetime"], before["refresh_token_lifetime"]);
    let client = client_with_refresh_tokens(&latchkey).await;
    browser.get(&page(&client)).await.expect(200).expect_text("Sign-ins last");
}

#[tokio::test]
async fn no_heading_of_the_settings_is_said_twice() {
    let latchkey = TestApp::with_fixtures().await;
    let client = client_with_refresh_tokens(&latchkey).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client)).await.expect(200);
    for label in ["Allowed addresses", "Redirect URLs"] {
        let labels = visit.text().matches(&format!(">{label} <code>")).count();
        let headings = visit.text().matches(&format!(">{label}</h2>")).count();
        assert_eq!((labels, headings), (1, 0), "{label}");
    }
}

#[tokio::test]
async fn list_of_addresses_shows_whom_it_refuses() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client)).await.expect(200).expect_text("You are at 192.0.2.1.");
    assert!(!visit.contains_text("which this list refuses"));
    let form = part(&visit, "addresses").with("allowed_ips", "203.0.113.0/24\r\n198.51.100.7");
    let visit = browser.submit(&form).await.expect(200);
    let visit = visit.expect_text("You are at 192.0.2.1, which this list refuses.");
    assert!(!visit.contains_text("Refused in the last seven days"));
    let request = latchkey.request("POST", "/oauth/token").from("203.0.114.9");
    let request = request.basic(&client.client_id, &client.client_secret);
    request.form("grant_type=client_credentials").send().await.expect(401);
    let visit = browser.get(&page(&client)).await.expect(200);
    let visit = visit.expect_text("Refused in the last seven days").expect_text("203.0.114.9");
    browser.submit(&part(&visit, "addresses").with("allowed_ips", "")).await.expect(200);
    assert_eq!(members(&latchkey, &client).await["allowed_ips"], json!([]));
}

#[tokio::test]
async fn what_is_wrong_stands_at_its_field_and_is_not_saved() {
    let latchkey = TestApp::with_fixtures().await;
    let client = client_with_refresh_tokens(&latchkey).await;
    let browser = latchkey.administrator_in_console().await;
    let before = members(&latchkey, &client).await;
    for (section, field, value, text) in [
        ("lifetimes", "access_token_lifetime", "2.5", "must be a whole number"),
        ("lifetimes", "access_token_lifetime", "4294967295", "must be a whole number"),
        ("lifetimes", "access_token_lifetime", "1441", "must be from 1 to 1440 minutes"),
        ("lifetimes", "access_token_lifetime", "0", "must be from 1 to 1440 minutes"),
        ("lifetimes", "refresh_token_lifetime", "366", "must be from 1 to 365 days"),
        ("lifetimes", "refresh_token_lifetime", "", "must be a whole number"),
        ("addresses", "allowed_ips", "203.0.113.9\n300.1.1.1", "line 2: "),
        ("redirects", "redirect_uris", "https://a.example/cb\nhttp://b.example/cb", "line 2: must use https"),
        ("grants", "grant_types", "refresh_token", "refresh_token stands beside"),
        ("grants", "grant_types", "authorization_code", "needs redirect_uris"),
        ("grants", "grant_types", "password", "must be one of"),
        ("secrets", "secret_display", "always", "must be one of"),
    ] {
        let form = part(&browser.get(&page(&client)).await.expect(200), section).with(field, value);
        let visit = browser.submit(&form).await.expect(422).expect_text(text);
        assert!(visit.text().contains(&format!("id=\"error-{field}\"")), "{field}: {value}");
        if !matches!(section, "grants" | "secrets") {
            assert_eq!(
                part(&visit, section).get(field).map(str::trim),
                Some(value),
                "what was typed is kept"
            );
        }
    }
    let none = part(&browser.get(&page(&client)).await.expect(200), "grants").without("grant_types");
    browser.submit(&none).await.expect(422).expect_text("must name at least one grant");
    let form = part(&browser.get(&page(&client)).await.expect(200), "grants");
    for wrong in
        [form.clone().without("section"), form.clone().without("version"), form.with("section", "all")]
    {
        browser.submit(&wrong).await.expect(400);
    }
    assert_eq!(members(&latchkey, &client).await, before);
}

#[tokio::test]
async fn complaint_speaks_the_unit_of_its_field_and_the_language_of_the_page() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "access_token_lifetime": 90 })).await;
    let browser = latchkey.administrator_in_console().await;
    let form = part(&browser.get(&page(&client)).await.expect(200), "lifetimes");
    assert_eq!(form.get("access_token_lifetime"), Some("90"));
    let form = form.with("access_token_lifetime", "59").with("refresh_token_lifetime", "366");
    let german = browser.request("POST", &form.action).header("sec-fetch-site", "same-origin");
    let german = german.header("accept-language", "de").form(&form.body());
    let text = browser.send(german).await.expect(422).text();
    for complaint in ["muss zwischen 60 und 86400 Sekunden liegen", "muss zwischen 1 und 365 Tagen liegen"] {
        assert!(text.contains(complaint), "{complaint}: {text}");
    }
}

#[tokio::test]
async fn settings_that_another_person_changed_are_not_overwritten_unseen() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (ann, ben) = (latchkey.administrator_in_console().await, latchkey.person_in_console("ben").await);
    let form = part(&ann.get(&page(&client)).await.expect(200), "addresses");
    let other =
        part(&ben.get(&page(&client)).await.expect(200), "addresses").with("allowed_ips", "203.0.113.9");
    ben.submit(&other).await.expect(200);
    let visit = ann.submit(&form.with("allowed_ips", "198.51.100.7")).await.expect(412);
    let visit =
        visit.expect_text("Nothing was saved.").expect_text("allowed_ips203.0.113.9").expect_text("ben@");
    let again = part(&visit, "addresses");
    assert_eq!(again.get("allowed_ips").map(str::trim), Some("198.51.100.7"), "what was typed is kept");
    assert_eq!(members(&latchkey, &client).await["allowed_ips"], json!(["203.0.113.9"]));
    ann.submit(&again).await.expect(200);
    assert_eq!(members(&latchkey, &client).await["allowed_ips"], json!(["198.51.100.7"]));
}

#[tokio::test]
async fn settings_are_for_managers_of_the_account() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.fixtures().account("T99999999").await;
    let other = latchkey.fixtures().client_with("T99999999", &json!({})).await;
    let browser = latchkey.administrator_in_console().await;
    browser.get(&page(&client)).await.expect(200).expect_text("Settings");
    browser.get(&page(&other)).await.expect(404);
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let overview = page(&client).replace("/settings", "");
    let visit = reader.sign_in_to_console(&latchkey, &email, &overview).await.expect(200);
    assert!(!visit.text().contains(&page(&client)), "no tab to what a reader cannot use");
    reader.get(&page(&client)).await.expect(403).expect_text("It needs the right clients:manage");
}
