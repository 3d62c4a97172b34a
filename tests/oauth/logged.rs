//! What the log says of introspection, revocation and revoked tokens: one event for each outcome, with the
//! reason that the caller is not told.

use crate::support::codes::claims;
use crate::support::house::TestHouse;
use crate::support::kept_log::Kept;
use crate::support::things::ACCOUNT;
use crate::v1::CLIENTS;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The one event of some work.
async fn event(work: impl AsyncFnOnce()) -> Value {
    let log = Kept::default();
    let listening = log.listen_as("info");
    work().await;
    drop(listening);
    let events = log.events();
    let [event] = events.as_slice() else { panic!("one event: {events:?}") };
    event.clone()
}

#[tokio::test]
async fn every_outcome_is_one_event_with_its_reason() {
    let mut house = TestHouse::furnished().await;
    house.account("T2").await;
    let (checker, expired) = (house.client().await, house.client().await);
    let expired = house.access_token(&expired).await;
    house.advance(SignedDuration::from_secs(3_601));
    let (foreign, _) = house.administrator("T2", &["clients:read"]).await;
    let foreign = house.access_token(&foreign).await;
    let (client, disabled, deleted) = (house.client().await, house.client().await, house.client().await);
    let (token, revoked) = (house.access_token(&client).await, house.access_token(&client).await);
    let (of_disabled, of_deleted) = (house.access_token(&disabled).await, house.access_token(&deleted).await);
    house.revoke(&client, &revoked).await;
    house.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    house.delete(&deleted.path()).await.expect(204);

    for (token, reason) in [
        ("garbage", "malformed_token"),
        (&expired, "token_expired"),
        (&foreign, "other_account"),
        (&revoked, "token_revoked"),
        (&of_disabled, "client_disabled"),
        (&of_deleted, "client_deleted"),
    ] {
        let event = event(async || drop(house.introspect(&checker, token).await)).await;
        assert_eq!((&event["level"], &event["message"]), (&json!("INFO"), &json!("token introspected")));
        assert_eq!((&event["active"], &event["reason"]), (&json!(false), &json!(reason)));
        assert_eq!(event["client_id"], checker.client_id);
    }
    let active = event(async || drop(house.introspect(&checker, &token).await)).await;
    assert_eq!((&active["active"], active.get("reason")), (&json!(true), None));
    for (token, reason) in [("garbage", "malformed_token"), (&token, "other_client")] {
        let event = event(async || drop(house.revoke(&checker, token).await)).await;
        assert_eq!((&event["message"], &event["reason"]), (&json!("nothing to revoke"), &json!(reason)));
    }
    let done = event(async || drop(house.revoke(&client, &token).await)).await;
    assert_eq!((&done["message"], &done["jti"]), (&json!("token revoked"), &active["jti"]));
    assert_eq!(done["client_id"], client.client_id);
}

#[tokio::test]
async fn what_a_token_was_issued_from_and_for_whom_is_said_by_their_ids() {
    let mut house = TestHouse::inhabited().await;
    let (app, checker) = (house.app().await, house.client().await);
    let (tokens, ended) = (house.signed_in(&app).await, house.signed_in(&app).await);
    let next = house.refresh(&app, &tokens.refresh, "").await.expect(200).string("refresh_token");
    house.advance(SignedDuration::from_secs(31));
    let said = claims(&tokens.access);
    for token in [&tokens.access, &next] {
        let event = event(async || drop(house.introspect(&checker, token).await)).await;
        assert_eq!((&event["active"], &event["grant_id"]), (&json!(true), &said["grant_id"]));
        assert_eq!(event["sub"], said["sub"]);
    }
    let revoked = event(async || drop(house.revoke(&app, &ended.refresh).await)).await;
    let grant = &claims(&ended.access)["grant_id"];
    assert_eq!((&revoked["message"], &revoked["grant_id"]), (&json!("token revoked"), grant));
    house.withdraw(&app).await;
    for (token, reason) in [
        (ended.access.as_str(), "grant_ended"),
        (&ended.refresh, "family_revoked"),
        (&tokens.refresh, "refresh_token_reused"),
        (&tokens.access, "consent_withdrawn"),
        (&next, "consent_withdrawn"),
        ("lkr_x", "malformed_token"),
    ] {
        let event = event(async || drop(house.introspect(&checker, token).await)).await;
        assert_eq!((&event["active"], &event["reason"]), (&json!(false), &json!(reason)));
    }
    let event = event(async || drop(house.revoke(&checker, &next).await)).await;
    assert_eq!(event["reason"], "other_client");
}

#[tokio::test]
async fn a_refusal_is_one_event_too() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    for (path, endpoint) in [
        ("/oauth/introspect", "introspection"),
        ("/oauth/check_token", "introspection"),
        ("/oauth/revoke", "revocation"),
    ] {
        let ask = |id, form| house.ask("POST", path).basic(id, secret).form(form);
        let unknown = event(async || drop(ask("nobody", "token=x").send().await.expect(401))).await;
        assert_eq!((&unknown["endpoint"], &unknown["reason"]), (&json!(endpoint), &json!("unknown_client")));
        assert_eq!((&unknown["error"], &unknown["client_id"]), (&json!("invalid_client"), &json!("nobody")));
        let empty = event(async || drop(ask(id, "").send().await.expect(400))).await;
        assert_eq!(
            (&empty["error"], &empty["reason"]),
            (&json!("invalid_request"), &json!("token is missing"))
        );
    }
}

#[tokio::test]
async fn a_revoked_token_at_the_management_api_is_logged_for_what_it_is() {
    let house = TestHouse::furnished().await;
    let (admin, token) = house.administrator(ACCOUNT, &["clients:read"]).await;
    house.revoke(&admin, &token).await;
    let ask = house.ask("GET", CLIENTS).bearer(&token);
    let event = event(async || drop(ask.send().await.expect(401))).await;
    assert_eq!((&event["code"], &event["cause"]), (&json!("unauthenticated"), &json!("token_revoked")));
}
