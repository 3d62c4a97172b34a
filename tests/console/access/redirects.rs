//! Redirects lead to pages of the console only, and a sign-in takes over no session that was there before.

use crate::console::access::people::Person;
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::browser::{Browser, url_encoded};
use jiff::SignedDuration;

/// Where nothing may lead.
const ELSEWHERE: [&str; 12] = [
    "https://evil.example/console",
    "//evil.example/console",
    "/\\evil.example/console",
    "\\\\evil.example",
    "/console\\..\\..\\evil.example",
    "/console//evil.example",
    "/console/../oauth/authorize",
    "/console/%2e%2e/%2e%2e",
    "/console@evil.example",
    "/console.evil.example",
    " //evil.example",
    "javascript:alert(1)",
];

fn query(to: &str) -> String {
    url_encoded([("to", to)].into_iter())
}

#[tokio::test]
async fn parameter_that_names_a_page_leads_to_no_other_site() {
    let mut latchkey = TestApp::with_fixtures().await;
    let browser = Person::Administrator.browser(&latchkey).await;
    let home = format!("/console/accounts/{ACCOUNT}");
    let enter = format!("{home}/enter");
    for to in ELSEWHERE {
        let response = browser.request("GET", &format!("/console/confirm?{}", query(to))).send().await;
        assert_eq!(response.expect(303).header("location"), "/console", "{to:?}");
        let response = browser.request("GET", &format!("/console?{}", query(to))).send().await;
        assert_eq!(response.expect(303).header("location"), home, "{to:?}");
        let response = browser.send_form(&enter, &query(to)).await;
        assert_eq!(response.expect(303).header("location"), home, "{to:?}");
    }
    let another = "/console/accounts/T99999999/clients";
    let response = browser.send_form(&enter, &query(another)).await;
    assert_eq!(
        response.expect(303).header("location"),
        home,
        "a page of another account than the entered one"
    );
    // Whatever path a person was on, the sign-in comes back to a page of ours.
    latchkey.advance(SignedDuration::from_hours(13));
    for path in
        ["/console//evil.example", "/console/x?to=https://evil.example", "/console/me?next=//evil.example"]
    {
        let response = browser.request("GET", path).send().await;
        let location = response.header("location");
        assert!(
            response.status == 404 || location.starts_with("/console/sign-in?to=%2Fconsole"),
            "{location}"
        );
    }
}

#[tokio::test]
async fn sign_in_takes_over_no_session_that_another_person_left_in_the_browser() {
    let latchkey = TestApp::with_fixtures().await;
    let victim = latchkey.fixtures().member_with(ACCOUNT, "vic", &["clients:read"]).await;
    let browser = latchkey.person_in_console("mallory").await;
    let planted = browser.cookies();
    let visit = browser.sign_in_to_console(&latchkey, &victim, "/console/sign-in").await.expect(200);
    visit.expect_text(&victim);
    assert_ne!(browser.cookies(), planted, "a new session");
    let old = latchkey.request("GET", "/console/me").header("cookie", planted).send().await;
    assert!(!old.text().contains(&victim), "{}", old.text());
}

#[tokio::test]
async fn cookie_that_was_made_up_opens_nothing_and_is_not_kept() {
    let latchkey = TestApp::with_fixtures().await;
    let email = latchkey.fixtures().member_with(ACCOUNT, "ann", &["clients:read"]).await;
    let made_up = format!("__Host-latchkey-console={}.{}", "a".repeat(64), "b".repeat(64));
    let with_cookie = || latchkey.request("GET", "/console/me").header("cookie", made_up.clone()).send();
    assert_eq!(with_cookie().await.expect(303).header("location"), "/console/sign-in?to=%2Fconsole%2Fme");
    let browser = Browser::new(&latchkey);
    browser.sign_in_to_console(&latchkey, &email, "/console").await.expect(200);
    assert!(!browser.cookies().contains(&made_up));
    assert_eq!(with_cookie().await.expect(303).header("location"), "/console/sign-in?to=%2Fconsole%2Fme");
}
