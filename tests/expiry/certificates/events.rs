//! What EventBridge hears of certificates.

use super::DAY;
use crate::support::crypto::certificates::CertificateFixture;
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fixtures::ACCOUNT;
use serde_json::{Value, json};

#[tokio::test]
async fn the_end_of_a_certificate_is_told_as_the_schema_says() {
    let (mut latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.seed().await;
    latchkey.go_to_morning();
    latchkey.manager(ACCOUNT, "ann@heard.example").await;
    let end = latchkey.date_in(40);
    let certified = CertificateFixture::until(end);
    let client = latchkey.certified_client(&certified.pem, &json!({})).await;
    certified.use_by(&latchkey, &client).await;
    let used = latchkey.date_in(0).to_string();
    let view = latchkey.admin_request("GET", &super::path(&client)).await.send().await.expect(200).json();
    let thumbprint = &view["credentials"][0]["thumbprint"];
    for (days, name, rung) in [
        (26, "certificate.expiring", json!(14)),
        (7, "certificate.expiring", json!(7)),
        (6, "certificate.expiring", json!(1)),
        (1, "certificate.expired", Value::Null),
    ] {
        latchkey.advance(DAY * days);
        latchkey.admin().await;
        proxy.take_calls();
        latchkey.run_job().await;
        latchkey.run_job().await;
        let notified: Vec<Value> = received(&proxy).iter().flatten().map(delivered).collect();
        let [event] = &notified[..] else { panic!("{notified:?}") };
        let detail = &event["detail"];
        assert_eq!((&event["detail-type"], &detail["days"]), (&json!(name), &rung));
        assert_eq!(detail["target"], json!({ "client_id": client }));
        assert_eq!((&detail["thumbprint"], &detail["account_id"]), (thumbprint, &json!(ACCOUNT)));
        assert_eq!(detail["expires_at"], format!("{end}T00:00:00Z"));
        assert_eq!((&detail["last_used_on"], &detail["client_name"]), (&json!(used), &json!("Order sync")));
    }
}
