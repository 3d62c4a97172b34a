//! What EventBridge hears: every change, once, as the schema says and without a secret; and what it can do
//! to a change by not listening, which is nothing.

use crate::support::answer::Answer;
use crate::support::aws_proxy::Canned;
use crate::support::bus::{BUS, delivered, heard, heard_house};
use crate::support::house::TestHouse;
use crate::support::people::CALLBACK;
use crate::support::things::{ACCOUNT, TestClient};
use serde_json::{Value, json};
use shared::domain::audit::Action;
use shared::domain::audit::event::DomainEvent;
use shared::domain::primitives::display_text::Name;
use shared::domain::primitives::ids::{AccountId, ClientId, SecretId};
use shared::domain::reminder::{ExpiringCredential, Notice, NoticeKind};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

async fn ask(house: &TestHouse, method: &str, path: &str, body: &Value) -> Answer {
    let answer = house.admin_ask(method, path).await.json(body).send().await;
    assert!(answer.status.is_success(), "{method} {path}: {}", answer.text());
    answer
}

/// One change of each kind, in the order of `names`. Returns the secrets that were shown.
async fn live_through(house: &TestHouse) -> (TestClient, Vec<String>) {
    house.furnish().await;
    let account = format!("/v1/accounts/{ACCOUNT}");
    ask(house, "PATCH", &account, &json!({ "account_name": "Acme" })).await;
    let resource = "/v1/resources/backoffice_api";
    ask(house, "PATCH", resource, &json!({ "resource_name": "Back" })).await;
    let ann = json!({ "email": "ann@acme.example", "name": "Ann" });
    ask(house, "POST", &format!("{account}/members"), &ann).await;
    let member = format!("{account}/members/ann@acme.example");
    ask(house, "PATCH", &member, &json!({ "name": "Ann B." })).await;
    ask(house, "DELETE", &member, &json!({})).await;

    let client = house.client_like(ACCOUNT, &json!({ "secret_display": "on_request" })).await;
    let path = client.path();
    ask(house, "PATCH", &path, &json!({ "description": "Nightly", "contacts": ["a@b.example"] })).await;
    let permissions = json!({ "permissions": [{ "resource": "backoffice_api" }] });
    ask(house, "PUT", &format!("{path}/permissions"), &permissions).await;
    ask(house, "POST", &format!("{path}/disable"), &json!({})).await;
    ask(house, "POST", &format!("{path}/enable"), &json!({})).await;
    let copy = ask(house, "POST", &format!("{path}/duplicate"), &json!({})).await;
    let code_flow = json!({ "grant_types": ["authorization_code"], "redirect_uris": [CALLBACK] });
    ask(house, "PATCH", &path, &code_flow).await;
    let bob = house.member("bob").await;
    house.sign_in(&client, &bob).await;
    let given = ask(house, "GET", &format!("{path}/consents"), &json!({})).await.json();
    let sub = given["items"][0]["sub"].as_str().unwrap();
    ask(house, "DELETE", &format!("{path}/consents/{sub}"), &json!({})).await;
    let secrets = format!("{path}/secrets");
    ask(house, "GET", &format!("{secrets}/{}/value", client.secret_id), &json!({})).await;
    let second = ask(house, "POST", &secrets, &json!({ "replace": "all" })).await;
    let third = ask(house, "POST", &secrets, &json!({})).await;
    ask(house, "DELETE", &format!("{secrets}/{}", second.string("secret_id")), &json!({})).await;
    ask(house, "DELETE", &path, &json!({})).await;
    ask(house, "DELETE", resource, &json!({})).await;
    let shown = [&copy, &second, &third].map(|answer| answer.string("client_secret"));
    (client.clone(), [client.client_secret].into_iter().chain(shown).collect())
}

async fn trail(house: &TestHouse) -> BTreeSet<String> {
    let items = house.items(&house.house.management.app.config.tables.audit).await;
    items.iter().map(|item| item["audit_id"].as_s().unwrap().clone()).collect()
}

#[tokio::test]
async fn every_change_is_told_once_and_without_a_secret() {
    let (house, proxy) = heard_house(Some(BUS)).await;
    let before = trail(&house).await;
    proxy.take_calls();
    let (client, secrets) = live_through(&house).await;

    let requests = heard(&proxy);
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

    let told: Vec<String> =
        events.iter().map(|event| event["detail"]["audit_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told.len(), told.iter().collect::<BTreeSet<_>>().len(), "told twice");
    assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), &trail(&house).await - &before);

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
    assert_eq!(events[8]["detail"]["actor"]["client_id"], house.house.operator.client_id.as_str());
}

