//! `POST /v1/accounts/{account_id}/console-links`, and the use of such a link.

use crate::support::app::{ISSUER, TestApp};
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::v1::{AUDIT, MEMBERS};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::domain::sign_in::rate_limit::RateLimitDecision;
use shared::services::console::links::{self, LinkPreview, RedeemedLink, UseLinkError};
use std::collections::BTreeSet;

const LINKS: &str = "/v1/accounts/T12345678/console-links";
const ANN: &str = "/v1/accounts/T12345678/members/ann@acme.example";
const FOR_ANN: &str = r#"{"email": "ann@acme.example"}"#;

/// An account with a member that reads clients.
async fn app_with_ann() -> TestApp {
    let latchkey = TestApp::with_fixtures().await;
    add_ann(&latchkey).await;
    latchkey
}

async fn add_ann(latchkey: &TestApp) {
    let ann = json!({ "email": "ann@acme.example", "name": "Ann", "permissions": ["clients:read"] });
    latchkey.post(MEMBERS, &ann).await.expect(201);
}

async fn issue(latchkey: &TestApp, path: &str, token: &str, body: &str) -> TestResponse {
    latchkey.request("POST", path).bearer(token).body("application/json", body).send().await
}

/// The token of a link for Ann, issued by the operator.
async fn token_for_ann(latchkey: &TestApp) -> String {
    let issued = issue(latchkey, LINKS, latchkey.admin().await, FOR_ANN).await.expect(201);
    let url = issued.string("url");
    url.strip_prefix(&format!("{ISSUER}/console/link/")).expect("a link of the console").to_owned()
}

async fn peek(latchkey: &TestApp, token: &str) -> Result<LinkPreview, UseLinkError> {
    links::peek(&latchkey.server.management.app.store, token, latchkey.now()).await
}

async fn redeem(latchkey: &TestApp, token: &str) -> Result<RedeemedLink, UseLinkError> {
    let management = &latchkey.server.management;
    let address = Some("203.0.113.9".parse().unwrap());
    links::redeem(&management.app.store, &management.events, token, address, latchkey.now()).await
}

#[tokio::test]
async fn link_can_be_used_once_within_a_minute() {
    let mut latchkey = app_with_ann().await;
    let body = json!({ "email": "Ann@ACME.example", "to": "/console/accounts/T12345678/clients?status=all" });
    let issued = latchkey.post(LINKS, &body).await.expect(201);
    let lifetime = SignedDuration::from_secs(60);
    let expires_at: Timestamp = issued.string("expires_at").parse().unwrap();
    let left = expires_at.duration_since(latchkey.now());
    assert!(left <= lifetime && left > lifetime / 2, "{left:?}");
    let url = issued.string("url");
    let token = url.rsplit('/').next().unwrap();
    for _ in 0..2 {
        let seen = peek(&latchkey, token).await.unwrap();
        assert_eq!((seen.email.as_str(), seen.account.account_id.as_str()), ("ann@acme.example", ACCOUNT));
    }
    let used = redeem(&latchkey, token).await.unwrap();
    assert_eq!(used.to.as_str(), "/console/accounts/T12345678/clients?status=all");
    assert_eq!(used.membership.member.email.as_str(), "ann@acme.example");
    assert_eq!(used.issued_by.client_id.unwrap().as_str(), "latchkey-operator");
    for outcome in [redeem(&latchkey, token).await.err(), peek(&latchkey, token).await.err()] {
        assert!(matches!(outcome, Some(UseLinkError::AlreadyUsed)), "{outcome:?}");
    }

    let second = token_for_ann(&latchkey).await;
    latchkey.advance(lifetime);
    for outcome in [redeem(&latchkey, &second).await.err(), peek(&latchkey, &second).await.err()] {
        assert!(matches!(outcome, Some(UseLinkError::Expired)), "{outcome:?}");
    }
    for unknown in ["", "x", &"a".repeat(43), &second.to_lowercase()] {
        assert!(matches!(redeem(&latchkey, unknown).await, Err(UseLinkError::NotFound)), "{unknown}");
    }
    let stored = format!("{:?}", latchkey.inspect().grants("").await);
    assert!(!stored.contains(token) && !stored.contains(&second), "only digests are stored");
}

#[tokio::test]
async fn of_several_uses_at_once_one_succeeds() {
    let latchkey = app_with_ann().await;
    let token = token_for_ann(&latchkey).await;
    let use_it = || redeem(&latchkey, &token);
    let (one, two, three, four) = tokio::join!(use_it(), use_it(), use_it(), use_it());
    let (good, bad): (Vec<_>, Vec<_>) = [one, two, three, four].into_iter().partition(Result::is_ok);
    assert_eq!(good.len(), 1);
    assert!(bad.iter().all(|outcome| matches!(outcome, Err(UseLinkError::AlreadyUsed))), "{bad:?}");
}

#[tokio::test]
async fn removed_member_and_disabled_account_cannot_use_their_link() {
    let latchkey = app_with_ann().await;
    let token = token_for_ann(&latchkey).await;
    latchkey.delete(ANN).await.expect(204);
    assert!(matches!(redeem(&latchkey, &token).await, Err(UseLinkError::MemberRemoved)));
    add_ann(&latchkey).await;
    assert!(matches!(redeem(&latchkey, &token).await, Err(UseLinkError::MemberRemoved)), "another member");
    let token = token_for_ann(&latchkey).await;
    latchkey.patch("/v1/accounts/T12345678", &json!({ "status": "disabled" })).await.expect(200);
    for outcome in [redeem(&latchkey, &token).await.err(), peek(&latchkey, &token).await.err()] {
        assert!(matches!(outcome, Some(UseLinkError::AccountDisabled)), "{outcome:?}");
    }
    assert_eq!(
        latchkey.post(LINKS, &json!({ "email": "ann@acme.example" })).await.problem(),
        "account_disabled"
    );
}

