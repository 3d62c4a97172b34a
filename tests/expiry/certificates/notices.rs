//! Notices of an expiring certificate: recipients and times.

use crate::expiry::certificates::{DAY, app_with_certificate, path};
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::crypto::certificates::CertificateFixture;
use crate::support::emails::emails_to;
use crate::support::fault_injection::aws_proxy::AwsProxy;
use crate::support::fixtures::ACCOUNT;
use serde_json::json;

#[tokio::test]
async fn recipient_is_notified_once_per_threshold_and_on_expiry() {
    let domain = "certificate.example";
    let (mut latchkey, client, certificate) = app_with_certificate(domain).await;
    latchkey.advance(DAY * 20);
    certificate.authenticate(&latchkey, &client).await;
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
            assert!(part.contains("Set the new certificate for the client."), "{part}");
            assert!(part.contains("/credentials") && !part.contains("a new secret there"), "{part}");
        }
    }
    assert!(emails[0].subject.contains("expires in 14 days"), "{}", emails[0].subject);
    assert!(emails[3].subject.ends_with("has expired and nothing takes its place"), "{}", emails[3].subject);
}

#[tokio::test]
async fn replaced_certificate_is_notified_anew() {
    let domain = "replaced.example";
    let (mut latchkey, client, _) = app_with_certificate(domain).await;
    latchkey.advance(DAY * 26);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 1);
    let same_expiry = CertificateFixture::expiring_on(latchkey.date_in(14));
    latchkey.patch_client(&client, &json!({ "public_key_pem": same_expiry.pem })).await;
    assert!(
        !latchkey.inspect().has_certificate_notice(&client).await,
        "the notice of the old certificate is removed"
    );
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 2, "another certificate with the same end");
    let later = CertificateFixture::expiring_on(latchkey.date_in(15));
    latchkey.patch_client(&client, &json!({ "public_key_pem": later.pem })).await;
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 2, "it does not expire yet");
    latchkey.advance(DAY);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 3);
    let key =
        json!({ "jwks": { "keys": [crate::support::crypto::assertions::TestKey::new("ES256").jwk()] } });
    latchkey.patch_client(&client, &key).await;
    latchkey.advance(DAY * 13);
    latchkey.run_job().await;
    assert_eq!(emails_to(domain).await.len(), 3, "a key without a certificate has no expiry");
}

#[tokio::test]
async fn secret_and_certificate_share_one_email() {
    let domain = "both.example";
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.set_time_to_morning();
    latchkey.fixtures().manager(ACCOUNT, &format!("ann@{domain}")).await;
    let certificate = CertificateFixture::expiring_on(latchkey.date_in(85));
    let secret = json!({ "token_endpoint_auth_method": "client_secret_basic" });
    let client = latchkey.fixtures().certificate_client(&certificate.pem, &secret).await;
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
    // The secret is live when the certificate expires.
    latchkey.advance(DAY * 8);
    latchkey.run_job().await;
    let notified = emails_to(domain).await;
    assert!(notified.iter().all(|email| !email.subject.contains("has expired")), "{notified:?}");
}

#[tokio::test]
async fn shared_certificate_is_notified_for_each_client() {
    let domain = "shared-certificate.example";
    let (mut latchkey, first, certificate) = app_with_certificate(domain).await;
    latchkey.advance(DAY * 26);
    latchkey.run_job().await;
    let copy =
        latchkey.admin_request("POST", &format!("{}/duplicate", path(&first))).await.send().await.expect(201);
    assert!(
        !latchkey.inspect().has_certificate_notice(&copy.string("client_id")).await,
        "the copy has no notice"
    );
    let third = latchkey.fixtures().certificate_client(&certificate.pem, &json!({})).await;
    let summary = latchkey.run_job().await;
    assert_eq!((summary.sent, summary.notices), (1, 2), "{summary:?}");
    let emails = emails_to(domain).await;
    assert!(emails[1].text.contains(&copy.string("client_id")) && emails[1].text.contains(&third));
    assert!(!emails[1].text.contains(&first));
}

#[tokio::test]
async fn disabled_client_is_not_notified() {
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
async fn certificate_without_expiry_is_accepted_and_not_notified() {
    let domain = "endless.example";
    let (mut latchkey, ..) = app_with_certificate(domain).await;
    let unlimited = CertificateFixture::expiring_on(jiff::civil::date(9999, 12, 31));
    let client = latchkey.fixtures().certificate_client(&unlimited.pem, &json!({})).await;
    unlimited.authenticate(&latchkey, &client).await;
    latchkey.advance(DAY * 26);
    assert_eq!(latchkey.run_job().await.notices, 1, "the other one");
}

#[tokio::test]
async fn only_clients_expiring_soon_are_read() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@near.example").await;
    let near = latchkey
        .fixtures()
        .certificate_client(&CertificateFixture::expiring_on(latchkey.date_in(10)).pem, &json!({}))
        .await;
    let far = latchkey
        .fixtures()
        .certificate_client(&CertificateFixture::expiring_on(latchkey.date_in(100)).pem, &json!({}))
        .await;
    proxy.take_calls();
    assert_eq!(latchkey.run_job().await.notices, 1);
    let calls: Vec<String> = proxy.take_calls().into_iter().map(|call| call.input.to_string()).collect();
    let is_read = |client: &str| calls.iter().any(|input| input.contains(&format!("CLIENT#{client}")));
    assert!(is_read(&near) && !is_read(&far));
    let listed = latchkey.admin_request("GET", &format!("/v1/accounts/{ACCOUNT}/clients")).await;
    let listed = listed.send().await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let expiring_soon = format!("/v1/accounts/{ACCOUNT}/clients?attention=certificate_expiring");
    let listed = latchkey.admin_request("GET", &expiring_soon).await.send().await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["client_id"], near);
}
