//! Events on EventBridge: every change is published once, matches the schema and has no secret; a failing bus
//! never fails the change.

mod expiry;
mod security;

use crate::support::app::TestApp;
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fault_injection::aws_proxy::InjectedFault;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::support::sign_in::CALLBACK;
use serde_json::{Value, json};
use shared::domain::audit::Action;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

async fn send(latchkey: &TestApp, method: &str, path: &str, body: &Value) -> TestResponse {
    let response = latchkey.admin_request(method, path).await.json(body).send().await;
    assert!(response.status.is_success(), "{method} {path}: {}", response.text());
    response
}

/// Makes one change of each kind but those of clients.
async fn change_account_resource_and_member(latchkey: &TestApp) {
    latchkey.fixtures().seed().await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    send(latchkey, "PATCH", &account, &json!({ "account_name": "Acme" })).await;
    let resource = "/v1/resources/backoffice_api";
    send(latchkey, "PATCH", resource, &json!({ "resource_name": "Back" })).await;
    let ann = json!({ "email": "ann@acme.example", "name": "Ann" });
    send(latchkey, "POST", &format!("{account}/members"), &ann).await;
    let member = format!("{account}/members/ann@acme.example");
    send(latchkey, "PATCH", &member, &json!({ "name": "Ann B." })).await;
    send(latchkey, "DELETE", &member, &json!({})).await;
}

/// Makes one change of each kind of a client. Returns it and the secrets that were shown.
async fn change_client(latchkey: &TestApp) -> (TestClient, Vec<String>) {
    let client = latchkey.fixtures().client_with(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
    let path = client.path();
    send(latchkey, "PATCH", &path, &json!({ "description": "Nightly", "contacts": ["a@b.example"] })).await;
    let permissions = json!({ "permissions": [{ "resource": "backoffice_api" }] });
    send(latchkey, "PUT", &format!("{path}/permissions"), &permissions).await;
    send(latchkey, "POST", &format!("{path}/disable"), &json!({})).await;
    send(latchkey, "POST", &format!("{path}/enable"), &json!({})).await;
    let copy = send(latchkey, "POST", &format!("{path}/duplicate"), &json!({})).await;
    let code_flow = json!({ "grant_types": ["authorization_code"], "redirect_uris": [CALLBACK] });
    send(latchkey, "PATCH", &path, &code_flow).await;
    let bob = latchkey.fixtures().member("bob").await;
    Box::pin(latchkey.sign_in(&client, &bob)).await;
    let given = send(latchkey, "GET", &format!("{path}/consents"), &json!({})).await.json();
    let sub = given["items"][0]["sub"].as_str().unwrap();
    send(latchkey, "DELETE", &format!("{path}/consents/{sub}"), &json!({})).await;
    let secrets = format!("{path}/secrets");
    send(latchkey, "GET", &format!("{secrets}/{}/value", client.secret_id), &json!({})).await;
    let second = send(latchkey, "POST", &secrets, &json!({ "replace": "all" })).await;
    let third = send(latchkey, "POST", &secrets, &json!({})).await;
    let of_second = format!("{secrets}/{}", second.string("secret_id"));
    send(latchkey, "PATCH", &of_second, &json!({ "remind": false })).await;
    send(latchkey, "POST", &format!("{of_second}/pause"), &json!({})).await;
    send(latchkey, "POST", &format!("{of_second}/resume"), &json!({})).await;
    send(latchkey, "DELETE", &of_second, &json!({})).await;
    send(latchkey, "DELETE", &path, &json!({})).await;
    send(latchkey, "DELETE", "/v1/resources/backoffice_api", &json!({})).await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    send(latchkey, "POST", &format!("{account}/members/{bob}/revoke-tokens"), &json!({})).await;
    let copied = copy.header("location");
    send(latchkey, "POST", &format!("{copied}/revoke-tokens"), &json!({})).await;
    send(latchkey, "GET", &format!("{account}/export"), &json!({})).await;
    send(latchkey, "POST", &format!("{account}/revoke-tokens"), &json!({})).await;
    latchkey.fixtures().account("T2").await;
    send(latchkey, "DELETE", "/v1/accounts/T2", &json!({})).await;
    let shown = [&copy, &second, &third].map(|response| response.string("client_secret"));
    (client.clone(), [client.client_secret].into_iter().chain(shown).collect())
}

async fn audit_ids(latchkey: &TestApp) -> BTreeSet<String> {
    let items = latchkey.inspect().items(&latchkey.server.management.app.config.tables.audit).await;
    items.iter().map(|item| item["audit_id"].as_s().unwrap().clone()).collect()
}

#[tokio::test]
async fn every_change_is_published_once_without_secrets() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    let before = audit_ids(&latchkey).await;
    proxy.take_calls();
    Box::pin(change_account_resource_and_member(&latchkey)).await;
    let (client, secrets) = Box::pin(change_client(&latchkey)).await;

    let requests = received(&proxy);
    let events: Vec<Value> = requests.iter().flatten().map(delivered).collect();
    let names: Vec<&str> = events.iter().map(|event| event["detail-type"].as_str().unwrap()).collect();
    let expected = "account.created resource.created account.updated resource.updated member.added \
        member.updated member.removed client.created client.updated client.permissions_replaced \
        client.disabled client.enabled client.created client.updated member.added \
        member.signed_in consent.given consent.withdrawn secret.revealed secret.created \
        secret.created secret.updated secret.paused secret.resumed secret.revoked client.deleted resource.deleted member.tokens_revoked \
        client.tokens_revoked account.exported account.tokens_revoked client.tokens_revoked \
        account.created account.deleted";
    assert_eq!(names, expected.split(' ').collect::<Vec<_>>());
    // The tests of lost stored values, of security, of stopped mail, of end users, of the console, of links into it, of reminders, of
    // templates and of the logo cover these.
    let elsewhere = [
        Action::AccountEntered,
        Action::StoredSecretMissing,
        Action::MailSuppressed,
        Action::MailStopped,
        Action::MailResumed,
        Action::CodeReplayed,
        Action::RefreshTokenReused,
        Action::TokenRevoked,
        Action::MemberIdentityPinned,
        Action::MemberInvited,
        Action::MemberEmailChanged,
        Action::EndUserSignedIn,
        Action::ConsoleLinkCreated,
        Action::ConsoleLinkUsed,
        Action::SessionStarted,
        Action::SessionEnded,
        Action::ReminderSent,
        Action::TemplateCreated,
        Action::TemplateUpdated,
        Action::TemplateDeleted,
        Action::LogoSet,
        Action::LogoDeleted,
        Action::SigningKeysRotated,
        Action::SigningKeysRevoked,
    ];
    let requested = Action::ALL.iter().filter(|action| !elsewhere.contains(action));
    let all: BTreeSet<&str> = requested.map(|action| action.as_str()).collect();
    assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), all, "an action is never published");

    let audit_ids_of_events: Vec<String> =
        events.iter().map(|event| event["detail"]["audit_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        audit_ids_of_events.len(),
        audit_ids_of_events.iter().collect::<BTreeSet<_>>().len(),
        "published twice"
    );
    assert_eq!(
        audit_ids_of_events.into_iter().collect::<BTreeSet<_>>(),
        &audit_ids(&latchkey).await - &before
    );

    let text = format!("{requests:?}");
    for secret in secrets {
        assert!(secret.starts_with("lks_") && !text.contains(&secret), "a secret is in an event");
    }
    let given = &events[16]["detail"];
    assert_eq!(given["target"]["client_id"], client.client_id);
    assert_eq!(given["actor"]["email"], given["target"]["email"]);
    let replaced = &events[19]["detail"];
    assert_eq!(replaced["target"]["client_id"], client.client_id);
    assert_eq!(replaced["target"]["revoked_secret_ids"], json!([client.secret_id]));
    assert_eq!(events[8]["detail"]["changed"], json!(["description", "contacts"]));
    assert_eq!(events[8]["detail"]["account_id"], ACCOUNT);
    assert_eq!(events[8]["detail"]["actor"]["client_id"], latchkey.server.operator.client_id.as_str());
}