#[tokio::test]
async fn link_gives_no_scope_that_its_issuer_lacks() {
    let latchkey = app_with_ann().await;
    let own = ["members:manage", "clients:read"];
    let (_, administrator) = latchkey.fixtures().administrator(ACCOUNT, &own).await;
    let issued = issue(&latchkey, LINKS, &administrator, FOR_ANN).await.expect(201);
    let more = json!({ "permissions": ["clients:read", "clients:manage"] });
    latchkey.patch(ANN, &more).await.expect(200);
    let used = redeem(&latchkey, issued.string("url").rsplit('/').next().unwrap()).await.unwrap();
    let expected = [ManagementScope::MembersManage, ManagementScope::ClientsRead];
    assert_eq!(used.scopes, BTreeSet::from(expected));
    let refused = issue(&latchkey, LINKS, &administrator, FOR_ANN).await.expect(403);
    assert_eq!(refused.problem(), "forbidden", "Ann holds more than the caller now");
}

#[tokio::test]
async fn links_for_operators_are_issued_to_operators() {
    let latchkey = TestApp::with_fixtures().await;
    let path = "/v1/accounts/T00000001/console-links";
    latchkey
        .post("/v1/accounts/T00000001/members", &json!({ "email": "ops@latchkey.example", "name": "Ops" }))
        .await
        .expect(201);
    let (_, colleague) = latchkey.fixtures().administrator("T00000001", &["members:manage"]).await;
    let body = r#"{"email": "ops@latchkey.example"}"#;
    issue(&latchkey, path, &colleague, body).await.expect(403);
    issue(&latchkey, path, latchkey.admin().await, body).await.expect(201);
}

#[tokio::test]
async fn address_and_page_are_checked() {
    let latchkey = app_with_ann().await;
    for (body, pointer) in [
        (json!({}), "#/email"),
        (json!({ "email": "ann" }), "#/email"),
        (json!({ "email": "bob@acme.example" }), "#/email"),
        (json!({ "email": "ann@acme.example", "to": "https://evil.example/console" }), "#/to"),
        (json!({ "email": "ann@acme.example", "to": "//evil.example" }), "#/to"),
        (json!({ "email": "ann@acme.example", "to": "/oauth/authorize" }), "#/to"),
        (json!({ "email": "ann@acme.example", "scopes": [] }), "#/scopes"),
    ] {
        assert_eq!(latchkey.post(LINKS, &body).await.expect(422).pointers(), [pointer], "{body}");
    }
    latchkey.post("/v1/accounts/T9/console-links", &json!({ "email": "ann@acme.example" })).await.expect(404);
}

#[tokio::test]
async fn links_of_an_hour_are_limited() {
    let latchkey = app_with_ann().await;
    let (store, now) = (&latchkey.server.management.app.store, latchkey.now());
    let ann = EmailAddress::parse("ann@acme.example").unwrap();
    let [of_member, _] = links::counters(&AccountId::parse(ACCOUNT).unwrap(), &ann);
    while store.check_rate_limit(&of_member, now).await.unwrap() == RateLimitDecision::Allowed {}
    let refused = latchkey.post(LINKS, &json!({ "email": "ann@acme.example" })).await.expect(429);
    assert_eq!(refused.problem(), "rate_limited");
    let seconds: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3_600).contains(&seconds), "{seconds}");
    latchkey.post(MEMBERS, &json!({ "email": "bob@acme.example", "name": "Bob" })).await.expect(201);
    latchkey.post(LINKS, &json!({ "email": "bob@acme.example" })).await.expect(201);
}

#[tokio::test]
async fn audit_trail_and_events_name_issuer_and_member() {
    let (mut latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    add_ann(&latchkey).await;
    latchkey.advance(SignedDuration::from_secs(1));
    latchkey.admin().await;
    received(&proxy);
    let token = token_for_ann(&latchkey).await;
    latchkey.advance(SignedDuration::from_secs(1));
    redeem(&latchkey, &token).await.unwrap();
    let events: Vec<Value> = received(&proxy).iter().flatten().map(delivered).collect();
    let names: Vec<_> = events.iter().map(|event| event["detail-type"].as_str().unwrap()).collect();
    assert_eq!(names, ["console_link.created", "console_link.used"]);
    let trail = latchkey.list_items(AUDIT).await;
    let [used, created] = &trail[..2] else { panic!("two entries") };
    assert_eq!((&created["action"], &used["action"]), (&json!(names[0]), &json!(names[1])));
    assert_eq!(created["actor"]["client_id"], "latchkey-operator");
    assert_eq!(
        (&used["actor"]["system"], &used["actor"]["email"]),
        (&json!("console"), &json!("ann@acme.example"))
    );
    assert_eq!(used["actor"]["source_ip"], "203.0.113.9");
    let issuer = json!([{ "member": "issued_by", "old": null, "new": "latchkey-operator" }]);
    assert_eq!(used["changes"], issuer);
    for entry in [created, used] {
        assert_eq!(entry["target"], json!({ "email": "ann@acme.example" }));
    }
    assert!(!format!("{events:?}{trail:?}").contains(&token), "no capability in what is kept");
}
