//! The page that shows credentials once: files, a test, and leaving it.

use crate::support::app::TestApp;
use crate::support::crypto::assertions::TestKey;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::console::{shown_id, shown_secret};
use serde_json::json;

const NEW: &str = "/console/accounts/T12345678/clients/new?template=secret";

/// The page with the credentials of a new client.
async fn credentials(browser: &Browser) -> PageVisit {
    let form = browser.get(NEW).await.expect(200).form("/clients/new").with("client_name", "Warehouse");
    browser.submit(&form.and("scope", "backoffice_api orders:read")).await.expect(200)
}

#[tokio::test]
async fn every_file_has_the_secret_and_is_an_attachment_that_nothing_stores() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = credentials(&browser).await;
    let form = visit.form("/download");
    assert_eq!(form.buttons.len(), 6);
    for (name, format) in form.buttons.clone() {
        let response = browser.post(&form.clone().with(&name, &format)).await.expect(200);
        assert!(response.text().contains(&shown_secret(&visit)), "{format}");
        assert!(response.header("content-disposition").starts_with("attachment; filename=\"lk_"), "{format}");
        assert_eq!(response.header("cache-control"), "no-store", "{format}");
    }
}

#[tokio::test]
async fn test_says_what_a_token_would_hold_or_why_there_would_be_none() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = credentials(&browser).await;
    let form = visit.form("/test");
    let tried = browser.submit(&form).await.expect(200).expect_text("The secret works.");
    let tried = tried.expect_text("\"scope\": \"orders:read\"");
    assert_eq!(shown_secret(&tried), shown_secret(&visit), "it is still there to be saved");
    let url = form.action.strip_suffix("/test").unwrap().to_owned();
    let secrets = browser.get(&url).await.expect(200);
    browser.submit(&secrets.form("/pause")).await.expect(200);
    browser.submit(&form).await.expect(200).expect_text("The secret is paused.");
    browser.submit(&secrets.form("/pause")).await;
    let foreign = credentials(&browser).await;
    let foreign = form.clone().with("client_secret", &shown_secret(&foreign));
    browser.submit(&foreign).await.expect(200).expect_text("That is not the secret of this client any more.");
    browser.submit(&form.with("client_secret", "<script>")).await.expect(400);
}

#[tokio::test]
async fn page_is_left_with_the_tick_or_after_one_reminder() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = credentials(&browser).await;
    let form = visit.form("/done");
    let ticked = browser.post(&form.clone().with("saved", "yes")).await.expect(303);
    let client = form.action.strip_suffix("/credentials/done").unwrap();
    assert_eq!(ticked.header("location"), client);
    let reminded = browser.submit(&form).await.expect(200).expect_text("Save it before you go on");
    assert_eq!(shown_secret(&reminded), shown_secret(&visit));
    let left = browser.post(&reminded.form("/done")).await.expect(303);
    assert_eq!(left.header("location"), client);
}

#[tokio::test]
async fn trying_a_secret_uses_nothing_and_needs_the_right_to_manage() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let form = credentials(&browser).await.form("/test");
    browser.submit(&form).await.expect(200);
    let url = form.action.strip_suffix("/test").unwrap();
    browser.get(url).await.expect(200).expect_text("Not used yet");
    let reader = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let other = Browser::new(&latchkey);
    let page = other.sign_in_to_console(&latchkey, &reader, url).await.expect(200);
    let token = page.forms().iter().find_map(|form| form.get("csrf_token").map(str::to_owned)).unwrap();
    let response = other.post(&form.with("csrf_token", &token)).await;
    assert_eq!(response.status, 403);
}

const KINDS: &str = "/console/accounts/T12345678/clients/new?template=";

/// Fills in the form of a kind of client and sends it.
async fn create(browser: &Browser, kind: &str, fields: &[(&str, &str)]) -> PageVisit {
    let form = browser.get(&format!("{KINDS}{kind}")).await.expect(200).form("/clients/new");
    let fields = [("client_name", "Warehouse")].iter().chain(fields);
    browser.submit(&fields.fold(form, |form, (name, value)| form.with(name, value))).await.expect(200)
}

