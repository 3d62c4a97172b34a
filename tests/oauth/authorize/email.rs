//! Asking for a one-time code: one answer for everybody, and limits.

use crate::support::browser::{Browser, Visit};
use crate::support::house::TestHouse;
use crate::support::people::Asking;
use crate::support::things::TestClient;
use ::authorize::ResponseTiming;
use jiff::Timestamp;
use serde_json::json;
use shared::app::AwsClients;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Everything of an answer but what is another's by nature: its own id, form token and address.
fn comparable(visit: &Visit, email: &str) -> (u16, String, Vec<(String, String)>) {
    let (status, text, headers) = visit.answer.everything();
    let id = visit.at.rsplit('/').next().unwrap();
    let token = visit.form("/email").get("token").unwrap().to_owned();
    (status, text.replace(id, "ID").replace(&token, "TOKEN").replace(email, "EMAIL"), headers)
}

async fn requested(house: &TestHouse, client: &TestClient, email: &str) -> ((u16, String), Visit) {
    let browser = Browser::new(house);
    let page = browser.get(&Asking::of(client).path()).await.expect(200);
    let answer = browser.post(&page.form("/email").with("email", email)).await;
    let location = answer.header("location").to_owned();
    let id = location.rsplit('/').next().unwrap().to_owned();
    let visit = browser.get(&location).await;
    ((answer.status.as_u16(), location.replace(&id, "ID")), visit)
}

#[tokio::test]
async fn nobody_can_tell_whose_address_is_a_member_s() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    house.account("T2").await;
    let elsewhere = format!("eve@{}", house.mail_domain());
    let body = json!({ "email": elsewhere, "name": "Eve" });
    house.admin_ask("POST", "/v1/accounts/T2/members").await.json(&body).send().await.expect(201);
    // As long as the others, so that even the lengths can be compared.
    let nobody = format!("non@{}", house.mail_domain());

    let (redirect, visit) = requested(&house, &client, &ann).await;
    let member = (redirect, comparable(&visit, &ann));
    for stranger in [&elsewhere, &nobody] {
        let (redirect, visit) = requested(&house, &client, stranger).await;
        assert_eq!((redirect, comparable(&visit, stranger)), member, "{stranger}");
        assert_eq!(house.codes_mailed(stranger).await, 0);
    }
    assert_eq!(house.codes_mailed(&ann).await, 1);
}

