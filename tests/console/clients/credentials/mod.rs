//! The page of a client's credentials, and what is done to one secret.

mod once;
mod reminders;

use crate::support::app::TestApp;
use crate::support::crypto::certificates::CertificateFixture;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, page_text};
use crate::support::sign_in::console::api_commands;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

fn page(client_id: &str, below: &str) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{client_id}/credentials{below}")
}

fn secret_page(client: &TestClient, action: &str) -> String {
    page(&client.client_id, &format!("/secrets/{}/{action}", client.secret_id))
}

async fn gets_token(latchkey: &TestApp, client: &TestClient) -> bool {
    latchkey.token(&client.client_id, &client.client_secret, "").await.status == 200
}

#[tokio::test]
async fn secret_is_paused_resumed_and_its_reminders_are_switched() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client.client_id, "")).await.expect(200).expect_text("Not used yet");
    let hint = &client.client_secret[client.client_secret.len() - 4..];
    let visit = visit.expect_text(&format!("Secret ending in …{hint}"));
    assert!(!visit.text().contains(&client.client_secret));
    let visit = browser.submit(&visit.form("/pause")).await.expect(200).expect_text("Paused.");
    assert!(!gets_token(&latchkey, &client).await);
    // The same button again, of a page that is older.
    let visit = browser.submit(&visit.form("/resume")).await.expect(200).expect_text("Resumed.");
    assert!(gets_token(&latchkey, &client).await);
    let visit = browser.submit(&visit.form("/mute")).await.expect(200).expect_text("Reminders are off.");
    browser.submit(&visit.form("/remind")).await.expect(200).expect_text("Reminders are on.");
    browser.get(&page(&client.client_id, "")).await.expect(200).expect_text("In use");
}

#[tokio::test]
async fn secret_in_use_is_revoked_only_by_its_last_characters_and_once() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let unused = browser.get(&secret_page(&client, "revoke")).await.expect(200).form("/revoke");
    assert_eq!(unused.get("hint"), None, "nothing is typed for a secret that nothing uses");
    assert!(gets_token(&latchkey, &client).await);
    browser.submit(&unused).await.expect(422).expect_text("Nothing was revoked.");
    assert!(gets_token(&latchkey, &client).await);
    let visit = browser.get(&secret_page(&client, "revoke")).await.expect(200);
    let visit = visit.expect_text("It is the only secret that works.");
    let hint = &client.client_secret[client.client_secret.len() - 4..];
    let form = visit.form("/revoke").with("hint", hint);
    browser.submit(&form).await.expect(200).expect_text("The secret is revoked.");
    assert!(!gets_token(&latchkey, &client).await);
    browser.submit(&form).await.expect(200).expect_text("It has no secret.");
}

#[tokio::test]
async fn secret_is_shown_again_only_where_allowed_and_after_a_recent_sign_in() {
    let mut latchkey = TestApp::with_fixtures().await;
    let once = latchkey.fixtures().client().await;
    let members = json!({ "secret_display": "on_request" });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&once.client_id, "")).await.expect(200);
    assert!(visit.forms().iter().all(|form| !form.action.ends_with("/show")));
    let form = browser.get(&page(&client.client_id, "")).await.expect(200).form("/show");
    let shown = browser.submit(&form).await.expect(200);
    assert!(shown.text().contains(&client.client_secret));
    assert_eq!(shown.response.header("cache-control"), "no-store");
    let hidden = latchkey.fixtures().member_with(ACCOUNT, "dev", &["clients:read", "clients:manage"]).await;
    let developer = Browser::new(&latchkey);
    let visit =
        developer.sign_in_to_console(&latchkey, &hidden, &page(&client.client_id, "")).await.expect(200);
    assert!(visit.forms().iter().all(|form| !form.action.ends_with("/show")));
    latchkey.advance(SignedDuration::from_mins(11));
    let response = browser.post(&form).await.expect(303);
    assert!(response.header("location").starts_with("/console/confirm?to="), "{response:?}");
    assert!(response.header("location").ends_with("credentials"), "to a page: {response:?}");
}

#[tokio::test]
async fn reader_sees_credentials_and_can_change_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let administrator = latchkey.administrator_in_console().await;
    let visit = administrator.get(&page(&client.client_id, "")).await.expect(200);
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let path = page(&client.client_id, "");
    let own =
        reader.sign_in_to_console(&latchkey, &email, &path).await.expect(200).expect_text("Not used yet");
    assert_eq!(own.forms().len(), 1, "the form that signs out: {:?}", own.forms());
    let rotate = reader.get(&page(&client.client_id, "/rotate")).await.expect(200);
    rotate.expect_text("needs the right clients:manage");
    reader.get(&page(&client.client_id, "/leaked")).await.expect(403);
    reader.get(&secret_page(&client, "revoke")).await.expect(403);
    // A form of another session has another token; what its fields would do is refused before.
    reader.post(&visit.form("/pause")).await.expect(403);
    assert!(gets_token(&latchkey, &client).await);
}

#[tokio::test]
async fn client_of_another_account_is_not_found_on_any_page() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T99999999").await;
    let other = latchkey.fixtures().client_with("T99999999", &json!({})).await;
    let browser = latchkey.administrator_in_console().await;
    for below in ["", "/rotate", "/leaked"] {
        browser.get(&page(&other.client_id, below)).await.expect(404);
    }
    browser.get(&secret_page(&other, "revoke")).await.expect(404);
}

