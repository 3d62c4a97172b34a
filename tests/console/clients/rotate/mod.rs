//! Replacing a secret in a browser: from the link of a reminder to the end of the old one.

mod form;

use crate::support::app::{ISSUER, TestApp};
use crate::support::emails::emails_to;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, Form, PageVisit};
use crate::support::sign_in::console::{ADMINISTRATOR, api_commands, shown_secret};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};
use serde_json::json;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn page(client: &TestClient, below: &str) -> String {
    format!("/console/accounts/{ACCOUNT}/clients/{}/credentials{below}", client.client_id)
}

/// The form of a new secret, which ends on the first of the days that are offered.
fn filled(form: Form) -> Form {
    let first = form.first_choice("ends").to_owned();
    form.with("ends", &first)
}

async fn add(browser: &Browser, client: &TestClient) -> String {
    let visit = browser.get(&page(client, "/rotate")).await.expect(200);
    shown_secret(&browser.submit(&filled(visit.form("/rotate"))).await.expect(200))
}

async fn works(latchkey: &TestApp, client: &TestClient, secret: &str) -> bool {
    latchkey.token(&client.client_id, secret, "").await.status == 200
}

#[tokio::test]
async fn reminder_leads_to_a_rotation_in_which_neither_secret_is_refused() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &ADMINISTRATOR).await;
    latchkey.advance(DAY * 77);
    latchkey.run_job().await;
    let mails = emails_to(email.split_once('@').unwrap().1).await;
    let link = mails[0].text.split_whitespace().find(|word| word.ends_with("/credentials/rotate"));
    let path = link.expect("a link").strip_prefix(ISSUER).expect("of the console").to_owned();
    assert_eq!(path, page(&client, "/rotate"));

    let old = client.client_secret.clone();
    assert!(works(&latchkey, &client, &old).await);
    let browser = Browser::new(&latchkey);
    let visit = browser.sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    assert_eq!(visit.at, path, "the sign-in leads to the page of the mail");
    let visit = visit.expect_text("Add a second secret").expect_text("Nothing breaks");
    let visit = browser.submit(&filled(visit.form("/rotate"))).await.expect(200);
    let new = shown_secret(&visit);
    let next = browser.get(&path).await.expect(200).expect_text("was not used yet");
    assert!(!next.text().contains(&new), "shown once");
    assert!(works(&latchkey, &client, &old).await && works(&latchkey, &client, &new).await);
    browser.get(&path).await.expect(200).expect_text("Some of your programs still use the old secret");

    latchkey.advance(DAY * 2);
    assert!(works(&latchkey, &client, &new).await);
    let browser = Browser::new(&latchkey);
    let visit = browser.sign_in_to_console(&latchkey, &email, &path).await.expect(200);
    let visit = visit.expect_text("It is safe to end it.");
    let visit = browser.submit(&visit.form("/pause")).await.expect(200).expect_text("is paused.");
    assert!(works(&latchkey, &client, &new).await && !works(&latchkey, &client, &old).await);
    let visit = visit.expect_text("Resume");
    let visit = browser.submit(&visit.form("/resume")).await.expect(200).expect_text("Resumed.");
    assert!(works(&latchkey, &client, &old).await, "pausing can be taken back");
    let visit = browser.submit(&visit.form("/pause")).await.expect(200);
    assert!(!works(&latchkey, &client, &old).await);
    browser.submit(&visit.form("/resume")).await.expect(200);

    let revoke = format!("/secrets/{}/revoke", client.secret_id);
    let visit = browser.get(&page(&client, &revoke)).await.expect(200);
    let hint = &old[old.len() - 4..];
    browser.submit(&visit.form("/revoke").with("hint", hint)).await.expect(200);
    assert!(works(&latchkey, &client, &new).await && !works(&latchkey, &client, &old).await);
    browser.get(&path).await.expect(200).expect_text("Add a second secret");
}

#[tokio::test]
async fn program_that_still_holds_the_paused_secret_is_told_of() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let new = add(&browser, &client).await;
    assert!(works(&latchkey, &client, &new).await);
    let visit = browser.get(&page(&client, "/rotate")).await.expect(200);
    let visit = browser.submit(&visit.form("/pause")).await.expect(200);
    let visit = visit.expect_text("If nothing has missed it in a day");
    assert!(!works(&latchkey, &client, &client.client_secret).await);
    let again = browser.get(&page(&client, "/rotate")).await.expect(200);
    again.expect_text("A program tried the paused secret");
    assert_eq!(visit.at.split('?').next(), Some(page(&client, "/rotate").as_str()), "stays on the page");
}

#[tokio::test]
async fn old_secret_can_end_earlier_and_not_later() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    add(&browser, &client).await;
    let visit = browser.get(&page(&client, "/rotate")).await.expect(200);
    let form = visit.form("/end");
    let days: Vec<_> = form.buttons.iter().map(|(_, day)| day.clone()).collect();
    assert_eq!(days.len(), 2, "tomorrow and in a week");
    browser.submit(&form.clone().with("on", "2099-01-01")).await.expect(422);
    browser.submit(&form.clone().with("on", "soon")).await.expect(400);
    let visit = browser.submit(&form.with("on", &days[0])).await.expect(200);
    let visit = visit.expect_text("It ends on that day.").expect_text(&format!("{} 23:59 UTC", days[0]));
    assert!(visit.forms().iter().all(|form| !form.action.ends_with("/end")), "nothing earlier is left");
}

