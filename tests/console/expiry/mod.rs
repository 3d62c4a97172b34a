//! What ends: the picture, the table, and the calendars.

mod calendar;
mod year;

use crate::support::app::TestApp;
use crate::support::fixtures::{ACCOUNT, TestClient};
use jiff::SignedDuration;
use serde_json::{Value, json};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn page() -> String {
    format!("/console/accounts/{ACCOUNT}/expiries")
}

fn in_days(latchkey: &TestApp, days: i64) -> String {
    latchkey.now().checked_add(DAY * i32::try_from(days).unwrap()).unwrap().to_string()[..10].to_owned()
}

async fn ending(latchkey: &TestApp, name: &str, days: i64, more: &Value) -> TestClient {
    let mut members = json!({
        "client_name": name, "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read"] }],
        "secret": { "expires_on": in_days(latchkey, days) },
    });
    members.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    latchkey.fixtures().client_with(ACCOUNT, &members).await
}

#[tokio::test]
async fn table_and_picture_say_what_ends_soonest_first() {
    let latchkey = TestApp::with_fixtures().await;
    ending(&latchkey, "Later <b>", 80, &json!({})).await;
    let soon = ending(&latchkey, "Soon", 20, &json!({ "contacts": ["ops@acme.example"] })).await;
    let year = ending(&latchkey, "Next year", 200, &json!({})).await;
    latchkey.token(&soon.client_id, &soon.client_secret, "").await.expect(200);
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page()).await.expect(200);
    let text = visit.text();
    let (first, second) = (text.find(">Soon<"), text.find("Later &#60;b&#62;"));
    assert!(first.is_some() && first < second, "the soonest end comes first, and names are no markup");
    assert!(!visit.contains_text("Next year"));
    let hint = &soon.client_secret[soon.client_secret.len() - 4..];
    let visit =
        visit.expect_text(&format!("Secret …{hint}")).expect_text("In use").expect_text("ops@acme.example");
    assert!(text.contains("role=\"img\"") && text.contains("2 secrets and certificates end"), "{text}");
    let description = format!("In the next 90 days. The first: Secret …{hint} of Soon");
    assert!(visit.contains_text(&description), "{text}");
    assert!(!text.contains(" style=\""), "the policy of the page forbids it");
    assert!(text.contains(&format!("/clients/{}/credentials/rotate", soon.client_id)));
    let visit = browser.get(&format!("{}?days=365", page())).await.expect(200).expect_text("Next year");
    assert!(visit.text().contains(&year.client_id));
    let visit = browser.get(&format!("{}?days=30", page())).await.expect(200);
    assert!(visit.contains_text("Soon") && !visit.contains_text("Later"));
}

#[tokio::test]
async fn table_says_which_reminders_were_sent_and_who_gets_the_next() {
    let mut latchkey = TestApp::with_fixtures().await;
    let ops = format!("ops@{}", latchkey.mail_domain());
    ending(&latchkey, "Order sync", 90, &json!({ "contacts": [ops] })).await;
    latchkey.advance(DAY * 77);
    latchkey.run_job().await;
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page()).await.expect(200);
    let visit = visit.expect_text("14 days before: sent").expect_text("to one person");
    assert!(visit.contains_text("Next 2") && visit.contains_text(&ops), "{}", visit.text());
    assert!(visit.text().contains("tick sent"), "the picture has it too");
}

#[tokio::test]
async fn long_list_has_pages_and_csv_has_all() {
    let latchkey = TestApp::with_fixtures().await;
    for number in 0..28 {
        let more = json!({ "secret_storage": "digest_only" });
        ending(&latchkey, &format!("Client {number:02}"), 30 + number / 10, &more).await;
    }
    let browser = latchkey.administrator_in_console().await;
    let visit = browser.get(&page()).await.expect(200);
    assert!(visit.text().len() < 60_000, "{} bytes", visit.text().len());
    let lanes = visit.text().matches("class=\"name\" x=\"0\"").count();
    assert_eq!(lanes, 20, "the picture has twenty lanes");
    let text = visit.text();
    let next = text.split("href=\"").find(|link| link.contains("after=")).expect("a link");
    let next = next.split('"').next().unwrap().replace("&#38;", "&");
    let second = browser.get(&next).await.expect(200);
    assert_eq!(second.text().matches("/credentials/rotate").count(), 8);
    assert!(!second.text().contains("role=\"img\""), "the picture is on the first page");
    let csv = browser.get(&format!("/console/accounts/{ACCOUNT}/expiries.csv?days=90")).await.expect(200);
    assert_eq!(csv.text().lines().count(), 29);
    let disposition = csv.response.header("content-disposition").to_owned();
    assert!(disposition.starts_with("attachment; filename="), "{disposition}");
}

#[tokio::test]
async fn account_in_which_nothing_ends_says_so() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    browser.get(&page()).await.expect(200).expect_text("Nothing ends in this time.");
    browser.get(&format!("{}?days=1000", page())).await.expect(200).expect_text("Nothing ends in this time.");
}
