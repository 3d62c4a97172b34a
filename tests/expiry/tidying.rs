//! What the job clears up.

use crate::support::house::TestHouse;
use crate::support::things::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn a_secret_that_ended_a_month_ago_is_removed_from_both_stores() {
    let mut house = TestHouse::furnished().await;
    let client = house.client().await;
    house.advance(DAY * 119);
    assert_eq!(house.run_job().await.removed, 0);
    assert_eq!(house.partition(&format!("CLIENT#{}", client.client_id)).await.len(), 2);
    house.advance(DAY * 3);
    // The operator's own secret has ended as long ago.
    assert_eq!(house.run_job().await.removed, 2);
    assert_eq!(house.partition(&format!("CLIENT#{}", client.client_id)).await.len(), 1);
    house.assert_settled().await;
    let path = format!("/v1/accounts/{ACCOUNT}/audit");
    let trail = house.admin_ask("GET", &path).await.send().await.expect(200).json();
    assert_eq!(trail["items"][0]["action"], "secret.revoked");
    assert_eq!(trail["items"][0]["actor"]["client_id"], "latchkey.expiry");
    let listed = house.admin_ask("GET", &client.path()).await.send().await.expect(200).json();
    assert_eq!(listed["attention"], json!(["no_credentials"]));
}
