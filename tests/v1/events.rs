//! What EventBridge hears: every change, once, as the schema says and without a secret; and what it can do
//! to a change by not listening, which is nothing.

use crate::support::app::TestApp;
use crate::support::event_bus::{BUS, delivered, received, with_event_bus};
use crate::support::fault_injection::aws_proxy::InjectedFault;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::TestResponse;
use crate::support::sign_in::CALLBACK;
use serde_json::{Value, json};
use shared::domain::audit::Action;
use shared::domain::audit::event::DomainEvent;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::{AccountId, ClientId, SecretId};
use shared::domain::reminder::{ExpiringCredential, Notice, NoticeKind};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

async fn ask(latchkey: &TestApp, method: &str, path: &str, body: &Value) -> TestResponse {
    let answer = latchkey.admin_request(method, path).await.json(body).send().await;
    assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
    answer
}

/// One change of each kind, in the order of `names`. Returns the secrets that were shown.
async fn live_through(latchkey: &TestApp) -> (TestClient, Vec<String>) {
    latchkey.seed().await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    ask(latchkey, "PATCH", &account, &json!({ "account_name": "Acme" })).await;
    let resource = "/v1/resources/backoffice_api";
    ask(latchkey, "PATCH", resource, &json!({ "resource_name": "Back" })).await;
    let ann = json!({ "email": "ann@acme.example", "name": "Ann" });
    ask(latchkey, "POST", &format!("{account}/members"), &ann).await;
    let member = format!("{account}/members/ann@acme.example");
    ask(latchkey, "PATCH", &member, &json!({ "name": "Ann B." })).await;
    ask(latchkey, "DELETE", &member, &json!({})).await;

    let client = latchkey.client_like(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
    let path = client.path();
    ask(latchkey, "PATCH", &path, &json!({ "description": "Nightly", "contacts": ["a@b.example"] })).await;
    let permissions = json!({ "permissions": [{ "resource": "backoffice_api" }] });
    ask(latchkey, "PUT", &format!("{path}/permissions"), &permissions).await;
    ask(latchkey, "POST", &format!("{path}/disable"), &json!({})).await;
    ask(latchkey, "POST", &format!("{path}/enable"), &json!({})).await;
    let copy = ask(latchkey, "POST", &format!("{path}/duplicate"), &json!({})).await;
    let code_flow = json!({ "grant_types": ["authorization_code"], "redirect_uris": [CALLBACK] });
    ask(latchkey, "PATCH", &path, &code_flow).await;
    let bob = latchkey.member("bob").await;
    latchkey.sign_in(&client, &bob).await;
    let given = ask(latchkey, "GET", &format!("{path}/consents"), &json!({})).await.json();
    let sub = given["items"][0]["sub"].as_str().unwrap();
    ask(latchkey, "DELETE", &format!("{path}/consents/{sub}"), &json!({})).await;
    let secrets = format!("{path}/secrets");
    ask(latchkey, "GET", &format!("{secrets}/{}/value", client.secret_id), &json!({})).await;
    let second = ask(latchkey, "POST", &secrets, &json!({ "replace": "all" })).await;
    let third = ask(latchkey, "POST", &secrets, &json!({})).await;
    ask(latchkey, "DELETE", &format!("{secrets}/{}", second.string("secret_id")), &json!({})).await;
    ask(latchkey, "DELETE", &path, &json!({})).await;
    ask(latchkey, "DELETE", resource, &json!({})).await;
    let shown = [&copy, &second, &third].map(|answer| answer.string("client_secret"));
    (client.clone(), [client.client_secret].into_iter().chain(shown).collect())
}

async fn trail(latchkey: &TestApp) -> BTreeSet<String> {
    let items = latchkey.items(&latchkey.server.management.app.config.tables.audit).await;
    items.iter().map(|item| item["audit_id"].as_s().unwrap().clone()).collect()
}

#[tokio::test]
async fn every_change_is_told_once_and_without_a_secret() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    let before = trail(&latchkey).await;
    proxy.take_calls();
    let (client, secrets) = live_through(&latchkey).await;

    let requests = received(&proxy);
    let events: Vec<Value> = requests.iter().flatten().map(delivered).collect();
    let names: Vec<&str> = events.iter().map(|event| event["detail-type"].as_str().unwrap()).collect();
    let expected = "account.created resource.created account.updated resource.updated member.added \
        member.updated member.removed client.created client.updated client.permissions_replaced \
        client.disabled client.enabled client.created client.updated member.added \
        consent.given consent.withdrawn secret.revealed secret.created \
        secret.created secret.revoked client.deleted resource.deleted";
    assert_eq!(names, expected.split(' ').collect::<Vec<_>>());
    // That one is the scheduled job's; the tests of how a stored value is lost hear it.
    let requested = Action::ALL.iter().filter(|action| **action != Action::StoredSecretMissing);
    let all: BTreeSet<&str> = requested.map(|action| action.as_str()).collect();
    assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), all, "an action is never told");

    let notified: Vec<String> =
        events.iter().map(|event| event["detail"]["audit_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(notified.len(), notified.iter().collect::<BTreeSet<_>>().len(), "told twice");
    assert_eq!(notified.into_iter().collect::<BTreeSet<_>>(), &trail(&latchkey).await - &before);

    let text = format!("{requests:?}");
    for secret in secrets {
        assert!(secret.starts_with("lks_") && !text.contains(&secret), "a secret is in an event");
    }
    let given = &events[15]["detail"];
    assert_eq!(given["target"]["client_id"], client.client_id);
    assert_eq!(given["actor"]["email"], given["target"]["email"]);
    let replaced = &events[18]["detail"];
    assert_eq!(replaced["target"]["client_id"], client.client_id);
    assert_eq!(replaced["target"]["revoked_secret_ids"], json!([client.secret_id]));
    assert_eq!(events[8]["detail"]["changed"], json!(["description", "contacts"]));
    assert_eq!(events[8]["detail"]["account_id"], ACCOUNT);
    assert_eq!(events[8]["detail"]["actor"]["client_id"], latchkey.server.operator.client_id.as_str());
}

#[tokio::test]
async fn what_changes_nothing_is_not_told() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.seed().await;
    let client = latchkey.client().await;
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
    ask(&latchkey, "PATCH", &path, &json!({ "client_name": "Order sync" })).await;
    let refused = [
        latchkey.admin_request("POST", &format!("{path}/secrets")).await,
        latchkey.admin_request("PATCH", &path).await.json(&json!({ "client_name": "" })),
        latchkey.admin_request("DELETE", &path).await.header("if-match", "\"99\""),
        latchkey.admin_request("DELETE", &format!("{path}/secrets/unknown")).await,
        latchkey
            .admin_request("POST", &create)
            .await
            .json(&json!({ "client_name": "x", "client_id": client.client_id })),
    ];
    for request in refused {
        assert!(request.send().await.status.is_client_error());
    }
    assert_eq!(received(&proxy).len(), 0);
}

