//! Events of security: codes and refresh tokens that are presented again, and revocations.

use crate::support::app::TestApp;
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fixtures::ACCOUNT;
use crate::support::sign_in::code_flow::{Tokens, claims};
use crate::v1::AUDIT;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The one event since the last time, which is also the newest entry of the audit trail.
async fn only_event(latchkey: &TestApp, events: Vec<Vec<Value>>) -> Value {
    let events: Vec<Value> = events.iter().flatten().map(delivered).collect();
    let [event] = &events[..] else { panic!("one event, not {events:?}") };
    let newest = latchkey.list_items(AUDIT).await.swap_remove(0);
    assert_eq!(newest["audit_id"], event["detail"]["audit_id"]);
    assert_eq!(newest["action"], event["detail-type"]);
    event["detail"].clone()
}

#[tokio::test]
async fn replays_are_recorded_once_with_client_and_person() {
    let (mut latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().ann().await;
    let app = latchkey.fixtures().code_flow_client().await;
    let code = latchkey.fixtures().code(&app).await;
    let tokens = Tokens::of(&latchkey.redeem(&app, &code).await.expect(200));
    let expected = |tokens: &Tokens| {
        let grant_id = claims(&tokens.access)["grant_id"].clone();
        json!({ "client_id": app.client_id, "email": "ann@acme.example", "grant_id": grant_id, "subject_type": "member" })
    };
    latchkey.advance(SignedDuration::from_secs(1));
    received(&proxy);
    for _ in 0..3 {
        latchkey.redeem(&app, &code).await.expect(400);
    }
    let detail = only_event(&latchkey, received(&proxy)).await;
    assert_eq!((&detail["action"], &detail["target"]), (&json!("code.replayed"), &expected(&tokens)));
    assert_eq!(detail["actor"]["client_id"], app.client_id);

    let first = latchkey.code_flow_tokens(&app).await;
    latchkey.refresh(&app, &first.refresh, "").await.expect(200);
    latchkey.advance(SignedDuration::from_secs(31));
    received(&proxy);
    for _ in 0..3 {
        latchkey.refresh(&app, &first.refresh, "").await.expect(400);
    }
    let detail = only_event(&latchkey, received(&proxy)).await;
    assert_eq!((&detail["action"], &detail["target"]), (&json!("refresh_token.reused"), &expected(&first)));
}

#[tokio::test]
async fn revocations_are_recorded() {
    let (mut latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    let token = latchkey.access_token(&client).await;
    latchkey.advance(SignedDuration::from_secs(1));
    received(&proxy);
    latchkey.revoke(&client, "garbage").await;
    latchkey.revoke(&client, &token).await;
    let detail = only_event(&latchkey, received(&proxy)).await;
    assert_eq!(detail["action"], "token.revoked");
    assert_eq!(detail["target"], json!({ "client_id": client.client_id }));
    assert_eq!(detail["account_id"], ACCOUNT);
}

#[tokio::test]
async fn rotations_and_emergencies_are_in_operators_trail() {
    let (mut latchkey, proxy) = with_event_bus(Some(BUS)).await;
    for (action, emergency) in [("signing_keys.rotated", false), ("signing_keys.revoked", true)] {
        latchkey.advance(SignedDuration::from_hours(3));
        received(&proxy);
        if emergency {
            latchkey.replace_compromised("active", "leak").await;
        } else {
            latchkey.rotate().await;
        }
        let events: Vec<Value> = received(&proxy).iter().flatten().map(delivered).collect();
        let [event] = &events[..] else { panic!("one event, not {events:?}") };
        assert_eq!(event["detail-type"], action);
        assert_eq!(event["detail"]["actor"]["system"], "rotate_keys");
        let newest = latchkey.list_items("/v1/accounts/T00000001/audit").await.swap_remove(0);
        assert_eq!(newest["audit_id"], event["detail"]["audit_id"]);
    }
}
