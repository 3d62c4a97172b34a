//! Who is told what of a certificate, and when.

use crate::expiry::certificates::{DAY, app_with_certificate, path};
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::crypto::certificates::CertificateFixture;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

#[tokio::test]
async fn a_holder_is_told_once_at_each_rung_and_once_after_the_end() {
    let domain = "certificate.example";
    let (mut latchkey, client, certified) = app_with_certificate(domain).await;
    latchkey.advance(DAY * 20);
    certified.use_by(&latchkey, &client).await;
    let schedule = [(5, 0), (1, 1), (1, 1), (5, 1), (1, 2), (5, 2), (1, 3), (1, 4), (1, 4), (29, 4)];
    for (days, emails) in schedule {
        latchkey.advance(DAY * days);
        latchkey.run_job().await;
        latchkey.run_job().await;
        assert_eq!(emails_to(domain).await.len(), emails, "after {days} more days");
    }
    let emails = emails_to(domain).await;
    for email in &emails {
        assert!(email.subject.starts_with("Certificate of \"Order sync\" "), "{}", email.subject);
        for part in [&email.text, email.html.as_ref().unwrap()] {
            assert!(part.contains(&client) && part.contains("last used on"), "{part}");
            assert!(part.contains("public_key_pem") && !part.contains("revoke the old one"), "{part}");
        }
    }
    assert!(emails[0].subject.contains("expires in 14 days"), "{}", emails[0].subject);
    assert!(emails[3].subject.ends_with("has expired and nothing takes its place"), "{}", emails[3].subject);
}

#[tokio::test]
async fn a_certificate_that_replaces_another_is_told_of_anew() {
    let domain = "replaced.example";
    let (mut latchkey, client, _) = app_with_certificate(domain).await;
    latchkey.advance(DAY * 26);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1);
    let same_end = CertificateFixture::until(latchkey.date_in(14));
    latchkey.patch_client(&client, &json!({ "public_key_pem": same_end.pem })).await;
    assert!(!latchkey.certificate_said(&client).await, "what was said of the old one");
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 2, "another certificate with the same end");
    let later = CertificateFixture::until(latchkey.date_in(15));
    latchkey.patch_client(&client, &json!({ "public_key_pem": later.pem })).await;
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 2, "it does not end yet");
    latchkey.advance(DAY);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 3);
    let key =
        json!({ "jwks": { "keys": [crate::support::crypto::assertions::TestKey::new("ES256").jwk()] } });
    latchkey.patch_client(&client, &key).await;
    latchkey.advance(DAY * 13);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 3, "a key without a certificate has no end");
}

#[tokio::test]
async fn a_secret_and_a_certificate_come_in_one_letter() {
    let domain = "both.example";
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.go_to_morning();
    latchkey.manager(ACCOUNT, &format!("ann@{domain}")).await;
    let certified = CertificateFixture::until(latchkey.date_in(85));
    let secret = json!({ "token_endpoint_auth_method": "client_secret_basic" });
    let client = latchkey.certified_client(&certified.pem, &secret).await;
    latchkey.advance(DAY * 77);
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.notices), (1, 2), "{summary:?}");
    let emails = emails_to(domain).await;
    let expected = format!("1 secret and 1 certificate of {ACCOUNT} expire soon, the first in 8 days");
    assert_eq!(emails[0].subject, expected);
    for part in [&emails[0].text, emails[0].html.as_ref().unwrap()] {
        assert!(part.contains("for each secret") && part.contains("for each certificate"), "{part}");
        assert!(part.contains(&client), "{part}");
    }
    // The secret is alive when the certificate ends.
    latchkey.advance(DAY * 8);
    latchkey.run_job().await;
    let notified = emails_to(domain).await;
    assert!(notified.iter().all(|email| !email.subject.contains("has expired")), "{notified:?}");
}

#[tokio::test]
async fn two_clients_with_the_same_certificate_are_both_told_of() {
    let domain = "shared-certificate.example";
    let (mut latchkey, first, certified) = app_with_certificate(domain).await;
    latchkey.advance(DAY * 26);
    latchkey.run_job().await;
    let copy =
        latchkey.admin_request("POST", &format!("{}/duplicate", path(&first))).await.send().await.expect(201);
    assert!(!latchkey.certificate_said(&copy.string("client_id")).await, "nothing was said of the copy");
    let third = latchkey.certified_client(&certified.pem, &json!({})).await;
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.notices), (1, 2), "{summary:?}");
    let emails = emails_to(domain).await;
    assert!(emails[1].text.contains(&copy.string("client_id")) && emails[1].text.contains(&third));
    assert!(!emails[1].text.contains(&first));
}

#[tokio::test]
async fn nobody_is_told_while_the_client_is_disabled() {
    let domain = "disabled-certificate.example";
    let (mut latchkey, client, _) = app_with_certificate(domain).await;
    latchkey.admin_request("POST", &format!("{}/disable", path(&client))).await.send().await.expect(200);
    latchkey.advance(DAY * 26);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 0);
    latchkey.admin_request("POST", &format!("{}/enable", path(&client))).await.send().await.expect(200);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1);
}

#[tokio::test]
async fn a_certificate_that_never_ends_is_taken_and_not_told_of() {
    let domain = "endless.example";
    let (mut latchkey, ..) = app_with_certificate(domain).await;
    let endless = CertificateFixture::until(jiff::civil::date(9999, 12, 31));
    let client = latchkey.certified_client(&endless.pem, &json!({})).await;
    endless.use_by(&latchkey, &client).await;
    latchkey.advance(DAY * 26);
    assert_eq!(latchkey.run_job().await.notices, 1, "the other one");
}

#[tokio::test]
async fn only_clients_with_an_end_near_are_read_and_lists_have_all() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    latchkey.manager(ACCOUNT, "ann@near.example").await;
    let near =
        latchkey.certified_client(&CertificateFixture::until(latchkey.date_in(10)).pem, &json!({})).await;
    let far =
        latchkey.certified_client(&CertificateFixture::until(latchkey.date_in(100)).pem, &json!({})).await;
    proxy.take_calls();
    assert_eq!(latchkey.run_job().await.notices, 1);
    let calls: Vec<String> = proxy.take_calls().into_iter().map(|call| call.input.to_string()).collect();
    let asked_for = |client: &str| calls.iter().any(|input| input.contains(&format!("CLIENT#{client}")));
    assert!(asked_for(&near) && !asked_for(&far));
    let listed = latchkey.admin_request("GET", &format!("/v1/accounts/{ACCOUNT}/clients")).await;
    let listed = listed.send().await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let ends_soon = format!("/v1/accounts/{ACCOUNT}/clients?attention=certificate_expiring");
    let listed = latchkey.admin_request("GET", &ends_soon).await.send().await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["client_id"], near);
}
