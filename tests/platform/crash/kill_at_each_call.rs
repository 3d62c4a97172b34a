//! Each change of a client's secrets crashes before and after each of its writes to AWS. The same request succeeds
//! when it is sent again, and after the sweep no item is orphaned in either store.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, CrashPoint};
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::http::{TestRequest, TestResponse};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Crashes the request at every write, each time for a client of its own; passes the response of the repeated
/// request to `check`; then runs the sweep.
async fn crash_at_each_call(
    prepare: impl AsyncFn(&TestApp) -> TestClient,
    request: impl AsyncFn(&TestApp, &TestClient, usize) -> TestRequest,
    check: impl AsyncFn(&TestApp, &TestClient, TestResponse),
) {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let mut steps = 0;
    for moment in [CrashPoint::Before, CrashPoint::After] {
        for number in 0.. {
            let client = prepare(&latchkey).await;
            let unique = number * 2 + usize::from(moment == CrashPoint::After);
            let test_request = request(&latchkey, &client, unique).await;
            let survived = proxy.crash_at_write(number, moment, test_request.send()).await;
            if let Some(response) = survived {
                check(&latchkey, &client, response).await;
                steps += number;
                break;
            }
            let repeat = request(&latchkey, &client, unique).await.send().await;
            check(&latchkey, &client, repeat).await;
        }
    }
    println!("crashed at {steps} writes");
    assert!(steps > 5, "only {steps} writes: the proxy was not in between");
    latchkey.advance(SignedDuration::from_mins(16));
    assert_eq!(latchkey.sweep().await.failed, 0);
    latchkey.inspect().assert_settled().await;
}

async fn no_client(_: &TestApp) -> TestClient {
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

/// The list filter matches ids too, and no id has an exclamation mark.
async fn clients_named(latchkey: &TestApp, name: &str) -> usize {
    let path = format!("/v1/accounts/{ACCOUNT}/clients?q={name}");
    let list = latchkey.admin_request("GET", &path).await.send().await.expect(200).json();
    list["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn client_creation_recovers_from_crash() {
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    crash_at_each_call(
        no_client,
        async |latchkey, _, key| {
            post(latchkey, &path, key, &json!({ "client_name": format!("n{key}!") })).await
        },
        async |latchkey, _, response| {
            let name = response.clone().expect(201).string("client_name");
            assert_eq!(clients_named(latchkey, &name).await, 1, "made once");
        },
    )
    .await;
}

#[tokio::test]
async fn client_creation_with_chosen_id_recovers_from_crash() {
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    crash_at_each_call(
        no_client,
        async |latchkey, _, key| {
            let body = json!({ "client_name": "Moved", "client_id": format!("moved-{key}") });
            post(latchkey, &path, key, &body).await
        },
        async |_, _, response| {
            assert!(response.expect(201).string("client_id").starts_with("moved-"));
        },
    )
    .await;
}

#[tokio::test]
async fn client_duplication_recovers_from_crash() {
    crash_at_each_call(
        async |latchkey| latchkey.fixtures().client().await,
        async |latchkey, client, key| {
            post(
                latchkey,
                &format!("{}/duplicate", client.path()),
                key,
                &json!({ "client_name": format!("d{key}!") }),
            )
            .await
        },
        async |latchkey, _, response| {
            let name = response.expect(201).string("client_name");
            assert_eq!(clients_named(latchkey, &name).await, 1, "made once");
        },
    )
    .await;
}

#[tokio::test]
async fn secret_addition_recovers_from_crash() {
    crash_at_each_call(
        async |latchkey| latchkey.fixtures().client().await,
        async |latchkey, client, key| {
            post(latchkey, &format!("{}/secrets", client.path()), key, &json!({})).await
        },
        async |latchkey, client, response| {
            response.expect(201);
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
        },
    )
    .await;
}

async fn replace_secrets(which: &str, old_one_works: bool) {
    crash_at_each_call(
        async |latchkey| {
            let client = latchkey.fixtures().client().await;
            let secrets = format!("{}/secrets", client.path());
            latchkey.admin_request("POST", &secrets).await.send().await.expect(201);
            client
        },
        async |latchkey, client, key| {
            post(latchkey, &format!("{}/secrets", client.path()), key, &json!({ "replace": which })).await
        },
        async |latchkey, client, response| {
            let status = if old_one_works { 200 } else { 401 };
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(status);
            // The crashed request may have been executed; then its repetition shows no secret.
            if let Some(secret) = response.expect(201).json()["client_secret"].as_str() {
                latchkey.token(&client.client_id, secret, "").await.expect(200);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn replacing_newest_secret_recovers_from_crash() {
    replace_secrets("newest", true).await;
}

#[tokio::test]
async fn replacing_oldest_secret_recovers_from_crash() {
    replace_secrets("oldest", false).await;
}

#[tokio::test]
async fn replacing_all_secrets_recovers_from_crash() {
    replace_secrets("all", false).await;
}

#[tokio::test]
async fn revoking_last_secret_recovers_from_crash() {
    crash_at_each_call(
        async |latchkey| latchkey.fixtures().client().await,
        async |latchkey, client, _| {
            latchkey.admin_request("DELETE", &format!("{}/secrets/{}", client.path(), client.secret_id)).await
        },
        async |latchkey, client, response| {
            assert!([204, 404].contains(&response.status.as_u16()), "{}", response.text());
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
        },
    )
    .await;
}

#[tokio::test]
async fn pausing_newest_secret_recovers_from_crash() {
    crash_at_each_call(
        async |latchkey| {
            let client = latchkey.fixtures().client().await;
            let added = latchkey.add_secret(&client, &json!({})).await.expect(201);
            TestClient {
                client_secret: added.string("client_secret"),
                secret_id: added.string("secret_id"),
                ..client
            }
        },
        async |latchkey, client, key| {
            post(latchkey, &format!("{}/pause", client.secret(&client.secret_id)), key, &json!({})).await
        },
        async |latchkey, client, response| {
            assert_eq!(response.expect(200).json()["status"], "paused");
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
        },
    )
    .await;
}

#[tokio::test]
async fn earlier_expiry_recovers_from_crash() {
    crash_at_each_call(
        async |latchkey| latchkey.fixtures().client().await,
        async |latchkey, client, _| {
            let body = json!({ "expires_on": crate::v1::days_ahead(latchkey, 3) });
            latchkey.admin_request("PATCH", &client.secret(&client.secret_id)).await.json(&body)
        },
        async |latchkey, client, response| {
            let ends = response.expect(200).json()["expires_at"].clone();
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
            let stored = latchkey.inspect().stored_value(&client.client_id, &client.secret_id).await.unwrap();
            assert_eq!(
                (&stored["expires_at"], &stored["client_secret"]),
                (&ends, &json!(client.client_secret))
            );
        },
    )
    .await;
}

#[tokio::test]
async fn client_deletion_recovers_from_crash() {
    crash_at_each_call(
        async |latchkey| latchkey.fixtures().client().await,
        async |latchkey, client, _| latchkey.admin_request("DELETE", &client.path()).await,
        async |latchkey, client, response| {
            assert!([204, 404].contains(&response.status.as_u16()), "{}", response.text());
            latchkey.token(&client.client_id, &client.client_secret, "").await.expect(401);
            latchkey.admin_request("GET", &client.path()).await.send().await.expect(404);
        },
    )
    .await;
}