#[tokio::test]
async fn a_bus_that_refuses_does_not_fail_the_change() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.seed().await;
    let refused = json!({ "FailedEntryCount": 1, "Entries": [{ "ErrorCode": "InternalFailure" }] });
    for (status, answer) in [(500, json!({})), (400, json!({})), (200, refused), (200, json!("nonsense"))] {
        proxy.clear();
        proxy.inject(InjectedFault::json("PutEvents", status, &answer));
        proxy.take_calls();
        let client = latchkey.client().await;
        assert_eq!(received(&proxy).len(), 1, "asked once");
        latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    }
}

#[tokio::test]
async fn a_bus_that_hangs_delays_a_change_by_a_second_and_no_more() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    latchkey.seed().await;
    let disable = format!("{}/disable", latchkey.client().await.path());
    let enable = disable.replace("/disable", "/enable");
    let timed = async |path: &str| {
        let started = Instant::now();
        ask(&latchkey, "POST", path, &json!({})).await;
        started.elapsed()
    };
    let heard_out = timed(&disable).await;
    proxy.inject(InjectedFault::silence("PutEvents"));
    let delay = timed(&enable).await.saturating_sub(heard_out);
    println!("delayed by {delay:?}");
    // A second, and what a busy machine takes for the rest.
    assert!(delay < Duration::from_millis(2_500), "{delay:?}");
    assert!(received(&proxy).len() >= 2, "the bus was asked");
}

#[tokio::test]
async fn without_a_bus_nothing_is_sent() {
    let (latchkey, proxy) = with_event_bus(None).await;
    latchkey.seed().await;
    latchkey.client().await;
    assert!(!proxy.take_calls().iter().any(|call| call.operation == "PutEvents"));
}

fn notice(number: u8, kind: NoticeKind) -> Notice {
    Notice {
        kind,
        client_id: ClientId::parse(&format!("c{number}")).unwrap(),
        client_name: Name::parse("Order sync").unwrap(),
        ending: ExpiringCredential::Secret {
            secret_id: SecretId::from_random_bytes([number; 16]),
            hint: "x7Qd".to_owned(),
        },
        expires_at: "2026-12-31T23:59:00Z".parse().unwrap(),
        last_used_on: (number > 0).then(|| jiff::civil::date(2026, 12, 1)),
    }
}

#[tokio::test]
async fn the_end_of_secrets_is_told_in_batches_and_what_fails_is_counted() {
    let (latchkey, proxy) = with_event_bus(Some(BUS)).await;
    let kinds = [NoticeKind::Expiring(14), NoticeKind::Expired];
    let notices: Vec<Notice> = (0..23).map(|number| notice(number, kinds[usize::from(number % 2)])).collect();
    let account = AccountId::parse(ACCOUNT).unwrap();
    let events: Vec<DomainEvent> =
        notices.iter().map(|notice| DomainEvent::notice(notice, &account, latchkey.now())).collect();
    let bus = &latchkey.server.management.events;
    proxy.take_calls();
    assert_eq!(bus.send(&events).await, 0);
    let requests = received(&proxy);
    assert_eq!(requests.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 3]);
    let notified: Vec<Value> = requests.iter().flatten().map(delivered).collect();
    let first = &notified[0]["detail"];
    assert_eq!(
        (&notified[0]["detail-type"], &notified[1]["detail-type"]),
        (&json!("secret.expiring"), &json!("secret.expired"))
    );
    assert_eq!((&first["days"], &first["hint"]), (&json!(14), &json!("x7Qd")));
    assert_eq!((&first["account_id"], &first["target"]["client_id"]), (&json!(ACCOUNT), &json!("c0")));
    assert_eq!(first["expires_at"], "2026-12-31T23:59:00Z");

    let results =
        json!([{ "EventId": "1" }, { "ErrorCode": "ThrottlingException", "ErrorMessage": "later" }]);
    let partly = json!({ "FailedEntryCount": 1, "Entries": results });
    proxy.inject(InjectedFault::json("PutEvents", 200, &partly));
    assert_eq!(bus.send(&events[..2]).await, 1);
    proxy.clear();
    proxy.inject(InjectedFault::json("PutEvents", 500, &json!({})));
    proxy.take_calls();
    assert_eq!(bus.send(&events).await, 23);
    assert_eq!(received(&proxy).len(), 1, "a bus that is out of order is asked once");
}
