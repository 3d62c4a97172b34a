//! The first page of an account.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use jiff::SignedDuration;
use serde_json::json;
use shared::domain::client::client_secret::ClientSecret;

#[tokio::test]
async fn overview_counts_what_needs_attention_and_shows_what_ends_next() {
    let mut latchkey = TestApp::with_fixtures().await;
    let soon = latchkey.now().checked_add(SignedDuration::from_hours(24 * 3)).unwrap().to_string();
    let ending = json!({ "client_name": "Ending", "secret": { "expires_on": &soon[..10] } });
    latchkey.fixtures().client_with(ACCOUNT, &ending).await;
    latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Later" })).await;
    let off = json!({ "client_name": "Former import", "status": "disabled" });
    latchkey.fixtures().client_with(ACCOUNT, &off).await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(200);
    let visit = visit.expect_text("No permissions 2").expect_text("Secret ends soon 1");
    assert!(!visit.contains_text("Former import"), "a disabled client needs no attention");
    let text = visit.text();
    assert!(text.find("Ending").unwrap() < text.find("Later").unwrap(), "the first to end comes first");
    let list = browser.get(&format!("/console/accounts/{ACCOUNT}/clients?attention=secret_expiring")).await;
    assert!(list.contains_text("Ending") && !list.contains_text("Later"));
    latchkey.advance(SignedDuration::from_hours(24 * 4));
    let browser = latchkey.person_in_console("ben").await;
    let text = browser.get(&format!("/console/accounts/{ACCOUNT}")).await.expect(200).text();
    assert!(
        text.find("Secret has ended").unwrap() < text.find("No permissions").unwrap(),
        "worst first: {text}"
    );
    let list = browser.get(&format!("/console/accounts/{ACCOUNT}/clients")).await.expect(200);
    assert!(list.expect_text("Its secret ended").contains_text(" ago +1"), "and it has no permissions");
}

#[tokio::test]
async fn overview_offers_what_a_program_needs_to_be_copied_and_the_pages_in_their_order() {
    let latchkey = TestApp::with_fixtures().await;
    let path = format!("/console/accounts/{ACCOUNT}");
    let visit = latchkey.administrator_in_console().await.get(&path).await.expect(200);
    let visit = visit.expect_text("OverviewAPI clientsExpiryAPIsMembersAuditSettings");
    for (name, value) in [
        ("Token URL", format!("{ISSUER}/oauth/token")),
        ("Public keys", format!("{ISSUER}/.well-known/jwks.json")),
        ("Issuer", ISSUER.to_owned()),
    ] {
        let button = format!("data-copy=\"{value}\" aria-label=\"Copy {name}\"");
        assert!(visit.text().contains(&button), "{button}: {}", visit.text());
    }
}

#[tokio::test]
async fn overview_shows_which_clients_were_refused_and_where_to_renew_what_ends() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "client_name": "Order sync" })).await;
    let path = format!("/console/accounts/{ACCOUNT}");
    let browser = latchkey.administrator_in_console().await;
    browser.get(&path).await.expect(200).expect_text("No client was refused.");
    latchkey
        .token(&client.client_id, ClientSecret::from_random_bytes([9; 32]).expose(), "")
        .await
        .expect(401);
    let visit = browser.get(&path).await.expect(200).expect_text("Order syncA wrong secret");
    assert!(visit.text().contains(&format!("{path}/clients/{}/activity", client.client_id)));
    let hint = &client.client_secret[client.client_secret.len() - 4..];
    let visit = visit.expect_text(&format!("Secret …{hint}"));
    assert!(visit.text().contains(&format!("{path}/clients/{}/credentials/rotate", client.client_id)));
    let disable = format!("/v1{}/clients/{}/disable", &path["/console".len()..], client.client_id);
    latchkey.admin_request("POST", &disable).await.send().await.expect(200);
    browser.get(&path).await.expect(200).expect_text("Order syncA wrong secret");
    latchkey.advance(SignedDuration::from_hours(25));
    let browser = latchkey.person_in_console("ben").await;
    browser.get(&path).await.expect(200).expect_text("No client was refused.");
}

