//! Removal of expired data by the job.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use jiff::SignedDuration;
use serde_json::json;

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[tokio::test]
async fn long_expired_secret_is_removed_from_both_stores() {
    let mut latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.advance(DAY * 119);
    assert_eq!(latchkey.run_job().await.removed, 0);
    assert_eq!(latchkey.inspect().partition(&format!("CLIENT#{}", client.client_id)).await.len(), 2);
    latchkey.advance(DAY * 3);
    // The operator's own secret expired at the same time.
    assert_eq!(latchkey.run_job().await.removed, 2);
    assert_eq!(latchkey.inspect().partition(&format!("CLIENT#{}", client.client_id)).await.len(), 1);
    latchkey.inspect().assert_settled().await;
    let path = format!("/v1/accounts/{ACCOUNT}/audit");
    let trail = latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
    assert_eq!(trail["items"][0]["action"], "secret.revoked");
    assert_eq!(trail["items"][0]["actor"]["client_id"], "latchkey.expiry");
    let listed = latchkey.admin_request("GET", &client.path()).await.send().await.expect(200).json();
    assert_eq!(listed["attention"], json!(["no_credentials"]));
}
