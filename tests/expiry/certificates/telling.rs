//! Who is told what of a certificate, and when.

use super::{DAY, house_with_certificate, path};
use crate::support::aws_proxy::AwsProxy;
use crate::support::certified::Certified;
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::support::outbox::letters_to;
use crate::support::things::ACCOUNT;
use serde_json::json;

#[tokio::test]
async fn a_holder_is_told_once_at_each_rung_and_once_after_the_end() {
    let domain = "certificate.example";
    let (mut house, client, certified) = house_with_certificate(domain).await;
    house.advance(DAY * 20);
    certified.use_by(&house, &client).await;
    let schedule = [(5, 0), (1, 1), (1, 1), (5, 1), (1, 2), (5, 2), (1, 3), (1, 4), (1, 4), (29, 4)];
    for (days, letters) in schedule {
        house.advance(DAY * days);
        house.run_job().await;
        house.run_job().await;
        assert_eq!(letters_to(domain).await.len(), letters, "after {days} more days");
    }
    let letters = letters_to(domain).await;
    for letter in &letters {
        assert!(letter.subject.starts_with("Certificate of \"Order sync\" "), "{}", letter.subject);
        for part in [&letter.text, letter.html.as_ref().unwrap()] {
            assert!(part.contains(&client) && part.contains("last used on"), "{part}");
            assert!(part.contains("public_key_pem") && !part.contains("revoke the old one"), "{part}");
        }
    }
    assert!(letters[0].subject.contains("expires in 14 days"), "{}", letters[0].subject);
    assert!(
        letters[3].subject.ends_with("has expired and nothing takes its place"),
        "{}",
        letters[3].subject
    );
}

#[tokio::test]
async fn a_certificate_that_replaces_another_is_told_of_anew() {
    let domain = "replaced.example";
    let (mut house, client, _) = house_with_certificate(domain).await;
    house.advance(DAY * 26);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 1);
    let same_end = Certified::until(house.date_in(14));
    house.patch_client(&client, &json!({ "public_key_pem": same_end.pem })).await;
    assert!(!house.certificate_said(&client).await, "what was said of the old one");
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 2, "another certificate with the same end");
    let later = Certified::until(house.date_in(15));
    house.patch_client(&client, &json!({ "public_key_pem": later.pem })).await;
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 2, "it does not end yet");
    house.advance(DAY);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 3);
    let key = json!({ "jwks": { "keys": [crate::support::assertions::TestKey::new("ES256").jwk()] } });
    house.patch_client(&client, &key).await;
    house.advance(DAY * 13);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 3, "a key without a certificate has no end");
}

#[tokio::test]
async fn a_secret_and_a_certificate_come_in_one_letter() {
    let domain = "both.example";
    let mut house = TestHouse::furnished().await;
    house.go_to_morning();
    house.holder(ACCOUNT, &format!("ann@{domain}")).await;
    let certified = Certified::until(house.date_in(85));
    let secret = json!({ "token_endpoint_auth_method": "client_secret_basic" });
    let client = house.certified_client(&certified.pem, &secret).await;
    house.advance(DAY * 77);
    let summary = house.run_job().await;
    assert_eq!((summary.sent, summary.notices), (1, 2), "{summary:?}");
    let letters = letters_to(domain).await;
    let expected = format!("1 secret and 1 certificate of {ACCOUNT} expire soon, the first in 8 days");
    assert_eq!(letters[0].subject, expected);
    for part in [&letters[0].text, letters[0].html.as_ref().unwrap()] {
        assert!(part.contains("for each secret") && part.contains("for each certificate"), "{part}");
        assert!(part.contains(&client), "{part}");
    }
    // The secret is alive when the certificate ends.
    house.advance(DAY * 8);
    house.run_job().await;
    let told = letters_to(domain).await;
    assert!(told.iter().all(|letter| !letter.subject.contains("has expired")), "{told:?}");
}

#[tokio::test]
async fn two_clients_with_the_same_certificate_are_both_told_of() {
    let domain = "shared-certificate.example";
    let (mut house, first, certified) = house_with_certificate(domain).await;
    house.advance(DAY * 26);
    house.run_job().await;
    let copy = house.admin_ask("POST", &format!("{}/duplicate", path(&first))).await.send().await.expect(201);
    assert!(!house.certificate_said(&copy.string("client_id")).await, "nothing was said of the copy");
    let third = house.certified_client(&certified.pem, &json!({})).await;
    let summary = house.run_job().await;
    assert_eq!((summary.sent, summary.notices), (1, 2), "{summary:?}");
    let letters = letters_to(domain).await;
    assert!(letters[1].text.contains(&copy.string("client_id")) && letters[1].text.contains(&third));
    assert!(!letters[1].text.contains(&first));
}

#[tokio::test]
async fn nobody_is_told_while_the_client_is_disabled() {
    let domain = "disabled-certificate.example";
    let (mut house, client, _) = house_with_certificate(domain).await;
    house.admin_ask("POST", &format!("{}/disable", path(&client))).await.send().await.expect(200);
    house.advance(DAY * 26);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 0);
    house.admin_ask("POST", &format!("{}/enable", path(&client))).await.send().await.expect(200);
    house.run_job().await;
    assert_eq!(letters_to(domain).await.len(), 1);
}

#[tokio::test]
async fn a_certificate_that_never_ends_is_taken_and_not_told_of() {
    let domain = "endless.example";
    let (mut house, ..) = house_with_certificate(domain).await;
    let endless = Certified::until(jiff::civil::date(9999, 12, 31));
    let client = house.certified_client(&endless.pem, &json!({})).await;
    endless.use_by(&house, &client).await;
    house.advance(DAY * 26);
    assert_eq!(house.run_job().await.notices, 1, "the other one");
}

#[tokio::test]
async fn only_clients_with_an_end_near_are_read_and_lists_have_all() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    house.holder(ACCOUNT, "ann@near.example").await;
    let near = house.certified_client(&Certified::until(house.date_in(10)).pem, &json!({})).await;
    let far = house.certified_client(&Certified::until(house.date_in(100)).pem, &json!({})).await;
    proxy.take_calls();
    assert_eq!(house.run_job().await.notices, 1);
    let calls: Vec<String> = proxy.take_calls().into_iter().map(|call| call.input.to_string()).collect();
    let asked_for = |client: &str| calls.iter().any(|input| input.contains(&format!("CLIENT#{client}")));
    assert!(asked_for(&near) && !asked_for(&far));
    let listed = house.admin_ask("GET", &format!("/v1/accounts/{ACCOUNT}/clients")).await;
    let listed = listed.send().await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let ends_soon = format!("/v1/accounts/{ACCOUNT}/clients?attention=certificate_expiring");
    let listed = house.admin_ask("GET", &ends_soon).await.send().await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["client_id"], near);
}