#[tokio::test]
async fn account_without_clients_is_led_to_the_forms_of_its_first_one() {
    let latchkey = TestApp::with_fixtures().await;
    let template = json!({ "template_id": "checkout", "title": "Checkout client", "asked": ["client_name"] });
    latchkey.admin_request("POST", "/v1/templates").await.json(&template).send().await.expect(201);
    let path = format!("/console/accounts/{ACCOUNT}");
    let browser = latchkey.administrator_in_console().await;
    for page in [path.clone(), format!("{path}/clients")] {
        let visit = browser.get(&page).await.expect(200).expect_text("Choose below what your program is");
        let visit = visit.expect_text("Checkout client").expect_text("A program with a secret");
        for link in ["/console/help", "/clients/new?template=checkout", "/clients/new?template=secret"] {
            assert!(visit.text().contains(&format!("{link}\"")), "{page}: {link}");
        }
    }
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let visit = Browser::new(&latchkey).sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    assert!(!visit.contains_text("Checkout client"), "a reader can create none");
    visit.expect_text("Members with the right clients:manage create them.");
}

#[tokio::test]
async fn account_with_disabled_clients_only_is_not_told_that_it_has_none() {
    let latchkey = TestApp::with_fixtures().await;
    let off = json!({ "client_name": "Former import", "status": "disabled" });
    latchkey.fixtures().client_with(ACCOUNT, &off).await;
    let path = format!("/console/accounts/{ACCOUNT}");
    let visit = latchkey.administrator_in_console().await.get(&path).await.expect(200);
    let visit = visit.expect_text("No API client is active. 1 disabled client is hidden. Show them");
    assert!(!visit.contains_text("No API clients yet") && !visit.contains_text("Choose below"));
}

#[tokio::test]
async fn overview_says_if_no_one_gets_mail_about_what_ends() {
    const WORDS: &str = "No one here gets e-mails before something ends";
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let path = format!("/console/accounts/{ACCOUNT}");
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    let visit = reader.sign_in_to_console(&latchkey, &email, &path).await.expect(200).expect_text(WORDS);
    visit.expect_text("Whoever manages the members of this account can add someone.");
    for (name, scopes, link) in [
        ("cara", ["clients:read", "members:manage"], format!("{path}/members/new\">Add someone</a>")),
        ("dan", ["clients:read", "clients:manage"], "/console/me\">Get them yourself</a>".to_owned()),
    ] {
        let email = latchkey.fixtures().member_with(ACCOUNT, name, &scopes).await;
        let (member, silent) = (
            format!("/v1{path}/members/{email}", path = path.trim_start_matches("/console")),
            json!({ "mail": false }),
        );
        latchkey.admin_request("PATCH", &member).await.json(&silent).send().await.expect(200);
        let browser = Browser::new(&latchkey);
        let visit = browser.sign_in_to_console(&latchkey, &email, &path).await.expect(200).expect_text(WORDS);
        assert!(visit.text().contains(&link), "{link}: {}", visit.text());
    }
    let contacts = json!({ "contacts": ["ops@acme.example"] });
    latchkey.admin_request("PATCH", &client.path()).await.json(&contacts).send().await.expect(200);
    assert!(!reader.get(&path).await.expect(200).contains_text(WORDS));
    let none = json!({ "contacts": [] });
    latchkey.admin_request("PATCH", &client.path()).await.json(&none).send().await.expect(200);
    reader.get(&path).await.expect(200).expect_text(WORDS);
    latchkey.administrator_in_console().await.get(&path).await.expect(200);
    assert!(!reader.get(&path).await.expect(200).contains_text(WORDS), "a manager has joined");
}
