//! What a token costs: one strongly consistent query, and no write but the first of a day.

use crate::support::aws_proxy::AwsProxy;
use crate::support::certified::Certified;
use crate::support::emulator;
use crate::support::house::TestHouse;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde_json::json;
use shared::adapters::store::ClientAndSecrets;
use shared::domain::credential::credentials;
use shared::domain::ids::ClientId;
use shared::domain::reminder::{Ending, NoticeKind, Said};

async fn watched_house() -> (TestHouse, AwsProxy) {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    (house, proxy)
}

#[tokio::test]
async fn a_token_costs_one_consistent_query_and_no_write() {
    let (house, proxy) = watched_house().await;
    let client = house.client().await;
    house.token(&client.client_id, &client.client_secret, "").await.expect(200);
    proxy.take_calls();
    for _ in 0..3 {
        house.token(&client.client_id, &client.client_secret, "").await.expect(200);
        let calls = proxy.take_calls();
        assert_eq!(calls.iter().map(|call| call.operation.as_str()).collect::<Vec<_>>(), ["Query"]);
        assert_eq!(calls[0].input["ConsistentRead"], true);
        assert_eq!(calls[0].input["KeyConditionExpression"], "pk = :pk");
    }
}

#[tokio::test]
async fn the_use_of_a_secret_is_noted_once_a_day() {
    let (mut house, proxy) = watched_house().await;
    let client = house.client().await;
    house.go_to("2030-01-01T12:00:00Z".parse().unwrap());
    let path = format!("{}/secrets", client.path());
    let renewed = house.renew_operator().await;
    let secret = house.ask("POST", &path).bearer(&renewed).send().await.expect(201).string("client_secret");
    let mut writes = Vec::new();
    for _day in 0..3 {
        for _ in 0..4 {
            proxy.take_calls();
            house.token(&client.client_id, &secret, "").await.expect(200);
            let calls = proxy.take_calls();
            writes.push(calls.iter().filter(|call| call.operation == "UpdateItem").count());
        }
        house.advance(SignedDuration::from_hours(24));
    }
    assert_eq!(writes, [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
}

#[tokio::test]
async fn garbage_costs_no_read_at_all() {
    let (house, proxy) = watched_house().await;
    let client = house.client().await;
    house.token(&client.client_id, &client.client_secret, "").await.expect(200);
    proxy.take_calls();
    house.token(&client.client_id, "lks_garbage", "").await.expect(401);
    house.token("a/b", &client.client_secret, "").await.expect(401);
    assert_eq!(proxy.take_calls().len(), 0);
}

#[tokio::test]
async fn the_largest_legal_client_fits_one_read_unit() {
    let house = TestHouse::furnished().await;
    let account = "A".repeat(64);
    house.account(&account).await;
    let client_id = "C".repeat(64);
    let scopes: Vec<_> = (0..10).map(|n| json!({ "name": format!("{n:064}") })).collect();
    house.resource(&json!({ "resource_id": "R".repeat(64), "scopes": scopes })).await;
    let mut allowed = Vec::new();
    let mut body = json!({
        "client_id": client_id, "client_name": "\u{1d11e}".repeat(60), "description": "d".repeat(300),
        "redirect_uris": [format!("https://example.com/{}", "r".repeat(280))],
        "contacts": [format!("{}@{}.example", "c".repeat(60), "d".repeat(60))],
        "permissions": [{ "resource": "R".repeat(64), "scopes": (0..6).map(|n| format!("{n:064}")).collect::<Vec<_>>() }],
        "public_key_pem": Certified::until(house.now().to_zoned(TimeZone::UTC).date()).pem,
        "access_token_lifetime": 86_400, "refresh_token_lifetime": 31_536_000, "secret_display": "on_request",
    });
    // Filled up to the last byte with addresses, the smallest thing that there is.
    let path = format!("/v1/accounts/{account}/clients");
    let made = loop {
        allowed.push(format!("2001:db8:aaaa:bbbb:cccc:dddd:eeee:{:x}", 0x1000 + allowed.len()));
        body["allowed_ips"] = json!(allowed);
        let mut probe = body.clone();
        probe["client_name"] = json!("");
        let pointers = house.admin_ask("POST", &path).await.json(&probe).send().await.expect(422).pointers();
        if pointers.contains(&"#".to_owned()) {
            allowed.pop();
            body["allowed_ips"] = json!(allowed);
            break fill_up(&house, &path, body).await;
        }
    };
    let secrets = format!("/v1/accounts/{account}/clients/{client_id}/secrets");
    house.admin_ask("POST", &secrets).await.send().await.expect(201);
    let ask = house.ask("POST", "/oauth/token").from("2001:db8:aaaa:bbbb:cccc:dddd:eeee:1000");
    let answer = ask.basic(&client_id, &made).form("grant_type=client_credentials").send().await.expect(200);
    assert_eq!(answer.json()["expires_in"], 86_400);
    note_everything(&house, &client_id).await;
    let items = house.partition(&format!("CLIENT#{client_id}")).await;
    assert_eq!(items.len(), 3, "the client and two secrets");
    let bytes: usize = items.iter().map(super::item_size::bytes).sum();
    println!("the largest legal client takes {bytes} bytes");
    assert!(bytes <= 4_096, "{bytes}");
    assert!(bytes > 3_500, "the largest client is not so large: {bytes}");
}

/// Everything that is ever noted about a secret and about a certificate.
async fn note_everything(house: &TestHouse, client_id: &str) {
    let store = &house.house.management.app.store;
    let id = ClientId::parse(client_id).unwrap();
    let today = house.now().to_zoned(TimeZone::UTC).date();
    let ClientAndSecrets { client, secrets } = store.load_client(&id).await.unwrap().unwrap();
    let certificate = client.key_source.as_ref().unwrap().certificate().unwrap();
    let said = Said { kind: NoticeKind::Expiring(90), expires_at: certificate.expires_at };
    let ending = Ending::Certificate { thumbprint: certificate.thumbprint.clone() };
    store.note_said(&id, &ending, said).await.unwrap();
    for credential in credentials(&client) {
        store.note_credential_use(&id, &credential, today).await.unwrap();
    }
    for secret in secrets {
        store.note_use(&id, &secret.secret_id, today).await.unwrap();
        store.note_try(&id, &secret.secret_id, today).await.unwrap();
        let said = Said { kind: NoticeKind::Expiring(90), expires_at: secret.expires_at };
        let ending = Ending::Secret { secret_id: secret.secret_id, hint: secret.hint };
        store.note_said(&id, &ending, said).await.unwrap();
    }
    let known = store.load_client(&id).await.unwrap().unwrap();
    assert!(known.client.certificate_said.is_some() && known.client.last_uses.len() == 1);
    assert!(known.secrets.iter().all(|secret| secret.said.is_some() && secret.tried_on == Some(today)));
}

/// Makes the client with as long a description as is allowed, and returns its secret.
async fn fill_up(house: &TestHouse, path: &str, mut body: serde_json::Value) -> String {
    let mut length = 500;
    loop {
        body["description"] = json!("d".repeat(length));
        let answer = house.admin_ask("POST", path).await.json(&body).send().await;
        if answer.status == 201 {
            return answer.string("client_secret");
        }
        assert_eq!(answer.pointers(), ["#"]);
        length -= 1;
    }
}
