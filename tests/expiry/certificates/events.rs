//! Events of expiring certificates on EventBridge.

use super::DAY;
use crate::support::crypto::certificates::CertificateFixture;
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fixtures::ACCOUNT;
use serde_json::{Value, json};

#[tokio::test]
async fn certificate_expiry_event_matches_schema() {
    let (mut latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    latchkey.set_time_to_morning();
    latchkey.fixtures().manager(ACCOUNT, "ann@heard.example").await;
    let expires_on = latchkey.date_in(40);
    let certificate = CertificateFixture::expiring_on(expires_on);
    let client = latchkey.fixtures().certificate_client(&certificate.pem, &json!({})).await;
    certificate.authenticate(&latchkey, &client).await;
    let used = latchkey.date_in(0).to_string();
    let view = latchkey.admin_request("GET", &super::path(&client)).await.send().await.expect(200).json();
    let thumbprint = &view["credentials"][0]["thumbprint"];
    for (days, name, threshold) in [
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
        let events: Vec<Value> = received(&proxy).iter().flatten().map(delivered).collect();
        let [event] = &events[..] else { panic!("{events:?}") };
        let detail = &event["detail"];
        assert_eq!((&event["detail-type"], &detail["days"]), (&json!(name), &threshold));
        assert_eq!(detail["target"], json!({ "client_id": client }));
        assert_eq!((&detail["thumbprint"], &detail["account_id"]), (thumbprint, &json!(ACCOUNT)));
        assert_eq!(detail["expires_at"], format!("{expires_on}T00:00:00Z"));
        assert_eq!((&detail["last_used_on"], &detail["client_name"]), (&json!(used), &json!("Order sync")));
    }
}
