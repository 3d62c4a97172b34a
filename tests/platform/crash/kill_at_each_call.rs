//! Each change of a client's secrets is killed before and after each of its AWS calls. The same request
//! then succeeds when it is sent again, and after the sweep nothing is orphaned in either store.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, CrashPoint};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::{TestRequest, TestResponse};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Kills the request at every step, each time for a client of its own; hands the repeat's answer to
/// `check`; then sweeps.
async fn killed_everywhere(
    prepare: impl AsyncFn(&TestApp) -> TestClient,
    request: impl AsyncFn(&TestApp, &TestClient, usize) -> TestRequest,
    check: impl AsyncFn(&TestApp, &TestClient, TestResponse),
) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.seed().await;
    let mut steps = 0;
    for moment in [CrashPoint::Before, CrashPoint::After] {
        for number in 0.. {
            let client = prepare(&latchkey).await;
            let unique = number * 2 + usize::from(moment == CrashPoint::After);
            let ask = request(&latchkey, &client, unique).await;
            let survived = proxy.crash(number, moment, ask.send()).await;
            if let Some(answer) = survived {
                check(&latchkey, &client, answer).await;
                steps += number;
                break;
            }
            let repeat = request(&latchkey, &client, unique).await.send().await;
            check(&latchkey, &client, repeat).await;
        }
    }
    println!("killed at {steps} moments");
    assert!(steps > 10, "only {steps} moments: the proxy was not in between");
    latchkey.advance(SignedDuration::from_mins(16));
    assert_eq!(latchkey.sweep().await.failed, 0);
    latchkey.assert_settled().await;
}

async fn no_one(_: &TestApp) -> TestClient {
    TestClient {
        account_id: ACCOUNT.to_owned(),
        client_id: String::new(),
        client_secret: String::new(),
        secret_id: String::new(),
    }
}

async fn post(latchkey: &TestApp, path: &str, key: usize, body: &Value) -> TestRequest {
    latchkey.admin_request("POST", path).await.header("idempotency-key", format!("key-{key}")).json(body)
}

/// The search looks at ids too, and none has an exclamation mark.
async fn clients_named(latchkey: &TestApp, name: &str) -> usize {
    let path = format!("/v1/accounts/{ACCOUNT}/clients?q={name}");
    let list = latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
    list["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn creating_a_client() {
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    killed_everywhere(
        no_one,
        async |latchkey, _, key| {
            post(latchkey, &path, key, &json!({ "client_name": format!("n{key}!") })).await
        },
        async |latchkey, _, answer| {
            let name = answer.clone().expect(201).string("client_name");
            assert_eq!(clients_named(latchkey, &name).await, 1, "made once");
        },
    )
    .await;
}

#[tokio::test]
async fn creating_a_client_under_a_chosen_id() {
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    killed_everywhere(
        no_one,
        async |latchkey, _, key| {
            let body = json!({ "client_name": "Moved", "client_id": format!("moved-{key}") });
            post(latchkey, &path, key, &body).await
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
        async |latchkey| latchkey.client().await,
        async |latchkey, client, key| {
            post(
                latchkey,
                &format!("{}/duplicate", client.path()),
                key,
                &json!({ "client_name": format!("d{key}!") }),
            )
            .await
        },
        async |latchkey, _, answer| {
            let name = answer.expect(201).string("client_name");
            assert_eq!(clients_named(latchkey, &name).await, 1, "made once");
        },
    )
    .await;
}

#[tokio::test]
async fn adding_a_secret() {
    killed_everywhere(
        async |latchkey| latchkey.client().await,
        async |latchkey, client, key| {
            post(latchkey, &format!("{}/secrets", client.path()), key, &json!({})).await
        },
        async |latchkey, client, answer| {
            answer.expect(201);
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        },
    )
    .await;
}

async fn replacing(which: &str, old_one_works: bool) {
    killed_everywhere(
        async |latchkey| {
            let client = latchkey.client().await;
            let secrets = format!("{}/secrets", client.path());
            latchkey.admin_request("POST", &secrets).await.send().await.expect(201);
            client
        },
        async |latchkey, client, key| {
            post(latchkey, &format!("{}/secrets", client.path()), key, &json!({ "replace": which })).await
        },
        async |latchkey, client, answer| {
            let status = if old_one_works { 200 } else { 401 };
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(status);
            // The one that was killed may have been carried out; then its repeat shows no secret.
            if let Some(secret) = answer.expect(201).json()["client_secret"].as_str() {
                latchkey.token(&client.client_id, secret, "").await.expect(200);
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
        async |latchkey| latchkey.client().await,
        async |latchkey, client, _| {
            latchkey.admin_request("DELETE", &format!("{}/secrets/{}", client.path(), client.secret_id)).await
        },
        async |latchkey, client, answer| {
            assert!([204, 404].contains(&answer.status.as_u16()), "{}", answer.text());
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
        },
    )
    .await;
}

#[tokio::test]
async fn deleting_a_client() {
    killed_everywhere(
        async |latchkey| latchkey.client().await,
        async |latchkey, client, _| latchkey.admin_request("DELETE", &client.path()).await,
        async |latchkey, client, answer| {
            assert!([204, 404].contains(&answer.status.as_u16()), "{}", answer.text());
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
            latchkey.admin_request("GET", &client.path()).await.send().await.expect(404);
        },
    )
    .await;
}
