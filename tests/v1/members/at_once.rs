//! Invitations at the same time.

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::ACCOUNT;
use crate::v1::MEMBERS;
use serde_json::json;

#[tokio::test]
async fn address_that_is_invited_twice_at_once_gets_one_mail() {
    let latchkey = TestApp::with_fixtures().await;
    let email = format!("ben@{}", latchkey.mail_domain());
    let body = json!({ "email": email, "name": "Ben", "permissions": ["clients:read"], "invite": true });
    let (one, two) = tokio::join!(latchkey.post(MEMBERS, &body), latchkey.post(MEMBERS, &body));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    assert_eq!(emails_to(&latchkey.mail_domain()).await.len(), 1);
    let account = latchkey.get(&format!("/v1/accounts/{ACCOUNT}")).await.expect(200).json();
    assert_eq!(account["usage"]["members"], 1);
}

#[tokio::test]
async fn invitation_that_is_sent_again_at_once_keeps_to_the_limit() {
    let latchkey = TestApp::with_fixtures().await;
    let email = format!("ben@{}", latchkey.mail_domain());
    latchkey.post(MEMBERS, &json!({ "email": email, "name": "Ben", "invite": true })).await.expect(201);
    let path = format!("{MEMBERS}/{email}/invitation");
    let body = json!({});
    let again = || latchkey.post(&path, &body);
    let (one, two, three, four) = tokio::join!(again(), again(), again(), again());
    let mut statuses = [one, two, three, four].map(|answer| answer.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 429]);
    assert_eq!(emails_to(&latchkey.mail_domain()).await.len(), 4);
}
