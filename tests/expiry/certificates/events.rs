//! What EventBridge hears of certificates.

use super::DAY;
use crate::support::bus::{BUS, delivered, heard, heard_house};
use crate::support::certified::Certified;
use crate::support::things::ACCOUNT;
use serde_json::{Value, json};

#[tokio::test]
async fn the_end_of_a_certificate_is_told_as_the_schema_says() {
    let (mut house, proxy) = heard_house(Some(BUS)).await;
    house.furnish().await;
    house.go_to_morning();
    house.holder(ACCOUNT, "ann@heard.example").await;
    let end = house.date_in(40);
    let certified = Certified::until(end);
    let client = house.certified_client(&certified.pem, &json!({})).await;
    certified.use_by(&house, &client).await;
    let used = house.date_in(0).to_string();
    let view = house.admin_ask("GET", &super::path(&client)).await.send().await.expect(200).json();
    let thumbprint = &view["credentials"][0]["thumbprint"];
    for (days, name, rung) in [
        (26, "certificate.expiring", json!(14)),
        (7, "certificate.expiring", json!(7)),
        (6, "certificate.expiring", json!(1)),
        (1, "certificate.expired", Value::Null),
    ] {
        house.advance(DAY * days);
        house.admin().await;
        proxy.take_calls();
        house.run_job().await;
        house.run_job().await;
        let told: Vec<Value> = heard(&proxy).iter().flatten().map(delivered).collect();
        let [event] = &told[..] else { panic!("{told:?}") };
        let detail = &event["detail"];
        assert_eq!((&event["detail-type"], &detail["days"]), (&json!(name), &rung));
        assert_eq!(detail["target"], json!({ "client_id": client }));
        assert_eq!((&detail["thumbprint"], &detail["account_id"]), (thumbprint, &json!(ACCOUNT)));
        assert_eq!(detail["expires_at"], format!("{end}T00:00:00Z"));
        assert_eq!((&detail["last_used_on"], &detail["client_name"]), (&json!(used), &json!("Order sync")));
    }
}
