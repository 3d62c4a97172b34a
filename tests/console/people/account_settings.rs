//! The settings of an account: each part is saved by itself.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use crate::support::sign_in::console::shown_secret;
use serde_json::{Value, json};

const SETTINGS: &str = "/console/accounts/T12345678/settings";

async fn account(latchkey: &TestApp) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("GET", &path).await.send().await.expect(200).json()
}

/// The form of one part of the page.
fn part(visit: &PageVisit, name: &str) -> Form {
    visit.find(|form| form.get("section") == Some(name))
}

/// What is left of the choices of an end, as days from today.
fn offered(visit: &PageVisit) -> Vec<String> {
    let form = visit.find(|form| form.choices.iter().any(|(name, _)| name == "ends"));
    let ends = form.choices.into_iter().filter(|(name, value)| name == "ends" && value != "other");
    ends.map(|(_, value)| value).collect()
}

#[tokio::test]
async fn administrator_changes_name_and_language_and_sees_the_limits() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let visit = ann.get(SETTINGS).await.expect(200).expect_text("1 of 200").expect_text("0 of 500");
    let form = part(&visit, "name").with("account_name", "Acme Europe").with("locale", "de");
    ann.submit(&form).await.expect(200).expect_text("The settings are saved.").expect_text("Acme Europe");
    let stored = account(&latchkey).await;
    assert_eq!(
        (stored["account_name"].as_str(), stored["locale"].as_str()),
        (Some("Acme Europe"), Some("de"))
    );
}

#[tokio::test]
async fn contacts_are_saved_without_the_other_parts_and_named_where_reminders_go() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let ann = latchkey.administrator_in_console().await;
    let visit = ann.get(SETTINGS).await.expect(200);
    let bad = part(&visit, "contacts").with("contacts", "ops@acme.example\r\n\r\nnobody");
    let visit = ann.submit(&bad).await.expect(422).expect_text("line 3: must be an e-mail address");
    let form = part(&visit, "contacts");
    assert_eq!(form.get("contacts"), Some("ops@acme.example\r\n\r\nnobody"), "what was typed is kept");
    let form = form.with("contacts", "ops@acme.example\r\nops@acme.example\r\n");
    ann.submit(&form).await.expect(200).expect_text("The settings are saved.");
    let stored = account(&latchkey).await;
    assert_eq!(
        (&stored["contacts"], &stored["account_name"]),
        (&json!(["ops@acme.example"]), &json!("Account T12345678"))
    );
    let page = format!("/console/accounts/{ACCOUNT}/clients/{}/credentials", client.client_id);
    ann.get(&page).await.expect(200).expect_text("ops@acme.example");
    let audit = ann.get(&format!("/console/accounts/{ACCOUNT}/audit")).await.expect(200);
    audit.expect_text("changed the account").expect_text("contacts").expect_text("ops@acme.example");
}

#[tokio::test]
async fn reader_is_not_warned_where_the_account_has_contacts() {
    const WORDS: &str = "No one here gets e-mails before something ends";
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    let path = format!("/console/accounts/{ACCOUNT}");
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let reader = Browser::new(&latchkey);
    reader.sign_in_to_console(&latchkey, &email, &path).await.expect(200).expect_text(WORDS);
    let contacts = json!({ "contacts": ["ops@acme.example"] });
    let account = format!("/v1/accounts/{ACCOUNT}");
    latchkey.admin_request("PATCH", &account).await.json(&contacts).send().await.expect(200);
    assert!(!reader.get(&path).await.expect(200).contains_text(WORDS));
}

#[tokio::test]
async fn last_member_with_reminders_may_go_where_the_account_has_contacts() {
    let latchkey = TestApp::with_fixtures().await;
    let scopes = ["members:manage", "clients:read", "clients:manage"];
    let mia = latchkey.fixtures().member_with(ACCOUNT, "mia", &scopes).await;
    let dev = latchkey.fixtures().member_with(ACCOUNT, "dev", &["clients:manage"]).await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    let silent = latchkey.admin_request("PATCH", &format!("{account}/members/{mia}")).await;
    silent.json(&json!({ "mail": false })).send().await.expect(200);
    let member = latchkey.admin_request("GET", &format!("{account}/members/{dev}")).await.send().await;
    let sub = member.expect(200).string("sub");
    let remove = format!("/console/accounts/{ACCOUNT}/members/{sub}/remove");
    let browser = Browser::new(&latchkey);
    let visit = browser.sign_in_to_console(&latchkey, &mia, &remove).await.expect(200);
    visit.expect_text("No member would get e-mails");
    for (contact, is_warned) in [(mia.as_str(), true), ("ops@acme.example", false)] {
        let contacts = json!({ "contacts": [contact] });
        latchkey.admin_request("PATCH", &account).await.json(&contacts).send().await.expect(200);
        let visit = browser.get(&remove).await.expect(200);
        assert_eq!(visit.contains_text("No member would get e-mails"), is_warned, "{contact}");
    }
}

