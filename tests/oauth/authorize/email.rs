//! Asking for a one-time code: one answer for everybody, and limits.

use crate::support::app::TestApp;
use crate::support::fixtures::TestClient;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::{Browser, Visit};
use ::authorize::ResponseTiming;
use jiff::Timestamp;
use serde_json::json;
use shared::app::AwsClients;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Everything of an answer but what is another's by nature: its own id, form token and address.
fn comparable(visit: &Visit, email: &str) -> (u16, String, Vec<(String, String)>) {
    let (status, text, headers) = visit.answer.dump();
    let id = visit.at.rsplit('/').next().unwrap();
    let token = visit.form("/email").get("token").unwrap().to_owned();
    (status, text.replace(id, "ID").replace(&token, "TOKEN").replace(email, "EMAIL"), headers)
}

async fn requested(latchkey: &TestApp, client: &TestClient, email: &str) -> ((u16, String), Visit) {
    let browser = Browser::new(latchkey);
    let page = browser.get(&AuthorizeRequest::of(client).path()).await.expect(200);
    let answer = browser.post(&page.form("/email").with("email", email)).await;
    let location = answer.header("location").to_owned();
    let id = location.rsplit('/').next().unwrap().to_owned();
    let visit = browser.get(&location).await;
    ((answer.status.as_u16(), location.replace(&id, "ID")), visit)
}

#[tokio::test]
async fn nobody_can_tell_whose_address_is_a_member_s() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    latchkey.account("T2").await;
    let elsewhere = format!("eve@{}", latchkey.mail_domain());
    let body = json!({ "email": elsewhere, "name": "Eve" });
    latchkey.admin_request("POST", "/v1/accounts/T2/members").await.json(&body).send().await.expect(201);
    // As long as the others, so that even the lengths can be compared.
    let no_one = format!("non@{}", latchkey.mail_domain());

    let (redirect, visit) = requested(&latchkey, &client, &ann).await;
    let member = (redirect, comparable(&visit, &ann));
    for outsider in [&elsewhere, &no_one] {
        let (redirect, visit) = requested(&latchkey, &client, outsider).await;
        assert_eq!((redirect, comparable(&visit, outsider)), member, "{outsider}");
        assert_eq!(latchkey.codes_mailed(outsider).await, 0);
    }
    assert_eq!(latchkey.codes_mailed(&ann).await, 1);
}