#[tokio::test]
async fn empty_change_is_not_published() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    let path = client.path();
    let create = format!("/v1/accounts/{ACCOUNT}/clients");
    let requests = [
        (create.clone(), json!({ "client_name": "Once" })),
        (format!("{path}/secrets"), json!({})),
        (format!("{path}/disable"), json!({})),
    ];
    for repeat in [false, true] {
        for (path, body) in &requests {
            let request =
                latchkey.admin_request("POST", path).await.header("idempotency-key", "k").json(body);
            proxy.take_calls();
            assert!(request.send().await.status.is_success());
            assert_eq!(received(&proxy).len(), usize::from(!repeat), "{path}, again: {repeat}");
        }
    }
    send(&latchkey, "PATCH", &path, &json!({ "client_name": "Order sync" })).await;
    let rejected = [
        latchkey.admin_request("POST", &format!("{path}/secrets")).await,
        latchkey.admin_request("PATCH", &path).await.json(&json!({ "client_name": "" })),
        latchkey.admin_request("DELETE", &path).await.header("if-match", "\"99\""),
        latchkey.admin_request("DELETE", &format!("{path}/secrets/unknown")).await,
        latchkey
            .admin_request("POST", &create)
            .await
            .json(&json!({ "client_name": "x", "client_id": client.client_id })),
    ];
    for request in rejected {
        assert!(request.send().await.status.is_client_error());
    }
    assert_eq!(received(&proxy).len(), 0);
}

#[tokio::test]
async fn rejecting_event_bus_does_not_fail_the_change() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    let rejected = json!({ "FailedEntryCount": 1, "Entries": [{ "ErrorCode": "InternalFailure" }] });
    for (status, response) in [(500, json!({})), (400, json!({})), (200, rejected), (200, json!("nonsense"))]
    {
        proxy.clear();
        proxy.inject(InjectedFault::json("PutEvents", status, &response));
        proxy.take_calls();
        let client = latchkey.fixtures().client().await;
        assert_eq!(received(&proxy).len(), 1, "called once");
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    }
}

#[tokio::test]
async fn unresponsive_event_bus_delays_a_change_by_a_second() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.fixtures().seed().await;
    let disable = format!("{}/disable", latchkey.fixtures().client().await.path());
    let enable = disable.replace("/disable", "/enable");
    let timed = async |path: &str| {
        let started = Instant::now();
        send(&latchkey, "POST", path, &json!({})).await;
        started.elapsed()
    };
    let undisturbed = timed(&disable).await;
    proxy.inject(InjectedFault::silence("PutEvents"));
    let delay = timed(&enable).await.saturating_sub(undisturbed);
    println!("delayed by {delay:?}");
    // One second, and the time that a busy machine takes for the rest.
    assert!(delay < Duration::from_millis(2_500), "{delay:?}");
    assert!(received(&proxy).len() >= 2, "the event bus was called");
}

#[tokio::test]
async fn nothing_is_published_without_event_bus() {
    let (latchkey, proxy) = with_event_bus(None).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().client().await;
    assert!(!proxy.take_calls().iter().any(|call| call.operation == "PutEvents"));
}
