//! The pages about members: inviting, roles, other addresses, and removing.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::console::{ADMINISTRATOR, api_commands};
use serde_json::{Value, json};

const MEMBERS: &str = "/console/accounts/T12345678/members";

async fn member(latchkey: &TestApp, email: &str) -> Value {
    let path = format!("/v1/accounts/{ACCOUNT}/members/{email}");
    latchkey.admin_request("GET", &path).await.send().await.json()
}

/// The page of a member.
async fn page_of(latchkey: &TestApp, email: &str) -> String {
    format!("{MEMBERS}/{}", member(latchkey, email).await["sub"].as_str().unwrap())
}

/// Fills in and sends the form of a new member.
async fn add(browser: &Browser, email: &str, role: &str) -> PageVisit {
    let visit = browser.get(&format!("{MEMBERS}/new")).await.expect(200);
    let form = visit.form("/members/new").with("email", email).with("name", "Ben").with("role", role);
    browser.submit(&form).await
}

#[tokio::test]
async fn invited_member_signs_in_from_the_mail_and_has_the_role() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let ben = format!("ben@{}", latchkey.mail_domain());
    add(&ann, &ben, "developer").await.expect(200).expect_text("The invitation was sent.");
    ann.get(MEMBERS).await.expect(200).expect_text("Invited").expect_text("Developer");
    let again = api_commands(&ann.get(&page_of(&latchkey, &ben).await).await.expect(200));
    assert_eq!((again.len(), latchkey.run_command(&again[0]).await), (1, 200), "invited once more");
    let mails = emails_to(&latchkey.mail_domain()).await;
    let mail = mails.iter().find(|mail| mail.to == [ben.clone()]).unwrap();
    assert!(mail.text.contains(&format!("ann@{}", latchkey.mail_domain())), "{}", mail.text);
    let link = mail.text.split("https://id.latchkey.example").nth(1).unwrap();
    let browser = Browser::new(&latchkey);
    let link = link.split_whitespace().next().unwrap();
    let visit = browser.sign_in_to_console(&latchkey, &ben, link).await.expect(200);
    assert_eq!(visit.at, format!("/console/accounts/{ACCOUNT}"));
    browser.get(&format!("/console/accounts/{ACCOUNT}/clients/new")).await.expect(200);
    browser.get(MEMBERS).await.expect(403).expect_text("It needs the right members:manage");
    assert_eq!(member(&latchkey, &ben).await["permissions"], json!(["clients:read", "clients:manage"]));
    assert_eq!(member(&latchkey, &ben).await["invited_until"], Value::Null);
}

#[tokio::test]
async fn form_that_is_sent_twice_adds_one_member_and_sends_one_mail() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let ben = format!("ben@{}", latchkey.mail_domain());
    let visit = ann.get(&format!("{MEMBERS}/new")).await.expect(200);
    let form = visit.form("/members/new").with("email", &ben).with("name", "Ben");
    for _ in 0..2 {
        ann.post(&form).await.expect(303);
    }
    let mails = emails_to(&latchkey.mail_domain()).await;
    assert_eq!(mails.iter().filter(|mail| mail.to == [ben.clone()]).count(), 1);
}

#[tokio::test]
async fn complaints_stand_at_the_fields_and_what_was_typed_is_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let visit = add(&ann, "no address", "auditor").await.expect(422);
    assert!(visit.text().contains("id=\"error-email\""), "{}", visit.text());
    assert_eq!(visit.form("/members/new").get("email"), Some("no address"));
    let own = format!("ann@{}", latchkey.mail_domain());
    add(&ann, &own, "viewer").await.expect(422).expect_text("a member has this address already");
}

#[tokio::test]
async fn rights_that_one_lacks_are_not_offered_and_not_granted() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "mia", &["clients:read", "members:manage"]).await;
    let admin = latchkey.fixtures().member_with(ACCOUNT, "ann", &ADMINISTRATOR).await;
    let mia = Browser::new(&latchkey);
    mia.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    let visit = mia.get(&format!("{MEMBERS}/new")).await.expect(200);
    visit.expect_text("Rights that you do not hold yourself you cannot give.");
    let ben = format!("ben@{}", latchkey.mail_domain());
    let refused = add(&mia, &ben, "administrator").await.expect(422);
    refused.expect_text("the caller grants a member a permission that it does not hold");
    let of_admin = page_of(&latchkey, &admin).await;
    mia.get(&of_admin).await.expect(200).expect_text("This member holds rights that you do not");
    mia.get(&format!("{of_admin}/edit")).await.expect(403);
    mia.get(&format!("{of_admin}/remove")).await.expect(403);
}