#[tokio::test]
async fn a_member_s_answer_takes_no_longer_than_a_stranger_s() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let app = Arc::clone(&house.house.management.app);
    let router =
        ::authorize::router(Arc::clone(&app), &AwsClients::new(&app.config.aws), ResponseTiming::Uniform);
    for email in [&ann, &format!("nobody@{}", house.mail_domain())] {
        let browser = Browser::of(router.clone());
        let page = browser.get(&Asking::of(&client).path()).await.expect(200);
        let begun = Instant::now();
        browser.post(&page.form("/email").with("email", email)).await.expect(303);
        assert!(begun.elapsed() >= Duration::from_secs(1), "{email}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn the_mail_says_for_what_from_where_and_that_nobody_will_ask() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    Browser::new(&house).at_source("203.0.113.7").addressed(&Asking::of(&client), &ann).await.expect(200);
    let letters = crate::support::outbox::letters_to(&house.mail_domain()).await;
    let [letter] = letters.as_slice() else { panic!("one letter") };
    let code = house.mailed_code(&ann).await;
    assert_eq!(letter.subject, "Your sign-in code for Order desk", "no code where locked screens show it");
    for part in [&letter.text, letter.html.as_ref().unwrap()] {
        for said in
            [code.as_str(), "Order desk", "id.latchkey.example", "203.0.113.7", "Nobody will ever ask"]
        {
            assert!(part.contains(said), "{said}: {part}");
        }
    }
}

#[tokio::test]
async fn an_address_gets_five_codes_an_hour_known_or_not_and_then_one_and_the_same_page() {
    let mut house = TestHouse::furnished().await;
    house.go_to("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let nobody = format!("nobody@{}", house.mail_domain());
    let mut refusals = Vec::new();
    for email in [&ann, &nobody] {
        let browser = Browser::new(&house);
        let mut page = browser.get(&Asking::of(&client).path()).await.expect(200);
        for _ in 0..5 {
            page = browser.submit(&page.form("/email").with("email", email)).await.expect(200);
        }
        let refused = browser.post(&page.form("/email").with("email", email)).await.expect(429);
        let seconds: i64 = refused.header("retry-after").parse().unwrap();
        assert!((2_900..=3_000).contains(&seconds), "until 13:00: {seconds}");
        let (status, text, mut headers) = refused.everything();
        headers.retain(|(name, _)| name != "retry-after");
        refusals.push((status, text, headers));
        let still = browser.get(&page.at).await.expect(200);
        still.expect_saying("a code of 6 digits is on its way");
    }
    assert_eq!(refusals[0], refusals[1]);
    assert_eq!(house.codes_mailed(&ann).await, 5);

    house.go_to("2027-03-01T13:00:01Z".parse::<Timestamp>().unwrap());
    Browser::new(&house).addressed(&Asking::of(&client), &ann).await.expect(200);
    assert_eq!(house.codes_mailed(&ann).await, 6);
}

#[tokio::test]
async fn a_source_gets_thirty_codes_an_hour_and_a_network_of_ipv6_is_one_source() {
    let mut house = TestHouse::furnished().await;
    house.go_to("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let client = house.desk().await;
    for number in 0..30 {
        let browser = Browser::new(&house).at_source(&format!("2001:db8:1:2::{number:x}"));
        browser
            .addressed(&Asking::of(&client), &format!("n{number}@{}", house.mail_domain()))
            .await
            .expect(200);
    }
    let last = format!("last@{}", house.mail_domain());
    let same = Browser::new(&house).at_source("2001:db8:1:2:ffff::1");
    same.addressed(&Asking::of(&client), &last).await.expect(429);
    let other = Browser::new(&house).at_source("2001:db8:1:3::1");
    other.addressed(&Asking::of(&client), &last).await.expect(200);
}

#[tokio::test]
async fn many_at_once_get_no_more_codes_than_one_after_the_other() {
    let mut house = TestHouse::furnished().await;
    house.go_to("2027-03-01T12:10:00Z".parse::<Timestamp>().unwrap());
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let mut pages = Vec::new();
    for _ in 0..12 {
        let browser = Browser::new(&house);
        let page = browser.get(&Asking::of(&client).path()).await.expect(200);
        pages.push((browser, page.form("/email").with("email", &ann)));
    }
    let mut all = tokio::task::JoinSet::new();
    for (browser, form) in pages {
        all.spawn(async move { browser.post(&form).await.status.as_u16() });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 5, "{answers:?}");
    assert_eq!(house.codes_mailed(&ann).await, 5);
}

#[tokio::test]
async fn what_is_no_address_is_told_on_the_page_and_counts_nothing() {
    let house = TestHouse::furnished().await;
    let client = house.desk().await;
    let browser = Browser::new(&house);
    let page = browser.get(&Asking::of(&client).path()).await.expect(200);
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
    let grants = house.items(&house.house.management.app.config.tables.grants).await;
    assert!(!grants.iter().any(|item| item["pk"].as_s().unwrap().starts_with("LIMIT#")));
}

#[tokio::test]
async fn a_mail_that_ses_refuses_looks_like_one_that_was_sent() {
    let house = TestHouse::furnished().await;
    let (client, ann) = (house.desk().await, house.member("ann").await);
    let (app, aws, proxy) = crate::support::trouble::just_started(&house).await;
    let router = ::authorize::router(app, &aws, ResponseTiming::Immediate);
    proxy.can(crate::support::aws_proxy::Canned::ses_error("MessageRejected", "no"));
    let browser = Browser::of(router);
    let visit = browser.addressed(&Asking::of(&client), &ann).await.expect(200);
    visit.expect_saying("a code of 6 digits is on its way");
    assert_eq!(house.codes_mailed(&ann).await, 0);
}
