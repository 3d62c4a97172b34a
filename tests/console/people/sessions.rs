//! Sessions: how long they last, how they end, and confirming who one is.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::Browser;
use jiff::SignedDuration;
use shared::domain::console::session::AuthenticationMethod;
use shared::domain::primitives::email::EmailAddress;
use shared::services::console::{ConsoleSessions, MAX_SESSIONS, NewSession};
use shared::services::sign_in::ConsolePerson;

#[tokio::test]
async fn session_ends_after_half_an_hour_without_use() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    for _ in 0..3 {
        latchkey.advance(SignedDuration::from_mins(24));
        browser.get("/console").await.expect(200).expect_text("API clients");
    }
    latchkey.advance(SignedDuration::from_mins(31));
    browser.get("/console").await.expect(200).expect_text("to manage API clients");
}

#[tokio::test]
async fn session_ends_after_twelve_hours_however_much_it_is_used() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    for _ in 0..35 {
        latchkey.advance(SignedDuration::from_mins(20));
        browser.get("/console/me").await.expect(200).expect_text("My settings");
    }
    latchkey.advance(SignedDuration::from_mins(21));
    browser.get("/console/me").await.expect(200).expect_text("to manage API clients");
}

#[tokio::test]
async fn signing_out_ends_the_session_and_removes_the_cookie() {
    let latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let cookies = browser.cookies();
    let visit = browser.get("/console").await.expect(200);
    let response = browser.post(&visit.form("/console/sign-out")).await.expect(303);
    assert_eq!(response.header("clear-site-data"), "\"cache\", \"storage\"");
    let set = response.header("set-cookie");
    assert!(set.starts_with("__Host-latchkey-console=;") && set.contains("Max-Age=0"), "{set}");
    let kept = latchkey.request("GET", "/console/me").header("cookie", cookies).send().await.expect(303);
    assert!(kept.header("location").starts_with("/console/sign-in"), "the old cookie opens nothing");
}

#[tokio::test]
async fn person_ends_their_other_sessions_and_keeps_this_one() {
    let latchkey = TestApp::with_fixtures().await;
    let one = latchkey.administrator_in_console().await;
    let email = format!("ann@{}", latchkey.mail_domain());
    let two = Browser::new(&latchkey).with_source("198.51.100.7");
    let visit = two.sign_in_to_console(&latchkey, &email, "/console/me").await.expect(200);
    let visit = visit.expect_text("192.0.2.1").expect_text("Unknown browser");
    let account = format!("Account {ACCOUNT}");
    assert!(
        visit.expect_text(&account).expect_text("Signed in as").text().contains("/members\""),
        "a way back"
    );
    let visit = one.get("/console/me").await.expect(200).expect_text("198.51.100.7");
    one.submit(&visit.form("/console/me/end-others"))
        .await
        .expect(200)
        .expect_text("All other sessions are ended.");
    one.get("/console").await.expect(200).expect_text("API clients");
    two.get("/console/me").await.expect(200).expect_text("to manage API clients");
}

#[tokio::test]
async fn confirming_who_one_is_replaces_the_session_and_takes_no_other_address() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    let ben = latchkey.fixtures().member_with(ACCOUNT, "ben", &["clients:read"]).await;
    let ann = format!("ann@{}", latchkey.mail_domain());
    let at_once = browser.get("/console/confirm?to=/console/me").await.expect(200);
    assert_eq!(at_once.at, "/console/me", "a sign-in of a moment ago is enough");

    latchkey.advance(SignedDuration::from_mins(11));
    let before = browser.cookies();
    let visit = browser.get("/console/confirm?to=/console/me").await.expect(200);
    let visit = browser.submit(&visit.form("/email").with("email", &ben)).await.expect(200).expect_text(&ann);
    assert_eq!(latchkey.inspect().codes_mailed(&ben).await, 0, "another person confirms nothing");
    assert!(!visit.contains_text(&ben) && !visit.contains_text("Use another address"), "{}", visit.text());
    let code = latchkey.inspect().mailed_code(&ann).await;
    let visit = browser.submit(&visit.form("/code").with("code", &code)).await.expect(200);
    assert_eq!(visit.at, "/console/me");
    let old = latchkey.request("GET", "/console/me").header("cookie", before).send().await.expect(303);
    assert!(old.header("location").starts_with("/console/sign-in"), "the old session has ended");
}

#[tokio::test]
async fn page_of_a_confirmation_says_why_and_who_and_leads_back() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = latchkey.administrator_in_console().await;
    latchkey.advance(SignedDuration::from_mins(11));
    let to = format!("/console/accounts/{ACCOUNT}/clients/new?template=secret");
    let visit = browser.get(&to).await.expect(200).expect_text("Confirm it is you");
    let visit = visit.expect_text("a confirmation that is at most 10 minutes old. You stay signed in.");
    let visit = visit.expect_text(&format!("Signed in as ann@{}", latchkey.mail_domain()));
    let visit = visit.expect_text("Send code");
    assert!(visit.text().contains("<title>Confirm it is you</title>"), "{}", visit.text());
    let form = visit.form("/email");
    assert!(form.get("email").is_none() && !visit.contains_text("Sign in "), "no other address is asked for");
    let list = format!("<a href=\"/console/accounts/{ACCOUNT}/clients\">Cancel</a>");
    assert!(visit.text().contains(&list), "{}", visit.text());
    let visit = browser.submit(&form).await.expect(200).expect_text("is on its way to ann@");
    assert!(visit.text().contains(&list), "{}", visit.text());
    let german = browser.request("GET", &visit.at).header("accept-language", "de").send().await;
    assert!(german.text().contains("Bestätigen</button>"), "{}", german.text());
}

#[tokio::test]
async fn one_session_more_than_a_hundred_ends_the_one_that_was_not_used_for_longest() {
    let latchkey = TestApp::with_fixtures().await;
    let first = latchkey.administrator_in_console().await;
    let app = &latchkey.server.management.app;
    let email = EmailAddress::parse(&format!("ann@{}", latchkey.mail_domain())).unwrap();
    let person = ConsolePerson {
        memberships: app.store.memberships_of(&email).await.unwrap().items,
        email,
        method: AuthenticationMethod::EmailCode,
        external_identity: None,
    };
    let start = async |second: usize| {
        let sessions = ConsoleSessions {
            store: &app.store,
            events: &app.events,
            stage: &app.config.stage,
            lifetime: app.config.console_sessions,
            now: latchkey.now() + SignedDuration::from_secs(i64::try_from(second).unwrap()),
        };
        let (person, user_agent) = (&person, String::new());
        let (wanted, replaces, scopes, source_ip) = (None, None, None, None);
        sessions.start(NewSession { person, wanted, replaces, scopes, source_ip, user_agent }).await.unwrap();
    };
    for second in 1..MAX_SESSIONS {
        start(second).await;
    }
    first.get("/console/me").await.expect(200).expect_text("My settings");
    start(MAX_SESSIONS).await;
    first.get("/console/me").await.expect(200).expect_text("to manage API clients");
}