#[tokio::test]
async fn loss_of_reminders_has_to_be_accepted() {
    let latchkey = TestApp::with_fixtures().await;
    let manager = latchkey.fixtures().member_with(ACCOUNT, "dev", &["clients:manage"]).await;
    let scopes = ["members:manage", "clients:read", "clients:manage"];
    let email = latchkey.fixtures().member_with(ACCOUNT, "mia", &scopes).await;
    let path = format!("/v1/accounts/{ACCOUNT}/members/{email}");
    latchkey.admin_request("PATCH", &path).await.json(&json!({ "mail": false })).send().await.expect(200);
    let mia = Browser::new(&latchkey);
    mia.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    let of_manager = page_of(&latchkey, &manager).await;
    let visit = mia.get(&format!("{of_manager}/edit")).await.expect(200);
    let form = visit.form("/edit").without("mail");
    let asked = mia.submit(&form).await.expect(422).expect_text("No member would get e-mails");
    assert_eq!(member(&latchkey, &manager).await["mail"], true);
    mia.submit(&asked.form("/edit").without("mail").and("accepted", "yes")).await.expect(200);
    assert_eq!(member(&latchkey, &manager).await["mail"], false);
}

#[tokio::test]
async fn removal_lists_what_ends_and_ends_the_session_at_once() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let ben = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let client = latchkey.fixtures().sign_in_client().await;
    latchkey.sign_in(&client, &ben).await;
    let browser = Browser::new(&latchkey);
    browser.sign_in_to_console(&latchkey, &ben, "/console").await.expect(200);
    let page = page_of(&latchkey, &ben).await;
    let visit = ann.get(&format!("{page}/remove")).await.expect(200);
    let visit = visit.expect_text("Order portal").expect_text(&ben);
    ann.submit(&visit.form("/remove")).await.expect(200).expect_text("Removed");
    let after = browser.get(&format!("/console/accounts/{ACCOUNT}/clients")).await;
    assert_eq!(after.response.status, 403, "{}", after.text());
    ann.get(&page).await.expect(404);
}

#[tokio::test]
async fn second_tab_with_an_old_form_is_told_and_keeps_what_was_typed() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let ben = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let edit = format!("{}/edit", page_of(&latchkey, &ben).await);
    let (one, two) = (ann.get(&edit).await.expect(200), ann.get(&edit).await.expect(200));
    ann.submit(&one.form("/edit").with("name", "Benjamin")).await.expect(200);
    let visit =
        ann.submit(&two.form("/edit").with("role", "auditor").with("name", "Benny")).await.expect(412);
    let again = visit.form("/edit");
    assert_eq!(again.get("name"), Some("Benny"));
    assert_eq!(member(&latchkey, &ben).await["name"], "Benjamin");
    ann.submit(&again).await.expect(200);
    assert_eq!(member(&latchkey, &ben).await["name"], "Benny");
}

#[tokio::test]
async fn another_address_is_asked_for_and_given_up() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    let ben = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let new = format!("benjamin@{}", latchkey.mail_domain());
    let page = page_of(&latchkey, &ben).await;
    let visit = ann.get(&format!("{page}/address")).await.expect(200);
    let visit = ann.submit(&visit.form("/address").with("email", &new)).await.expect(200);
    visit.expect_text("The link was sent").expect_text(&new);
    assert_eq!(member(&latchkey, &ben).await["pending_email"]["email"], json!(new));
    let visit = ann.get(&format!("{page}/address")).await.expect(200);
    let drop = visit.find(|form| form.get("drop").is_some());
    ann.submit(&drop).await.expect(200).expect_text("The change was given up.");
    assert_eq!(member(&latchkey, &ben).await["pending_email"], Value::Null);
}

#[tokio::test]
async fn members_are_listed_by_pages() {
    let latchkey = TestApp::with_fixtures().await;
    let ann = latchkey.administrator_in_console().await;
    for number in 0..51 {
        latchkey.fixtures().member_with(ACCOUNT, &format!("b{number:02}"), &[]).await;
    }
    let first = ann.get(MEMBERS).await.expect(200).expect_text("b48@");
    assert!(!first.contains_text("b50@"));
    let text = first.text();
    let next = text.split("href=\"").find(|link| link.starts_with(&format!("{MEMBERS}?after="))).unwrap();
    let next = next.split('"').next().unwrap().to_owned();
    ann.get(&next).await.expect(200).expect_text("b50@");
}