#[tokio::test]
async fn third_secret_replaces_the_one_that_is_chosen() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let lost = add(&browser, &client).await;
    assert!(works(&latchkey, &client, &lost).await);
    let visit = browser.get(&page(&client, "/rotate")).await.expect(200);
    let hint = &lost[lost.len() - 4..];
    let visit = visit.expect_text(&format!("Last characters…{hint}"));
    let visit =
        visit.expect_text(&format!("The newest, …{hint} (last used: today). What uses it will break."));
    let choice = visit.find(|form| form.choices.iter().any(|(name, _)| name == "replace"));
    assert_eq!(choice.get("replace"), None, "there is no default");
    let newest = choice.first_choice("replace").to_owned();
    let visit = browser.get(&page(&client, &format!("/rotate?replace={newest}"))).await.expect(200);
    let visit = visit.expect_text(&format!("Replace …{}", &lost[lost.len() - 4..]));
    let visit = browser.submit(&filled(visit.form("/rotate"))).await.expect(200);
    let third = shown_secret(&visit);
    assert!(!works(&latchkey, &client, &lost).await);
    assert!(works(&latchkey, &client, &third).await);
    assert!(works(&latchkey, &client, &client.client_secret).await);
}

#[tokio::test]
async fn new_secret_that_is_paused_is_resumed_before_the_old_one_ends() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let new = add(&browser, &client).await;
    let visit = browser.get(&page(&client, "")).await.expect(200);
    let newest =
        visit.find(|form| form.action.ends_with("/pause") && !form.action.contains(&client.secret_id));
    browser.submit(&newest).await.expect(200).expect_text("Paused.");
    let visit = browser.get(&page(&client, "/rotate")).await.expect(200);
    let visit = visit.expect_text("It is the only secret that works. Resume the new one first");
    assert!(!visit.contains_text("Recommended"), "nothing would be left that works");
    let visit = visit.expect_text(&format!("Resume …{}", &new[new.len() - 4..]));
    let resume = visit.find(|form| form.action == newest.action.replace("/pause", "/resume"));
    let visit = browser.submit(&resume).await.expect(200).expect_text("Resumed.");
    assert!(works(&latchkey, &client, &new).await);
    assert_eq!(visit.at.split('?').next(), Some(page(&client, "/rotate").as_str()), "stays on the page");
    let visit = visit.expect_text("Recommended");
    assert!(!visit.contains_text("It is the only secret that works"));
}

#[tokio::test]
async fn commands_of_the_pages_add_pause_and_end_secrets_as_their_buttons_do() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let add = api_commands(&browser.get(&page(&client, "/rotate")).await.expect(200));
    assert_eq!(add[0].body.as_ref().unwrap()["remind"], true, "{add:?}");
    assert_eq!((add.len(), latchkey.run_command(&add[0]).await), (1, 201));
    let end = browser.get(&page(&client, "/rotate")).await.expect(200);
    let newest = end.find(|form| form.choices.iter().any(|(name, _)| name == "replace"));
    let newest = newest.first_choice("replace").to_owned();
    let replace = browser.get(&page(&client, &format!("/rotate?replace={newest}"))).await.expect(200);
    let replace = api_commands(&replace);
    assert_eq!(replace[0].body.as_ref().unwrap()["replace"], newest, "{replace:?}");
    assert_eq!((replace.len(), latchkey.run_command(&replace[0]).await), (1, 201));
    let end = api_commands(&end);
    assert_eq!((end.len(), latchkey.run_command(&end[0]).await), (2, 200));
    assert!(!works(&latchkey, &client, &client.client_secret).await, "it is paused");
    assert_eq!(latchkey.run_command(&end[1]).await, 204);
    let leaked = api_commands(&browser.get(&page(&client, "/leaked")).await.expect(200));
    assert_eq!(leaked[0].body.as_ref().unwrap()["replace"], "all", "{leaked:?}");
    assert_eq!(latchkey.run_command(&leaked[0]).await, 201);
    let revoked = latchkey.run_command(&leaked[1]).await;
    assert!((200..300).contains(&revoked), "{revoked}");
}

#[tokio::test]
async fn secret_is_added_only_after_a_recent_sign_in() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let form = filled(browser.get(&page(&client, "/rotate")).await.expect(200).form("/rotate"));
    latchkey.advance(SignedDuration::from_mins(11));
    let visit = browser.get(&page(&client, "/rotate")).await.expect(200).expect_text("Confirm who I am");
    assert!(visit.forms().iter().all(|form| !form.action.ends_with("/rotate")));
    let response = browser.post(&form).await.expect(303);
    assert!(response.header("location").starts_with("/console/confirm?to="), "{response:?}");
}

#[tokio::test]
async fn leaked_secret_is_replaced_at_once_with_its_tokens() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let browser = latchkey.administrator_in_console().await;
    let second = add(&browser, &client).await;
    let audit = format!("/v1/accounts/{ACCOUNT}/audit");
    let form = browser.get(&page(&client, "/leaked")).await.expect(200).form("/leaked");
    browser
        .submit(&form.clone().with("name", "Order"))
        .await
        .expect(422)
        .expect_text("Nothing was replaced.");
    assert!(works(&latchkey, &client, &second).await);
    let before = latchkey.admin_request("GET", &audit).await.send().await.expect(200);
    assert!(!before.text().contains("client.tokens_revoked"));
    let visit = browser.submit(&form.clone().with("name", "Order sync")).await.expect(200);
    let secret = shown_secret(&visit);
    for revoked in [&client.client_secret, &second] {
        assert!(!works(&latchkey, &client, revoked).await);
    }
    assert!(works(&latchkey, &client, &secret).await);
    let after = latchkey.admin_request("GET", &audit).await.send().await.expect(200);
    assert!(after.text().contains("client.tokens_revoked"));
    assert!(!after.text().contains(&secret), "no value is in the audit");
    let again = browser.submit(&form.with("name", "Order sync")).await.expect(200);
    again.expect_text("The secret was shown already");
    assert!(works(&latchkey, &client, &secret).await, "the same form replaces it once");
}
