//! Calendars of what ends, which calendar programs fetch.

use super::{ending, page};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, PageVisit};
use serde_json::json;

/// The path of the calendar that a page shows once.
fn shown(visit: &PageVisit) -> String {
    let text = visit.text();
    let mut copied = text.split("data-copy=\"").skip(1);
    let url = copied.find(|rest| rest.starts_with("https://")).expect("a URL");
    let url = url.split('"').next().unwrap();
    url[url.find("/calendar/").unwrap()..].to_owned()
}

async fn new_calendar(browser: &Browser) -> (String, PageVisit) {
    let visit = browser.get(&page()).await.expect(200);
    let made = browser.submit(&visit.form("/expiries/calendars")).await.expect(200);
    (shown(&made), made)
}

#[tokio::test]
async fn calendar_is_read_without_a_session_and_shown_once() {
    let latchkey = TestApp::with_fixtures().await;
    let client = ending(&latchkey, "Order sync", 40, &json!({ "contacts": ["ops@acme.example"] })).await;
    let browser = latchkey.administrator_in_console().await;
    let (path, _) = new_calendar(&browser).await;
    let calendar = latchkey.request("GET", &path).send().await.expect(200);
    assert!(calendar.header("content-type").starts_with("text/calendar"));
    assert_eq!(calendar.header("cache-control"), "no-store");
    let text = calendar.text().replace("\r\n ", "");
    let hint = &client.client_secret[client.client_secret.len() - 4..];
    assert!(text.contains(&format!("SUMMARY:Secret …{hint} of Order sync ends")), "{text}");
    for hidden in [client.client_id.as_str(), client.secret_id.as_str(), "ops@acme.example", "BEGIN:VALARM"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    let stem = path.trim_end_matches(".ics");
    let named = format!("Calendar …{}.ics, made ", &stem[stem.len() - 5..]);
    for listed in [page().as_str(), "/console/me"] {
        browser.get(listed).await.expect(200).expect_text(&named);
    }
    let trail = browser.get(&format!("/console/accounts/{ACCOUNT}/audit")).await.expect(200);
    trail.expect_text("ann made a calendar of what ends");
    let key = path.trim_start_matches("/calendar/").trim_end_matches(".ics");
    assert!(!browser.get(&page()).await.text().contains(key), "the page does not show it again");
    let account_id = format!("ACCOUNT#{ACCOUNT}");
    let stored = latchkey.inspect().partition(&account_id).await;
    assert!(!format!("{stored:?}").contains(key), "nothing keeps it");
}

#[tokio::test]
async fn dead_and_forged_calendars_are_answered_alike() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let browser = Browser::new(&latchkey);
    browser.sign_in_to_console(&latchkey, &email, &page()).await.expect(200);
    let (ended, made) = new_calendar(&browser).await;
    let (kept, _) = new_calendar(&browser).await;
    latchkey.request("GET", &ended).send().await.expect(200);
    browser.submit(&made.form("/calendars/end")).await.expect(200).expect_text("The calendar is ended");
    let trail = latchkey.list_items(&format!("/v1/accounts/{ACCOUNT}/audit?action=member.updated")).await;
    assert_eq!(trail[0]["changes"], json!([{ "member": "calendar_feeds", "old": 2, "new": 1 }]));
    let forged = latchkey.request("GET", "/calendar/forged.ics").send().await.expect(404).dump();
    assert_eq!(latchkey.request("GET", &ended).send().await.dump(), forged, "ended");
    let cut = kept.replace(".ics", "");
    assert_eq!(latchkey.request("GET", &cut).send().await.dump(), forged, "without its suffix");
    latchkey.request("GET", &kept).send().await.expect(200);

    let member = format!("/v1/accounts/{ACCOUNT}/members/{email}");
    let rights = json!({ "permissions": ["audit:read"] });
    latchkey.admin_request("PATCH", &member).await.json(&rights).send().await.expect(200);
    assert_eq!(latchkey.request("GET", &kept).send().await.dump(), forged, "without the right");
    let rights = json!({ "permissions": ["clients:read"] });
    latchkey.admin_request("PATCH", &member).await.json(&rights).send().await.expect(200);
    latchkey.request("GET", &kept).send().await.expect(200);
    latchkey.admin_request("DELETE", &member).await.send().await.expect(204);
    assert_eq!(latchkey.request("GET", &kept).send().await.dump(), forged, "without the member");
}

#[tokio::test]
async fn person_has_three_calendars_at_most_in_their_own_account() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    for number in 1..=3 {
        let form = browser.get(&page()).await.expect(200).form("/expiries/calendars");
        browser.submit(&form).await.expect(200).expect_text("calendar/");
        // Sent again, as a browser does that loads the page again.
        let again = browser.submit(&form).await.expect(200).expect_text("URL is shown once");
        assert_eq!(again.text().matches("<li><span>Calendar …").count(), number);
    }
    let visit = browser.get(&page()).await.expect(200).expect_text("You have three calendars");
    assert!(visit.forms().iter().all(|form| !form.action.ends_with("/expiries/calendars")));
}

#[tokio::test]
async fn calendars_of_all_accounts_are_listed_and_ended_on_the_persons_own_page() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T99999999").await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    latchkey.fixtures().member_with("T99999999", "ben", &["clients:read"]).await;
    let (browser, other) = (Browser::new(&latchkey), Browser::new(&latchkey));
    browser.sign_in_to_console(&latchkey, &email, "/console/accounts/T99999999/expiries").await.expect(200);
    let visit = browser.get("/console/accounts/T99999999/expiries").await.expect(200);
    let foreign = shown(&browser.submit(&visit.form("/expiries/calendars")).await.expect(200));
    other.sign_in_to_console(&latchkey, &email, &page()).await.expect(200);
    let visit =
        other.get("/console/me").await.expect(200).expect_text("You have no calendar of this account.");
    assert!(visit.text().contains(&format!("href=\"{}#calendar\"", page())), "{}", visit.text());
    let form = visit.form("/calendars/end");
    assert_eq!(form.get("account"), Some("T99999999"));
    latchkey.request("GET", &foreign).send().await.expect(200);
    other.submit(&form).await.expect(200).expect_text("The calendar is ended");
    latchkey.request("GET", &foreign).send().await.expect(404);
    other.submit(&form).await.expect(200);
    // An account that is none of the person's.
    other.submit(&form.with("account", "T00000001")).await.expect(404);
}