#[tokio::test]
async fn lifetimes_act_on_the_ends_that_are_offered() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let ann = latchkey.administrator_in_console().await;
    let clients = format!("/console/accounts/{ACCOUNT}/clients");
    let forms = [
        format!("{clients}/new?template=secret"),
        format!("{clients}/{}/credentials/rotate", client.client_id),
        format!("{clients}/{}/duplicate", client.client_id),
    ];
    for form in &forms {
        assert_eq!(offered(&ann.get(form).await.expect(200)).len(), 4, "30, 90, 180 and 365 days: {form}");
    }
    let visit =
        ann.get(SETTINGS).await.expect(200).expect_text("Empty: 90 days").expect_text("24 calendar months");
    let bad = part(&visit, "secrets").with("default", "61").with("max", "60");
    let visit = ann.submit(&bad).await.expect(422).expect_text("must be 60 or less, which is the most");
    let visit = ann.submit(&part(&visit, "secrets").with("default", "x")).await.expect(422);
    let visit = visit.expect_text("must be a whole number");
    let form = part(&visit, "secrets").with("default", "45").with("max", "60");
    ann.submit(&form).await.expect(200).expect_text("The settings are saved.");
    assert_eq!(account(&latchkey).await["secret_lifetime_days"], json!({ "default": 45, "max": 60 }));
    for form in &forms {
        let visit = ann.get(form).await.expect(200);
        assert_eq!(offered(&visit).len(), 2, "30 and 45 days: {form}");
        let chosen = visit.find(|form| form.choices.iter().any(|(name, _)| name == "ends"));
        if !form.ends_with("duplicate") {
            assert_eq!(
                chosen.get("ends"),
                Some(offered(&visit)[1].as_str()),
                "the default is chosen: {form}"
            );
        }
    }
    let visit = ann.get(&forms[1]).await.expect(200);
    let form = visit.form("/rotate").with("ends", "other").with("ends_on", "2999-01-01");
    let visit = ann.submit(&form).await.expect(422).expect_text("of the account allows 60 days");
    let end = offered(&visit)[1].clone();
    shown_secret(&ann.submit(&visit.form("/rotate").with("ends", &end)).await.expect(200));
    let visit = ann.get(SETTINGS).await.expect(200);
    let form = part(&visit, "secrets").with("default", "").with("max", "");
    ann.submit(&form).await.expect(200);
    assert_eq!(account(&latchkey).await["secret_lifetime_days"], json!({ "default": null, "max": null }));
}

#[tokio::test]
async fn second_tab_with_old_settings_is_told_and_a_bad_name_is_complained_about() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let (one, two) = (ann.get(SETTINGS).await.expect(200), ann.get(SETTINGS).await.expect(200));
    ann.submit(&part(&one, "name").with("account_name", "First")).await.expect(200);
    let visit = ann.submit(&part(&two, "name").with("account_name", "Second")).await.expect(412);
    let visit = visit.expect_text("Nothing was saved").expect_text("First");
    assert_eq!(account(&latchkey).await["account_name"], "First");
    let visit = ann.submit(&part(&visit, "name").with("account_name", "")).await.expect(422);
    assert!(visit.text().contains("id=\"error-account_name\""), "{}", visit.text());
    ann.submit(&part(&visit, "name").with("account_name", "Second")).await.expect(200);
    assert_eq!(account(&latchkey).await["account_name"], "Second");
}

#[tokio::test]
async fn contacts_that_get_no_mails_are_shown() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let visit = ann.get(SETTINGS).await.expect(200);
    let ops = format!("ops@{}", latchkey.mail_domain());
    let visit = ann.submit(&part(&visit, "contacts").with("contacts", &ops)).await.expect(200);
    assert!(!visit.contains_text("These get no mails"));
    latchkey.stop_mail(&ops).await;
    ann.get(SETTINGS).await.expect(200).expect_text("These get no mails");
}
