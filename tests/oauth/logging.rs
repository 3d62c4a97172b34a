//! The log of introspection, revocation and revoked tokens: one event for each outcome, with the reason that
//! the response does not contain.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::code_flow::claims;
use crate::v1::CLIENTS;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The one event that this work logs.
async fn event(work: impl AsyncFnOnce()) -> Value {
    let log = CapturedLog::default();
    let log_guard = log.listen_as("info");
    work().await;
    drop(log_guard);
    let events = log.events();
    let [event] = events.as_slice() else { panic!("one event: {events:?}") };
    event.clone()
}

#[tokio::test]
async fn each_outcome_is_one_event_with_its_reason() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().account("T2").await;
    let (checker, expired) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let expired = latchkey.access_token(&expired).await;
    latchkey.advance(SignedDuration::from_secs(3_601));
    let (foreign, _) = latchkey.fixtures().administrator("T2", &["clients:read"]).await;
    let foreign = latchkey.access_token(&foreign).await;
    let (client, disabled, deleted) = (
        latchkey.fixtures().client().await,
        latchkey.fixtures().client().await,
        latchkey.fixtures().client().await,
    );
    let (token, revoked) = (latchkey.access_token(&client).await, latchkey.access_token(&client).await);
    let (of_disabled, of_deleted) =
        (latchkey.access_token(&disabled).await, latchkey.access_token(&deleted).await);
    latchkey.revoke(&client, &revoked).await;
    latchkey.post(&format!("{}/disable", disabled.path()), &json!({})).await.expect(200);
    latchkey.delete(&deleted.path()).await.expect(204);

    for (token, reason) in [
        ("garbage", "malformed_token"),
        (&expired, "token_expired"),
        (&foreign, "other_account"),
        (&revoked, "token_revoked"),
        (&of_disabled, "client_disabled"),
        (&of_deleted, "client_deleted"),
    ] {
        let event = event(async || drop(latchkey.introspect(&checker, token).await)).await;
        assert_eq!((&event["level"], &event["message"]), (&json!("INFO"), &json!("token introspected")));
        assert_eq!((&event["active"], &event["reason"]), (&json!(false), &json!(reason)));
        assert_eq!(event["client_id"], checker.client_id);
    }
    let active = event(async || drop(latchkey.introspect(&checker, &token).await)).await;
    assert_eq!((&active["active"], active.get("reason")), (&json!(true), None));
    for (token, reason) in [("garbage", "malformed_token"), (&token, "other_client")] {
        let event = event(async || drop(latchkey.revoke(&checker, token).await)).await;
        assert_eq!((&event["message"], &event["reason"]), (&json!("nothing to revoke"), &json!(reason)));
    }
    let done = event(async || drop(latchkey.revoke(&client, &token).await)).await;
    assert_eq!((&done["message"], &done["jti"]), (&json!("token revoked"), &active["jti"]));
    assert_eq!(done["client_id"], client.client_id);
}

#[tokio::test]
async fn grant_and_subject_are_logged_by_id() {
    let mut latchkey = TestApp::with_members().await;
    let (app, checker) = (latchkey.fixtures().code_flow_client().await, latchkey.fixtures().client().await);
    let (tokens, revoked_tokens) =
        (latchkey.code_flow_tokens(&app).await, latchkey.code_flow_tokens(&app).await);
    let next = latchkey.refresh(&app, &tokens.refresh, "").await.expect(200).string("refresh_token");
    latchkey.advance(SignedDuration::from_secs(31));
    let token_claims = claims(&tokens.access);
    for token in [&tokens.access, &next] {
        let event = event(async || drop(latchkey.introspect(&checker, token).await)).await;
        assert_eq!((&event["active"], &event["grant_id"]), (&json!(true), &token_claims["grant_id"]));
        assert_eq!(event["sub"], token_claims["sub"]);
    }
    let revoked = event(async || drop(latchkey.revoke(&app, &revoked_tokens.refresh).await)).await;
    let grant = &claims(&revoked_tokens.access)["grant_id"];
    assert_eq!((&revoked["message"], &revoked["grant_id"]), (&json!("token revoked"), grant));
    latchkey.withdraw_consent(&app).await;
    for (token, reason) in [
        (revoked_tokens.access.as_str(), "grant_ended"),
        (&revoked_tokens.refresh, "family_revoked"),
        (&tokens.refresh, "refresh_token_reused"),
        (&tokens.access, "consent_withdrawn"),
        (&next, "consent_withdrawn"),
        ("lkr_x", "malformed_token"),
    ] {
        let event = event(async || drop(latchkey.introspect(&checker, token).await)).await;
        assert_eq!((&event["active"], &event["reason"]), (&json!(false), &json!(reason)));
    }
    let event = event(async || drop(latchkey.revoke(&checker, &next).await)).await;
    assert_eq!(event["reason"], "other_client");
}

#[tokio::test]
async fn rejected_request_is_one_event() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    for (path, endpoint) in [
        ("/oauth/introspect", "introspection"),
        ("/oauth/check_token", "introspection"),
        ("/oauth/revoke", "revocation"),
    ] {
        let request = |id, form| latchkey.request("POST", path).basic(id, secret).form(form);
        let unknown = event(async || drop(request("unknown", "token=x").send().await.expect(401))).await;
        assert_eq!((&unknown["endpoint"], &unknown["reason"]), (&json!(endpoint), &json!("unknown_client")));
        assert_eq!((&unknown["error"], &unknown["client_id"]), (&json!("invalid_client"), &json!("unknown")));
        let empty = event(async || drop(request(id, "").send().await.expect(400))).await;
        assert_eq!(
            (&empty["error"], &empty["reason"]),
            (&json!("invalid_request"), &json!("token is missing"))
        );
    }
}

#[tokio::test]
async fn client_id_in_the_log_is_a_clients_or_unknown() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, other) = (latchkey.fixtures().client().await, latchkey.fixtures().client().await);
    let (id, secret) = (client.client_id.as_str(), client.client_secret.as_str());
    let grant = "grant_type=client_credentials";
    let (known, unknown) = ((json!(id), Value::Null), (json!("unknown"), json!(id)));
    let invented = (json!("unknown"), json!("invented"));
    for (presented, secret, form, logged, account) in [
        ("invented", secret, grant, &invented, None),
        // The client exists, and nothing has shown it yet.
        (id, secret, "grant_type=", &unknown, None),
        (id, &other.client_secret, grant, &known, None),
        (id, secret, "grant_type=client_credentials&scope=none", &known, Some(ACCOUNT)),
    ] {
        let request = latchkey.request("POST", "/oauth/token").basic(presented, secret).form(form);
        let event = event(async || drop(request.send().await)).await;
        assert_eq!((&event["client_id"], &event["presented_client_id"]), (&logged.0, &logged.1), "{event}");
        assert_eq!(event["account_id"].as_str(), account, "{event}");
    }
    let none = event(async || drop(latchkey.request("POST", "/oauth/token").form(grant).send().await)).await;
    assert_eq!((&none["client_id"], none.get("presented_client_id")), (&json!("unknown"), None));
}

#[tokio::test]
async fn revoked_token_at_management_api_is_logged() {
    let latchkey = TestApp::with_fixtures().await;
    let (admin, token) = latchkey.fixtures().administrator(ACCOUNT, &["clients:read"]).await;
    latchkey.revoke(&admin, &token).await;
    let request = latchkey.request("GET", CLIENTS).bearer(&token);
    let event = event(async || drop(request.send().await.expect(401))).await;
    assert_eq!((&event["code"], &event["cause"]), (&json!("unauthenticated"), &json!("token_revoked")));
}
