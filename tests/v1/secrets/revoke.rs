//! Revoking a secret.

use crate::support::house::TestHouse;
use serde_json::json;

#[tokio::test]
async fn a_revoked_secret_stops_working_at_once_and_the_other_goes_on() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let second = house.add_secret(&client, &json!({})).await.expect(201);
    house.delete(&client.secret(&client.secret_id)).await.expect(204);
    house.token(&client.client_id, &client.client_secret, "").await.expect(401);
    house.token(&client.client_id, &second.string("client_secret"), "").await.expect(200);
    assert_eq!(house.items_of(&client.secrets()).await.len(), 1);
}

#[tokio::test]
async fn the_last_secret_may_go_and_a_new_one_may_come() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    house.delete(&client.secret(&client.secret_id)).await.expect(204);
    assert_eq!(house.get(&client.path()).await.json()["attention"], json!(["no_credentials"]));
    house.token(&client.client_id, &client.client_secret, "").await.expect(401);
    let added = house.add_secret(&client, &json!({})).await.expect(201);
    house.token(&client.client_id, &added.string("client_secret"), "").await.expect(200);
}

#[tokio::test]
async fn an_unknown_or_revoked_secret_and_anothers_are_not_found() {
    let house = TestHouse::furnished().await;
    let (client, other) = (house.client().await, house.client().await);
    house.delete(&client.secret(&other.secret_id)).await.expect(404);
    house.delete(&client.secret("no%2Fsecret")).await.expect(404);
    house.delete(&client.secret(&client.secret_id)).await.expect(204);
    house.delete(&client.secret(&client.secret_id)).await.expect(404);
    house.token(&other.client_id, &other.client_secret, "").await.expect(200);
}

#[tokio::test]
async fn an_expired_secret_may_be_revoked() {
    let mut house = TestHouse::furnished().await;
    let client = house.client().await;
    let ends = crate::v1::days_ahead(&house, 1);
    let second = house.add_secret(&client, &json!({ "expires_on": ends })).await.expect(201);
    house.go_to(format!("{ends}T23:59:00Z").parse().unwrap());
    house.delete(&client.secret(&second.string("secret_id"))).await.expect(204);
    assert_eq!(house.items_of(&client.secrets()).await.len(), 1);
}

#[tokio::test]
async fn secrets_count_as_changes_of_their_client() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    let first = house.get(&client.path()).await.etag();
    let added = house.add_secret(&client, &json!({})).await.expect(201);
    let second = house.get(&client.path()).await.etag();
    house.delete(&client.secret(&added.string("secret_id"))).await.expect(204);
    let third = house.get(&client.path()).await.etag();
    assert!(first != second && second != third && first != third, "{first} {second} {third}");
}