#[tokio::test]
async fn what_changes_nothing_is_not_told() {
    let (house, proxy) = heard_house(Some(BUS)).await;
    house.furnish().await;
    let client = house.client().await;
    let path = client.path();
    let create = format!("/v1/accounts/{ACCOUNT}/clients");
    let requests = [
        (create.clone(), json!({ "client_name": "Once" })),
        (format!("{path}/secrets"), json!({})),
        (format!("{path}/disable"), json!({})),
    ];
    for repeat in [false, true] {
        for (path, body) in &requests {
            let request = house.admin_ask("POST", path).await.header("idempotency-key", "k").json(body);
            proxy.take_calls();
            assert!(request.send().await.status.is_success());
            assert_eq!(heard(&proxy).len(), usize::from(!repeat), "{path}, again: {repeat}");
        }
    }
    ask(&house, "PATCH", &path, &json!({ "client_name": "Order sync" })).await;
    let refused = [
        house.admin_ask("POST", &format!("{path}/secrets")).await,
        house.admin_ask("PATCH", &path).await.json(&json!({ "client_name": "" })),
        house.admin_ask("DELETE", &path).await.header("if-match", "\"99\""),
        house.admin_ask("DELETE", &format!("{path}/secrets/unknown")).await,
        house
            .admin_ask("POST", &create)
            .await
            .json(&json!({ "client_name": "x", "client_id": client.client_id })),
    ];
    for request in refused {
        assert!(request.send().await.status.is_client_error());
    }
    assert_eq!(heard(&proxy).len(), 0);
}

#[tokio::test]
async fn a_bus_that_refuses_does_not_fail_the_change() {
    let (house, proxy) = heard_house(Some(BUS)).await;
    house.furnish().await;
    let refused = json!({ "FailedEntryCount": 1, "Entries": [{ "ErrorCode": "InternalFailure" }] });
    for (status, answer) in [(500, json!({})), (400, json!({})), (200, refused), (200, json!("nonsense"))] {
        proxy.uncan();
        proxy.can(Canned::json("PutEvents", status, &answer));
        proxy.take_calls();
        let client = house.client().await;
        assert_eq!(heard(&proxy).len(), 1, "asked once");
        house.token(&client.client_id, &client.client_secret, "").await.expect(200);
    }
}

#[tokio::test]
async fn a_bus_that_hangs_delays_a_change_by_a_second_and_no_more() {
    let (house, proxy) = heard_house(Some(BUS)).await;
    house.furnish().await;
    let disable = format!("{}/disable", house.client().await.path());
    let enable = disable.replace("/disable", "/enable");
    let timed = async |path: &str| {
        let started = Instant::now();
        ask(&house, "POST", path, &json!({})).await;
        started.elapsed()
    };
    let heard_out = timed(&disable).await;
    proxy.can(Canned::silence("PutEvents"));
    let delay = timed(&enable).await.saturating_sub(heard_out);
    println!("delayed by {delay:?}");
    // A second, and what a busy machine takes for the rest.
    assert!(delay < Duration::from_millis(2_500), "{delay:?}");
    assert!(heard(&proxy).len() >= 2, "the bus was asked");
}

#[tokio::test]
async fn without_a_bus_nothing_is_sent() {
    let (house, proxy) = heard_house(None).await;
    house.furnish().await;
    house.client().await;
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
    let (house, proxy) = heard_house(Some(BUS)).await;
    let kinds = [NoticeKind::Expiring(14), NoticeKind::Expired];
    let notices: Vec<Notice> = (0..23).map(|number| notice(number, kinds[usize::from(number % 2)])).collect();
    let account = AccountId::parse(ACCOUNT).unwrap();
    let events: Vec<DomainEvent> =
        notices.iter().map(|notice| DomainEvent::notice(notice, &account, house.now())).collect();
    let bus = &house.house.management.events;
    proxy.take_calls();
    assert_eq!(bus.send(&events).await, 0);
    let requests = heard(&proxy);
    assert_eq!(requests.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 3]);
    let told: Vec<Value> = requests.iter().flatten().map(delivered).collect();
    let first = &told[0]["detail"];
    assert_eq!(
        (&told[0]["detail-type"], &told[1]["detail-type"]),
        (&json!("secret.expiring"), &json!("secret.expired"))
    );
    assert_eq!((&first["days"], &first["hint"]), (&json!(14), &json!("x7Qd")));
    assert_eq!((&first["account_id"], &first["target"]["client_id"]), (&json!(ACCOUNT), &json!("c0")));
    assert_eq!(first["expires_at"], "2026-12-31T23:59:00Z");

    let results =
        json!([{ "EventId": "1" }, { "ErrorCode": "ThrottlingException", "ErrorMessage": "later" }]);
    let partly = json!({ "FailedEntryCount": 1, "Entries": results });
    proxy.can(Canned::json("PutEvents", 200, &partly));
    assert_eq!(bus.send(&events[..2]).await, 1);
    proxy.uncan();
    proxy.can(Canned::json("PutEvents", 500, &json!({})));
    proxy.take_calls();
    assert_eq!(bus.send(&events).await, 23);
    assert_eq!(heard(&proxy).len(), 1, "a bus that is out of order is asked once");
}
