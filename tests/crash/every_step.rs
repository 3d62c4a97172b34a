//! Each change of a client's secrets is killed before and after each of its AWS calls. The same request
//! then succeeds when it is sent again, and after the sweep nothing is orphaned in either store.

use crate::support::answer::{Answer, Ask};
use crate::support::aws_proxy::{AwsProxy, Moment};
use crate::support::emulator;
use crate::support::house::TestHouse;
use crate::support::things::{ACCOUNT, TestClient};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Kills the request at every step, each time for a client of its own; hands the repeat's answer to
/// `check`; then sweeps.
async fn killed_everywhere(
    prepare: impl AsyncFn(&TestHouse) -> TestClient,
    request: impl AsyncFn(&TestHouse, &TestClient, usize) -> Ask,
    check: impl AsyncFn(&TestHouse, &TestClient, Answer),
) {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let mut house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    let mut steps = 0;
    for moment in [Moment::Before, Moment::After] {
        for number in 0.. {
            let client = prepare(&house).await;
            let unique = number * 2 + usize::from(moment == Moment::After);
            let ask = request(&house, &client, unique).await;
            let survived = proxy.crash(number, moment, ask.send()).await;
            if let Some(answer) = survived {
                check(&house, &client, answer).await;
                steps += number;
                break;
            }
            let repeat = request(&house, &client, unique).await.send().await;
            check(&house, &client, repeat).await;
        }
    }
    println!("killed at {steps} moments");
    assert!(steps > 10, "only {steps} moments: the proxy was not in between");
    house.advance(SignedDuration::from_mins(16));
    assert_eq!(house.sweep().await.failed, 0);
    house.assert_settled().await;
}

async fn nobody(_: &TestHouse) -> TestClient {
    TestClient {
        account_id: ACCOUNT.to_owned(),
        client_id: String::new(),
        client_secret: String::new(),
        secret_id: String::new(),
    }
}

async fn post(house: &TestHouse, path: &str, key: usize, body: &Value) -> Ask {
    house.admin_ask("POST", path).await.header("idempotency-key", format!("key-{key}")).json(body)
}

/// The search looks at ids too, and none has an exclamation mark.
async fn clients_named(house: &TestHouse, name: &str) -> usize {
    let path = format!("/v1/accounts/{ACCOUNT}/clients?q={name}");
    let list = house.admin_ask("GET", &path).await.send().await.expect(200).json();
    list["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn creating_a_client() {
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    killed_everywhere(
        nobody,
        async |house, _, key| post(house, &path, key, &json!({ "client_name": format!("n{key}!") })).await,
        async |house, _, answer| {
            let name = answer.clone().expect(201).string("client_name");
            assert_eq!(clients_named(house, &name).await, 1, "made once");
        },
    )
    .await;
}

#[tokio::test]
async fn creating_a_client_under_a_chosen_id() {
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    killed_everywhere(
        nobody,
        async |house, _, key| {
            let body = json!({ "client_name": "Moved", "client_id": format!("moved-{key}") });
            post(house, &path, key, &body).await
        },
        async |_, _, answer| {
            assert!(answer.expect(201).string("client_id").starts_with("moved-"));
        },
    )
    .await;
}

#[tokio::test]
async fn duplicating_a_client() {
    killed_everywhere(
        async |house| house.client().await,
        async |house, client, key| {
            post(
                house,
                &format!("{}/duplicate", client.path()),
                key,
                &json!({ "client_name": format!("d{key}!") }),
            )
            .await
        },
        async |house, _, answer| {
            let name = answer.expect(201).string("client_name");
            assert_eq!(clients_named(house, &name).await, 1, "made once");
        },
    )
    .await;
}

#[tokio::test]
async fn adding_a_secret() {
    killed_everywhere(
        async |house| house.client().await,
        async |house, client, key| post(house, &format!("{}/secrets", client.path()), key, &json!({})).await,
        async |house, client, answer| {
            answer.expect(201);
            house.token(&client.client_id, &client.client_secret, "").await.expect(200);
        },
    )
    .await;
}

async fn replacing(which: &str, old_one_works: bool) {
    killed_everywhere(
        async |house| {
            let client = house.client().await;
            let secrets = format!("{}/secrets", client.path());
            house.admin_ask("POST", &secrets).await.send().await.expect(201);
            client
        },
        async |house, client, key| {
            post(house, &format!("{}/secrets", client.path()), key, &json!({ "replace": which })).await
        },
        async |house, client, answer| {
            let status = if old_one_works { 200 } else { 401 };
            house.token(&client.client_id, &client.client_secret, "").await.expect(status);
            // The one that was killed may have been carried out; then its repeat shows no secret.
            if let Some(secret) = answer.expect(201).json()["client_secret"].as_str() {
                house.token(&client.client_id, secret, "").await.expect(200);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn replacing_the_newest_secret() {
    replacing("newest", true).await;
}

#[tokio::test]
async fn replacing_the_oldest_secret() {
    replacing("oldest", false).await;
}

#[tokio::test]
async fn replacing_all_secrets() {
    replacing("all", false).await;
}

#[tokio::test]
async fn revoking_the_last_secret() {
    killed_everywhere(
        async |house| house.client().await,
        async |house, client, _| {
            house.admin_ask("DELETE", &format!("{}/secrets/{}", client.path(), client.secret_id)).await
        },
        async |house, client, answer| {
            assert!([204, 404].contains(&answer.status.as_u16()), "{}", answer.text());
            house.token(&client.client_id, &client.client_secret, "").await.expect(401);
        },
    )
    .await;
}

#[tokio::test]
async fn deleting_a_client() {
    killed_everywhere(
        async |house| house.client().await,
        async |house, client, _| house.admin_ask("DELETE", &client.path()).await,
        async |house, client, answer| {
            assert!([204, 404].contains(&answer.status.as_u16()), "{}", answer.text());
            house.token(&client.client_id, &client.client_secret, "").await.expect(401);
            house.admin_ask("GET", &client.path()).await.send().await.expect(404);
        },
    )
    .await;
}
