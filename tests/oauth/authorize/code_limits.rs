//! Limits of requests for codes: who is refused, who gets no e-mail, and who is not affected by others.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::{Browser, PageVisit};
use jiff::{SignedDuration, Timestamp};

/// An app at noon, a client, and the member Ann.
async fn at_noon() -> (TestApp, TestClient, String) {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let (client, ann) = (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ann").await);
    (latchkey, client, ann)
}

async fn request_from(latchkey: &TestApp, client: &TestClient, source: &str, email: &str) -> PageVisit {
    let browser = Browser::new(latchkey).with_source(source);
    browser.request_email_code(&AuthorizeRequest::of(client), email).await
}

/// Signs Ann in with a browser at this source, and returns the browser.
async fn signed_in(latchkey: &TestApp, client: &TestClient, source: &str, email: &str) -> Browser {
    let browser = Browser::new(latchkey).with_source(source);
    let page = browser.enter_email_code(latchkey, &AuthorizeRequest::of(client), email).await;
    page.expect(200).expect_text("wants to act for you");
    browser
}

#[tokio::test]
async fn one_source_gets_five_codes_an_hour_for_an_address() {
    let (mut latchkey, client, ann) = at_noon().await;
    let unknown = format!("unknown@{}", latchkey.mail_domain());
    let mut rejections = Vec::new();
    for email in [&ann, &unknown] {
        let browser = Browser::new(&latchkey);
        let mut page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
        for _ in 0..5 {
            page = browser.submit(&page.form("/email").with("email", email)).await.expect(200);
        }
        let rejected = browser.post(&page.form("/email").with("email", email)).await.expect(429);
        let seconds: i64 = rejected.header("retry-after").parse().unwrap();
        assert!((2_900..=3_000).contains(&seconds), "until 13:00: {seconds}");
        let (status, text, mut headers) = rejected.dump();
        headers.retain(|(name, _)| name != "retry-after");
        rejections.push((status, text, headers));
        browser.get(&page.at).await.expect(200).expect_text("a code of 8 digits is on its way");
    }
    assert_eq!(rejections[0], rejections[1], "a member's and another address");
    assert!(rejections[0].1.contains("Or ask again in"), "{}", rejections[0].1);
    // Another source is not affected, and all can go on in the next hour.
    request_from(&latchkey, &client, "198.51.100.1", &ann).await.expect(200);
    latchkey.set_time("2027-03-01T13:00:01Z".parse::<Timestamp>().unwrap());
    request_from(&latchkey, &client, "192.0.2.1", &unknown).await.expect(200);
}

#[tokio::test]
async fn concurrent_requests_get_no_more_codes() {
    let (latchkey, client, ann) = at_noon().await;
    let mut pages = Vec::new();
    for _ in 0..12 {
        let browser = Browser::new(&latchkey);
        let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
        pages.push((browser, page.form("/email").with("email", &ann)));
    }
    let mut all = tokio::task::JoinSet::new();
    for (browser, form) in pages {
        all.spawn(async move { browser.post(&form).await.status.as_u16() });
    }
    let responses = all.join_all().await;
    assert_eq!(responses.iter().filter(|status| **status == 303).count(), 5, "{responses:?}");
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, 4, "one network's part of the day's codes");
}

#[tokio::test]
async fn a_source_and_its_network_have_limits_over_all_addresses() {
    let (mut latchkey, client, _) = at_noon().await;
    let request = async |source: &str, number: usize| {
        let email = format!("n{number}@{}", latchkey.mail_domain());
        request_from(&latchkey, &client, source, &email).await.response.status.as_u16()
    };
    let refused = async |source: &str, number: usize| {
        let email = format!("n{number}@{}", latchkey.mail_domain());
        let response = request_from(&latchkey, &client, source, &email).await.response.expect(429);
        let seconds: i64 = response.header("retry-after").parse().unwrap();
        assert!((2_900..=3_000).contains(&seconds), "until 13:00: {seconds}");
        assert!(response.text().contains("Or ask again in 50 minutes"), "{}", response.text());
    };
    let mut number = 0..;
    for source in ["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:1:4::1"] {
        for _ in 0..30 {
            assert_eq!(request(source, number.next().unwrap()).await, 200, "{source}");
        }
    }
    // The source has had its 30, the network its 120. Both are told when it works again.
    refused("2001:db8:1:1:ffff::1", 1_000).await;
    refused("2001:db8:1:5::1", 1_001).await;
    assert_eq!(request("2001:db8:2:1::1", 1_002).await, 200, "another network");
    latchkey.set_time("2027-03-01T13:00:01Z".parse::<Timestamp>().unwrap());
    let email = format!("n1003@{}", latchkey.mail_domain());
    request_from(&latchkey, &client, "2001:db8:1:5::1", &email).await.expect(200);
}