#[tokio::test]
async fn keys_and_platforms_are_listed_and_take_no_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let identity = json!({
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:acme/orders:ref:refs/heads/main",
        "audience": "https://auth.example.com",
    });
    let members =
        json!({ "token_endpoint_auth_method": "private_key_jwt", "federated_identities": [identity] });
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let mut body = members.clone();
    body["client_name"] = json!("Deploy");
    let created = latchkey.admin_request("POST", &path).await.json(&body).send().await.expect(201);
    let client_id = created.string("client_id");
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client_id, "")).await.expect(200);
    let visit = visit.expect_text("Workload identity").expect_text("repo:acme/orders:ref:refs/heads/main");
    let visit = visit.expect_text("Signs in with: GitHub Actions");
    assert!(!visit.contains_text("A secret still counts"));
    assert!(!visit.text().contains("/credentials/rotate"));
    let visit = browser.get(&page(&client_id, "/rotate")).await.expect(200);
    assert_eq!(visit.at, page(&client_id, ""));
}

#[tokio::test]
async fn certificate_is_shown_with_subject_thumbprint_and_end() {
    let latchkey = TestApp::with_fixtures().await;
    let ends = latchkey.now().checked_add(SignedDuration::from_hours(24 * 40)).unwrap();
    let ends = ends.to_zoned(TimeZone::UTC).date();
    let certificate = CertificateFixture::expiring_on(ends);
    let clients = format!("/v1/accounts/{ACCOUNT}/clients");
    let body = json!({
        "client_name": "Order sync", "token_endpoint_auth_method": "private_key_jwt", "public_key_pem": certificate.pem,
        "permissions": [{ "resource": "backoffice_api" }],
    });
    let created = latchkey.admin_request("POST", &clients).await.json(&body).send().await.expect(201).json();
    let credential = &created["credentials"][0];
    let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).expect("a text").to_owned();
    let (subject, thumbprint) = (text(&credential["subject"]), text(&credential["thumbprint"]));
    let account = format!("/console/accounts/{ACCOUNT}");
    let credentials = page(&text(&created["client_id"]), "");
    let browser = latchkey.administrator_in_console().await;
    let keys = browser.get(&format!("{credentials}/keys")).await.expect(200).text();
    let remove = keys.split("/keys/remove/").nth(1).expect("a link").split('"').next().unwrap();
    let remove = format!("{credentials}/keys/remove/{remove}");
    let end = format!("{ends} 00:00 UTC");
    for (path, known_by) in [
        (credentials.clone(), [&subject, &thumbprint, &end]),
        (format!("{credentials}/keys"), [&subject, &thumbprint, &end]),
        (remove, [&subject, &thumbprint, &end]),
        // What new keys replace.
        (format!("{credentials}/keys/upload"), [&subject, &thumbprint, &thumbprint]),
        // The beginning of the thumbprint tells it from others of the client.
        (format!("{account}/expiries?days=90"), [&subject, &thumbprint[..8].to_owned(), &end]),
    ] {
        let visit = browser.get(&path).await.expect(200);
        let words = page_text(&visit.text());
        for fact in known_by {
            assert!(words.contains(fact.as_str()), "{fact} is not on {path}: {words}");
        }
    }
}

#[tokio::test]
async fn pause_says_what_it_does_and_that_no_other_secret_works() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let only = "since it is the only secret that works, your programs get no tokens until you resume it";
    let visit = browser.get(&page(&client.client_id, "")).await.expect(200).expect_text(only);
    assert!(visit.text().contains("aria-describedby=\"secret-1 pause-1\">Pause<"), "{}", visit.text());
    assert!(!visit.text().contains("badge off"), "a badge has one icon");
    let added = format!("{}/secrets", client.path());
    latchkey.admin_request("POST", &added).await.json(&json!({})).send().await.expect(201);
    let visit = browser.get(&page(&client.client_id, "")).await.expect(200);
    assert!(!visit.contains_text(only));
    let visit = visit.expect_text("Pausing is reversible: it stops at once");
    browser.submit(&visit.form("/pause")).await.expect(200).expect_text(only);
}

#[tokio::test]
async fn secret_leads_to_who_created_it_for_those_who_may_read_the_audit_trail() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let path = format!("/console/accounts/{ACCOUNT}/audit?client={}&what=secrets", client.client_id);
    let link = format!("href=\"{}\">Who created it", path.replace('&', "&#38;"));
    let visit = browser.get(&page(&client.client_id, "")).await.expect(200);
    assert!(visit.text().contains(&link), "{}", visit.text());
    let added = format!("{}/secrets", client.path());
    latchkey.admin_request("POST", &added).await.json(&json!({})).send().await.expect(201);
    browser.get(&path).await.expect(200).expect_text("Order sync");
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let own = reader.sign_in_to_console(&latchkey, &email, &page(&client.client_id, "")).await.expect(200);
    assert!(!own.contains_text("Who created it"));
}

#[tokio::test]
async fn public_client_has_nothing_that_ends_and_no_reminders() {
    let latchkey = TestApp::with_fixtures().await;
    let members = json!({ "token_endpoint_auth_method": "none" });
    let client = latchkey.fixtures().sign_in_client_with(&members).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page(&client.client_id, "")).await.expect(200);
    let visit = visit.expect_text("A public client has none");
    for words in ["Reminders go to", "It has no key", "Keys and platforms"] {
        assert!(!visit.contains_text(words), "{words}");
    }
}

#[tokio::test]
async fn command_of_the_page_revokes_the_secret() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&secret_page(&client, "revoke")).await.expect(200);
    let [command] = &api_commands(&visit)[..] else { panic!("one command") };
    assert_eq!(latchkey.run_command(command).await, 204);
    assert!(!gets_token(&latchkey, &client).await);
}
