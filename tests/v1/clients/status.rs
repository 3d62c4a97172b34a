//! `POST …/clients/{client_id}/enable` and `/disable`.

use crate::support::answer::Answer;
use crate::support::house::TestHouse;
use crate::support::things::TestClient;
use crate::v1::CLIENTS;

async fn set(house: &TestHouse, client: &TestClient, what: &str) -> Answer {
    house.admin_ask("POST", &format!("{}/{what}", client.path())).await.send().await
}

#[tokio::test]
async fn a_disabled_client_gets_no_token_until_it_is_enabled_again() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let (id, secret) = (&client.client_id, &client.client_secret);
    house.token(id, secret, "").await.expect(200);
    let disabled = set(&house, &client, "disable").await.expect(200);
    assert_eq!(disabled.string("status"), "disabled");
    house.token(id, secret, "").await.expect(401);
    let enabled = set(&house, &client, "enable").await.expect(200);
    assert_eq!(enabled.string("status"), "active");
    house.token(id, secret, "").await.expect(200);
}

#[tokio::test]
async fn only_the_status_changes() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let before = house.get(&client.path()).await.json();
    let secrets = house.items_of(&format!("{}/secrets", client.path())).await;
    let disabled = set(&house, &client, "disable").await.expect(200);
    let mut expected = before.clone();
    expected["status"] = "disabled".into();
    expected["updated_at"] = disabled.json()["updated_at"].clone();
    assert_eq!(disabled.json(), expected);
    let read = house.get(&client.path()).await;
    assert_eq!((read.json(), read.etag()), (disabled.json(), disabled.etag()));
    assert_eq!(house.items_of(&format!("{}/secrets", client.path())).await, secrets);
    assert!(house.vault_value(&client.client_id, "AWSCURRENT").await.is_some());
}

#[tokio::test]
async fn what_is_so_already_is_left_as_it_is() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let before = house.get(&client.path()).await;
    let enabled = set(&house, &client, "enable").await.expect(200);
    assert_eq!((enabled.json(), enabled.etag()), (before.json(), before.etag()));
    let once = set(&house, &client, "disable").await.expect(200);
    let twice = set(&house, &client, "disable").await.expect(200);
    assert_eq!((once.json(), once.etag()), (twice.json(), twice.etag()));
}

#[tokio::test]
async fn a_disabled_client_can_still_be_managed() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    set(&house, &client, "disable").await.expect(200);
    let added = house.post(&format!("{}/secrets", client.path()), &serde_json::json!({})).await.expect(201);
    house.token(&client.client_id, &added.string("client_secret"), "").await.expect(401);
    set(&house, &client, "enable").await.expect(200);
    house.token(&client.client_id, &added.string("client_secret"), "").await.expect(200);
    set(&house, &client, "disable").await.expect(200);
    house.delete(&client.path()).await.expect(204);
}

#[tokio::test]
async fn an_unknown_client_is_not_found() {
    let house = TestHouse::furnished().await;
    for what in ["enable", "disable"] {
        house.admin_ask("POST", &format!("{CLIENTS}/nobody/{what}")).await.send().await.expect(404);
    }
}
