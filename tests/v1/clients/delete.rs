//! `DELETE …/clients/{client_id}`.

use crate::support::house::TestHouse;
use crate::v1::CLIENTS;
use serde_json::json;

#[tokio::test]
async fn a_deleted_client_is_gone_with_its_secrets() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    house.post(&format!("{}/secrets", client.path()), &json!({})).await.expect(201);
    let answer = house.delete(&client.path()).await.expect(204);
    assert_eq!(answer.text(), "");
    house.get(&client.path()).await.expect(404);
    house.get(&format!("{}/secrets", client.path())).await.expect(404);
    house.delete(&client.path()).await.expect(404);
    assert_eq!(house.items_of(CLIENTS).await.len(), 0);
    assert_eq!(house.partition(&format!("CLIENT#{}", client.client_id)).await.len(), 0);
    assert_eq!(house.vault_names().await, ["latchkey-operator"]);
}

#[tokio::test]
async fn a_deleted_client_gets_no_token_from_the_next_request_on() {
    let house = TestHouse::furnished().await;
    let client = house.client().await;
    house.token(&client.client_id, &client.client_secret, "").await.expect(200);
    house.delete(&client.path()).await.expect(204);
    house.token(&client.client_id, &client.client_secret, "").await.expect(401);
}

#[tokio::test]
async fn a_deleted_clients_id_is_never_used_again() {
    let house = TestHouse::furnished().await;
    house.account("T2").await;
    let body = json!({ "client_name": "x", "client_id": "mine" });
    house.post(CLIENTS, &body).await.expect(201);
    house.delete(&format!("{CLIENTS}/mine")).await.expect(204);
    for path in [CLIENTS, "/v1/accounts/T2/clients"] {
        assert_eq!(house.post(path, &body).await.expect(409).problem(), "client_id_taken");
    }
    let duplicate = json!({ "client_id": "mine" });
    let other = house.client().await;
    house.post(&format!("{}/duplicate", other.path()), &duplicate).await.expect(409);
    assert!(!house.vault_names().await.contains(&"mine".to_owned()));
}

#[tokio::test]
async fn deleting_one_client_leaves_the_others() {
    let house = TestHouse::furnished().await;
    let (one, other) = (house.client().await, house.client().await);
    house.delete(&one.path()).await.expect(204);
    house.get(&other.path()).await.expect(200);
    house.token(&other.client_id, &other.client_secret, "").await.expect(200);
    assert!(house.vault_names().await.contains(&other.client_id));
}
