//! Who is told what, and when.

use crate::support::house::TestHouse;
use crate::support::outbox::letters_to;
use crate::support::things::ACCOUNT;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::json;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A house, its one client whose secret ends 90 days from now, and a holder at this domain.
async fn house_with_holder(domain: &str) -> (TestHouse, crate::support::things::TestClient) {
    let house = TestHouse::furnished().await;
    house.holder(ACCOUNT, &format!("ann@{domain}")).await;
    let client = house.client().await;
    (house, client)
}

#[tokio::test]
async fn a_holder_is_told_once_at_each_rung() {
    let domain = "rungs.example";
    let (mut house, client) = house_with_holder(domain).await;
    // At noon, so that the 90th day is the last one whatever the time is now.
    let noon = house.now().to_zoned(TimeZone::UTC).date().at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    house.go_to(noon.timestamp());
    for (days, letters) in [(75, 0), (2, 1), (1, 1), (6, 2), (3, 2), (2, 2), (1, 3)] {
        house.advance(DAY * days);
        house.run_job().await;
        assert_eq!(letters_to(domain).await.len(), letters, "after {days} more days");
    }
    let letters = letters_to(domain).await;
    for letter in &letters {
        assert_eq!(letter.to, [format!("ann@{domain}")]);
        assert!(letter.text.contains(&client.client_id), "{}", letter.text);
        assert!(letter.subject.contains("Order sync"), "{}", letter.subject);
        assert!(!letter.text.contains(&client.client_secret), "the secret itself is in the mail");
    }
}

#[tokio::test]
async fn a_run_again_and_two_runs_at_once_tell_nobody_twice() {
    let domain = "twice.example";
    let (mut house, _) = house_with_holder(domain).await;
    house.advance(DAY * 77);
    let (one, other) = tokio::join!(house.run_job(), house.run_job());
    assert_eq!(one.sent + other.sent, 1, "{one:?} {other:?}");
    let again = house.run_job().await;
    assert_eq!((again.due, again.sent), (0, 0));
    assert_eq!(letters_to(domain).await.len(), 1);
}

#[tokio::test]
async fn three_missed_days_delay_and_do_not_skip() {
    let domain = "missed.example";
    let (mut house, _) = house_with_holder(domain).await;
    house.advance(DAY * 79);
    assert_eq!(house.run_job().await.sent, 1);
    assert_eq!(letters_to(domain).await.len(), 1);
}

#[tokio::test]
async fn one_letter_per_recipient_lists_all_that_is_due_in_the_account() {
    let domain = "list.example";
    let (mut house, first) = house_with_holder(domain).await;
    let second = house.client_like(ACCOUNT, &json!({ "client_name": "Billing" })).await;
    house.advance(DAY * 77);
    let summary = house.run_job().await;
    assert_eq!((summary.sent, summary.notices), (1, 2));
    let letters = letters_to(domain).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].text.contains(&first.client_id) && letters[0].text.contains(&second.client_id));
    assert!(letters[0].html.as_ref().is_some_and(|html| html.contains("Billing")));
}

#[tokio::test]
async fn one_address_is_told_once_and_others_of_other_accounts_never() {
    let domain = "who.example";
    let mut house = TestHouse::furnished().await;
    house.account("T99999999").await;
    house.holder(ACCOUNT, &format!("ann@{domain}")).await;
    house.holder("T99999999", &format!("eve@{domain}")).await;
    let reader = json!({ "email": format!("ben@{domain}"), "name": "Ben", "permissions": ["clients:read"] });
    let members = format!("/v1/accounts/{ACCOUNT}/members");
    house.admin_ask("POST", &members).await.json(&reader).send().await.expect(201);
    let contacts = json!([format!("ANN@{domain}"), format!("ops@{domain}")]);
    house.client_like(ACCOUNT, &json!({ "contacts": contacts })).await;
    house.advance(DAY * 77);
    assert_eq!(house.run_job().await.sent, 2);
    let mut told: Vec<String> = letters_to(domain).await.into_iter().flat_map(|letter| letter.to).collect();
    told.sort();
    assert_eq!(told, [format!("ann@{domain}"), format!("ops@{domain}")]);
}

#[tokio::test]
async fn a_holder_who_joins_late_is_told_of_the_next_rung_and_one_who_left_is_not() {
    let domain = "late.example";
    let (mut house, _) = house_with_holder(domain).await;
    house.advance(DAY * 77);
    house.run_job().await;
    let ann = format!("/v1/accounts/{ACCOUNT}/members/ann@{domain}");
    house.admin_ask("DELETE", &ann).await.send().await.expect(204);
    house.holder(ACCOUNT, &format!("ben@{domain}")).await;
    house.advance(DAY * 7);
    house.run_job().await;
    let told: Vec<String> = letters_to(domain).await.into_iter().flat_map(|letter| letter.to).collect();
    assert_eq!(told, [format!("ann@{domain}"), format!("ben@{domain}")]);
}

#[tokio::test]
async fn without_anybody_the_operator_is_told() {
    let mut house = TestHouse::configured(|config| {
        let mail = config.mail.as_mut().unwrap();
        mail.operator = "operator@nobody.example".parse_email();
    })
    .await;
    house.furnish().await;
    house.client().await;
    house.advance(DAY * 77);
    let summary = house.run_job().await;
    assert_eq!(summary.without_recipient, 1);
    assert_eq!(letters_to("nobody.example").await.len(), 1);
}

trait ParseEmail {
    fn parse_email(&self) -> shared::domain::primitives::email::EmailAddress;
}

impl ParseEmail for str {
    fn parse_email(&self) -> shared::domain::primitives::email::EmailAddress {
        shared::domain::primitives::email::EmailAddress::parse(self).unwrap()
    }
}

#[tokio::test]
async fn who_did_not_ask_who_is_disabled_and_who_is_gone_is_left_out() {
    let domain = "silent.example";
    let mut house = TestHouse::furnished().await;
    house.holder(ACCOUNT, &format!("ann@{domain}")).await;
    house.client_like(ACCOUNT, &json!({ "secret": { "remind": false } })).await;
    let disabled = house.client().await;
    house.admin_ask("POST", &format!("{}/disable", disabled.path())).await.send().await.expect(200);
    let deleted = house.client().await;
    house.admin_ask("DELETE", &deleted.path()).await.send().await.expect(204);
    house.advance(DAY * 77);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 0);
}

#[tokio::test]
async fn an_older_secret_is_spoken_of_only_while_it_is_in_use() {
    let domain = "older.example";
    let (mut house, client) = house_with_holder(domain).await;
    house.advance(DAY * 70);
    house.admin_ask("POST", &format!("{}/secrets", client.path())).await.send().await.expect(201);
    house.advance(DAY * 7);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 0, "the older one is not in use");
    house.token(&client.client_id, &client.client_secret, "").await.expect(200);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 1, "now it is");
}

#[tokio::test]
async fn a_secret_that_has_ended_is_spoken_of_once_if_it_is_still_tried() {
    let domain = "ended.example";
    let (mut house, client) = house_with_holder(domain).await;
    house.advance(DAY * 89);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 1);
    house.advance(DAY * 3);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 1, "nobody tries it");
    house.token(&client.client_id, &client.client_secret, "").await.expect(401);
    house.run_job().await;
    house.token(&client.client_id, &client.client_secret, "").await.expect(401);
    house.run_job().await;
    let letters = letters_to(domain).await;
    assert_eq!(letters.len(), 2);
    assert!(letters[1].subject.contains("expired"), "{}", letters[1].subject);
}