#[tokio::test]
async fn a_used_up_day_is_not_shown_and_its_codes_match_nothing() {
    let (mut latchkey, client, ann) = at_noon().await;
    for network in 1..=5 {
        for _ in 0..4 {
            request_from(&latchkey, &client, &format!("203.0.{network}.1"), &ann).await.expect(200);
        }
    }
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, 20);
    let page = request_from(&latchkey, &client, "203.0.6.1", &ann).await.expect(200);
    page.expect_text("a code of 8 digits is on its way");
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, 20, "the day's number is reached");
    latchkey.set_time("2027-03-02T00:00:01Z".parse::<Timestamp>().unwrap());
    request_from(&latchkey, &client, "203.0.6.1", &ann).await.expect(200);
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, 21, "the day is over");
}

#[tokio::test]
async fn known_browsers_and_sources_have_codes_of_their_own() {
    let (mut latchkey, client, ann) = at_noon().await;
    let browser = signed_in(&latchkey, &client, "192.0.2.7", &ann).await;
    latchkey.advance(SignedDuration::from_hours(24));
    for network in 1..=5 {
        for _ in 0..4 {
            request_from(&latchkey, &client, &format!("203.0.{network}.1"), &ann).await.expect(200);
        }
    }
    let before = latchkey.inspect().codes_mailed(&ann).await;
    // The browser, from a network where it has never been.
    let elsewhere = browser.with_source("203.0.9.1");
    elsewhere.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, before + 1);
    // Another browser, from the source of the sign-in.
    request_from(&latchkey, &client, "192.0.2.7", &ann).await.expect(200);
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, before + 2);
    // A new browser from a new network.
    request_from(&latchkey, &client, "203.0.9.1", &ann).await.expect(200);
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, before + 2);
    // A source is forgotten after 30 days.
    latchkey.set_time("2027-04-02T12:10:00Z".parse::<Timestamp>().unwrap());
    for network in 1..=5 {
        for _ in 0..4 {
            request_from(&latchkey, &client, &format!("203.0.{network}.1"), &ann).await.expect(200);
        }
    }
    request_from(&latchkey, &client, "192.0.2.7", &ann).await.expect(200);
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, before + 22);
}

#[tokio::test]
async fn others_in_the_office_cannot_lock_a_known_browser_out() {
    let (mut latchkey, client, ann) = at_noon().await;
    let browser = signed_in(&latchkey, &client, "192.0.2.7", &ann).await;
    latchkey.advance(SignedDuration::from_hours(24));
    for number in 0..30 {
        let email = format!("n{number}@{}", latchkey.mail_domain());
        request_from(&latchkey, &client, "192.0.2.7", &email).await.expect(200);
    }
    let ben = latchkey.fixtures().member("ben").await;
    request_from(&latchkey, &client, "192.0.2.7", &ben).await.expect(429);
    browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    assert_eq!(latchkey.inspect().codes_mailed(&ann).await, 2);
    // It is known for Ann only, and has limits as well.
    browser.request_email_code(&AuthorizeRequest::of(&client), &ben).await.expect(429);
    for _ in 0..4 {
        browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    }
    browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(429);
}

#[tokio::test]
async fn the_cookie_of_a_known_browser_is_kept_for_180_days_and_cannot_be_made() {
    let (latchkey, client, ann) = at_noon().await;
    let browser = Browser::new(&latchkey);
    let page = browser.request_email_code(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    let code = latchkey.inspect().mailed_code(&ann).await;
    let response = browser.post(&page.form("/code").with("code", &code)).await.expect(303);
    let set = response.header("set-cookie").to_owned();
    let expected =
        ["__Host-latchkey-known=", "; Max-Age=15552000", "; Secure", "; HttpOnly", "; SameSite=Lax"];
    assert!(expected.iter().all(|part| set.contains(part)), "{set}");
    assert!(!set.contains("Domain") && !set.contains("ann"), "{set}");
    // Any other value is as good as none.
    let request = browser.request("GET", &AuthorizeRequest::of(&client).path());
    request.header("cookie", "__Host-latchkey-known=AAAA").send().await.expect(303);
}

#[tokio::test]
async fn one_source_starts_120_sign_ins_an_hour() {
    let (latchkey, client, ann) = at_noon().await;
    let known = signed_in(&latchkey, &client, "192.0.2.7", &ann).await;
    let path = AuthorizeRequest::of(&client).path();
    let start = async |source: &str| latchkey.request("GET", &path).from(source).send().await;
    for _ in 0..119 {
        start("192.0.2.7").await.expect(303);
    }
    let refused = start("192.0.2.7").await.expect(429);
    assert!(refused.text().contains("Too many sign-ins") && !refused.header("retry-after").is_empty());
    assert!(refused.headers.get("set-cookie").is_none());
    start("192.0.2.8").await.expect(303);
    known.get(&path).await.expect(200);
}

#[tokio::test]
async fn a_sign_in_has_forty_steps_and_can_always_be_cancelled() {
    let (latchkey, client, _) = at_noon().await;
    let browser = Browser::new(&latchkey);
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    let other = page.form("/email").with("other", "yes");
    for _ in 0..40 {
        browser.post(&other).await.expect(303);
    }
    let refused = browser.post(&other).await.expect(429);
    assert!(refused.text().contains("This sign-in has gone on for too long"));
    let cancel = page.find(|form| form.get("decision") == Some("deny"));
    assert_eq!(browser.submit(&cancel).await.redirect_target().1["error"], "access_denied");
}