#[tokio::test]
async fn client_of_a_platform_is_shown_with_the_claims_of_its_tokens() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let github = [
        ("owner", "acme"),
        ("repository", "shop"),
        ("context_name", "main"),
        ("audience", "https://keys.acme.example"),
    ];
    let visit = create(&browser, "workload&platform=github", &github).await;
    let visit = visit.expect_text("What the platform’s token must have");
    let claims = [
        "iss https://token.actions.githubusercontent.com",
        "sub repo:acme/shop:ref:refs/heads/main",
        "aud https://keys.acme.example",
    ];
    let credentials = format!("/console/accounts/{ACCOUNT}/clients/{}/credentials", shown_id(&visit));
    assert!(visit.text().contains(&format!("href=\"{credentials}/keys/check\"")));
    for claim in claims {
        assert!(visit.contains_text(&claim.replacen(' ', "", 1)), "{claim}: {}", visit.text());
    }
    let visit = visit.expect_text("Each reads the platform’s token from the environment (WORKLOAD_TOKEN");
    assert!(!visit.contains_text("reads the secret"), "there is none");
    for below in ["", "/keys"] {
        let visit = browser.get(&format!("{credentials}{below}")).await.expect(200);
        for claim in &claims {
            assert!(visit.contains_text(claim), "{claim} on {below}");
        }
    }
}

#[tokio::test]
async fn client_with_a_key_is_shown_with_its_thumbprint() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let key = TestKey::new("ES256");
    let visit = create(&browser, "key", &[("public_key_pem", &key.pem())]).await;
    let visit = visit.expect_text(&format!("jkt {}", key.thumbprint()));
    visit.expect_text("Each reads the private key from the environment (PRIVATE_KEY)");
}

#[tokio::test]
async fn page_that_is_loaded_again_leads_to_a_new_secret_or_to_the_one_that_can_be_shown() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    for (fields, lead, link, below) in [
        (None, "It was shown once", "Make a new secret", "/credentials/rotate"),
        (
            Some(("secret_display", "on_request")),
            "Those who hold the right to show secrets can show it again",
            "Go to its credentials",
            "/credentials",
        ),
    ] {
        let form = browser.get(NEW).await.expect(200).form("/clients/new").with("client_name", "Warehouse");
        let form = fields.into_iter().fold(form, |form, (name, value)| form.with(name, value));
        let first = browser.submit(&form).await.expect(200);
        let secret = shown_secret(&first);
        let again = browser.submit(&form).await.expect(200).expect_text(lead).expect_text(link);
        let client = format!("/console/accounts/{ACCOUNT}/clients/{}", shown_id(&first));
        let target = format!("<a class=\"button main\" href=\"{client}{below}\">{link}</a>");
        assert!(again.text().contains(&target), "{}", again.text());
        assert!(!again.text().contains(&secret), "shown once");
        assert!(!again.contains_text("revoke it"));
    }
}

#[tokio::test]
async fn page_says_which_of_several_audiences_files_and_programs_name() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey
        .fixtures()
        .resource(&json!({
            "resource_id": "invoices", "resource_name": "Invoices", "audience": "https://invoices.example.com",
            "scopes": [{ "name": "read", "description": "Read invoices" }],
        }))
        .await;
    let browser = latchkey.administrator_in_console().await;
    let words = "name the first of its APIs";
    let one = create(&browser, "secret", &[("scope", "invoices read")]).await;
    assert!(!one.contains_text(words), "there is one");
    let form = browser.get(NEW).await.expect(200).form("/clients/new").with("client_name", "Warehouse");
    let form = form.and("scope", "backoffice_api orders:read").and("scope", "invoices read");
    let both = browser.submit(&form).await.expect(200).expect_text(words);
    let path = format!("/console/accounts/{ACCOUNT}/clients/{}/use", shown_id(&both));
    browser.get(&path).await.expect(200).expect_text(words);
}