#[tokio::test]
async fn a_member_s_answer_takes_no_longer_than_a_stranger_s() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let app = Arc::clone(&latchkey.server.management.app);
    let router =
        ::authorize::router(Arc::clone(&app), &AwsClients::new(&app.config.aws), ResponseTiming::Uniform);
    for email in [&ann, &format!("nobody@{}", latchkey.mail_domain())] {
        let browser = Browser::of(router.clone());
        let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
        let begun = Instant::now();
        browser.post(&page.form("/email").with("email", email)).await.expect(303);
        assert!(begun.elapsed() >= Duration::from_secs(1), "{email}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn the_mail_says_for_what_from_where_and_that_nobody_will_ask() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    Browser::new(&latchkey)
        .at_source("203.0.113.7")
        .addressed(&AuthorizeRequest::of(&client), &ann)
        .await
        .expect(200);
    let emails = crate::support::emails::emails_to(&latchkey.mail_domain()).await;
    let [email] = emails.as_slice() else { panic!("one letter") };
    let code = latchkey.mailed_code(&ann).await;
    assert_eq!(email.subject, "Your sign-in code for Order desk", "no code where locked screens show it");
    for part in [&email.text, email.html.as_ref().unwrap()] {
        for reported in
            [code.as_str(), "Order desk", "id.latchkey.example", "203.0.113.7", "Nobody will ever ask"]
        {
            assert!(part.contains(reported), "{reported}: {part}");
        }
    }
}

#[tokio::test]
async fn an_address_gets_five_codes_an_hour_known_or_not_and_then_one_and_the_same_page() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let no_one = format!("nobody@{}", latchkey.mail_domain());
    let mut refusals = Vec::new();
    for email in [&ann, &no_one] {
        let browser = Browser::new(&latchkey);
        let mut page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
        for _ in 0..5 {
            page = browser.submit(&page.form("/email").with("email", email)).await.expect(200);
        }
        let refused = browser.post(&page.form("/email").with("email", email)).await.expect(429);
        let seconds: i64 = refused.header("retry-after").parse().unwrap();
        assert!((2_900..=3_000).contains(&seconds), "until 13:00: {seconds}");
        let (status, text, mut headers) = refused.dump();
        headers.retain(|(name, _)| name != "retry-after");
        refusals.push((status, text, headers));
        let still = browser.get(&page.at).await.expect(200);
        still.expect_saying("a code of 6 digits is on its way");
    }
    assert_eq!(refusals[0], refusals[1]);
    assert_eq!(latchkey.codes_mailed(&ann).await, 5);

    latchkey.set_time("2027-03-01T13:00:01Z".parse::<Timestamp>().unwrap());
    Browser::new(&latchkey).addressed(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    assert_eq!(latchkey.codes_mailed(&ann).await, 6);
}

#[tokio::test]
async fn a_source_gets_thirty_codes_an_hour_and_a_network_of_ipv6_is_one_source() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let client = latchkey.authorize_state().await;
    for number in 0..30 {
        let browser = Browser::new(&latchkey).at_source(&format!("2001:db8:1:2::{number:x}"));
        browser
            .addressed(&AuthorizeRequest::of(&client), &format!("n{number}@{}", latchkey.mail_domain()))
            .await
            .expect(200);
    }
    let last = format!("last@{}", latchkey.mail_domain());
    let same = Browser::new(&latchkey).at_source("2001:db8:1:2:ffff::1");
    same.addressed(&AuthorizeRequest::of(&client), &last).await.expect(429);
    let other = Browser::new(&latchkey).at_source("2001:db8:1:3::1");
    other.addressed(&AuthorizeRequest::of(&client), &last).await.expect(200);
}

#[tokio::test]
async fn many_at_once_get_no_more_codes_than_one_after_the_other() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
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
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 5, "{answers:?}");
    assert_eq!(latchkey.codes_mailed(&ann).await, 5);
}

#[tokio::test]
async fn what_is_no_address_is_told_on_the_page_and_counts_nothing() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.authorize_state().await;
    let browser = Browser::new(&latchkey);
    let page = browser.get(&AuthorizeRequest::of(&client).path()).await.expect(200);
    for typed in ["", "ann", "ann@", "Ann <ann@acme.example>", "a@b.example\r\nBcc: x@y.example", "<script>"]
    {
        let page = browser.submit(&page.form("/email").with("email", typed)).await.expect(200);
        assert!(
            page.at.ends_with("?problem=address"),
            "a fixed word, and nothing of what was typed: {}",
            page.at
        );
        let page = page.expect_saying("Enter an e-mail address such as ann@example.com.");
        assert!(page.text().contains("role=\"alert\"") && page.text().contains("aria-invalid=\"true\""));
        assert!(page.text().contains("<title>Problem: "));
    }
    let grants = latchkey.items(&latchkey.server.management.app.config.tables.grants).await;
    assert!(!grants.iter().any(|item| item["pk"].as_s().unwrap().starts_with("LIMIT#")));
}

#[tokio::test]
async fn a_mail_that_ses_refuses_looks_like_one_that_was_sent() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, ann) = (latchkey.authorize_state().await, latchkey.member("ann").await);
    let (app, aws, proxy) = crate::support::fault_injection::cold_start(&latchkey).await;
    let router = ::authorize::router(app, &aws, ResponseTiming::Immediate);
    proxy.inject(crate::support::fault_injection::aws_proxy::InjectedFault::ses_error(
        "MessageRejected",
        "no",
    ));
    let browser = Browser::of(router);
    let visit = browser.addressed(&AuthorizeRequest::of(&client), &ann).await.expect(200);
    visit.expect_saying("a code of 6 digits is on its way");
    assert_eq!(latchkey.codes_mailed(&ann).await, 0);
}
