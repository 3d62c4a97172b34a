//! Limits of an account: what it has, and what would exceed them.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::v1::{ACCOUNTS, CLIENTS, MEMBERS, assert_contains};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use tokio::task::JoinSet;

const PATH: &str = "/v1/accounts/T12345678";

impl TestApp {
    async fn usage(&self) -> (u64, u64) {
        let usage = self.get(PATH).await.expect(200).json()["usage"].clone();
        (usage["clients"].as_u64().unwrap(), usage["members"].as_u64().unwrap())
    }

    /// Removes or falsifies the stored numbers of the account.
    async fn set_stored_usage(&self, clients: Option<u32>) {
        let table = &self.server.management.app.config.tables.directory;
        let (pk, sk) =
            (AttributeValue::S(format!("ACCOUNT#{ACCOUNT}")), AttributeValue::S("USAGE".to_owned()));
        let dynamodb = self.server.aws.dynamodb();
        match clients {
            None => {
                dynamodb.delete_item().table_name(table).key("pk", pk).key("sk", sk).send().await.unwrap();
            }
            Some(clients) => {
                let put = dynamodb.put_item().table_name(table).item("pk", pk).item("sk", sk);
                let put = put.item("clients", AttributeValue::N(clients.to_string()));
                put.item("members", AttributeValue::N("0".to_owned())).send().await.unwrap();
            }
        }
    }
}

async fn member(latchkey: &TestApp, email: &str) -> TestResponse {
    latchkey.post(MEMBERS, &json!({ "email": email, "name": "x" })).await
}

#[tokio::test]
async fn account_has_the_deployments_limits_and_its_usage() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    member(&latchkey, "a@b.example").await.expect(201);
    let account = latchkey.get(PATH).await.expect(200);
    let expected = json!({
        "limits": { "clients": 200, "members": 200, "mail_recipients_per_day": 500 },
        "usage": { "clients": 1, "members": 1, "mail_recipients_today": 0 },
    });
    assert_contains(&account.json(), &expected);
    latchkey.delete(&client.path()).await.expect(204);
    latchkey.delete(&format!("{MEMBERS}/a@b.example")).await.expect(204);
    assert_eq!(latchkey.usage().await, (0, 0));
    let version = |response: &TestResponse| response.etag().split('-').next().unwrap().to_owned();
    assert_eq!(version(&latchkey.get(PATH).await), version(&account), "usage is no change of the account");
}

#[tokio::test]
async fn operator_sets_limits_one_by_one() {
    let latchkey = TestApp::with_fixtures().await;
    for (change, expected) in [
        (json!({ "clients": 5 }), json!({ "clients": 5, "members": 200, "mail_recipients_per_day": 500 })),
        (
            json!({ "members": 0, "mail_recipients_per_day": 1 }),
            json!({ "clients": 5, "members": 0, "mail_recipients_per_day": 1 }),
        ),
        (json!({ "clients": null }), json!({ "clients": 200, "members": 0, "mail_recipients_per_day": 1 })),
        (Value::Null, json!({ "clients": 200, "members": 200, "mail_recipients_per_day": 500 })),
    ] {
        let changed = latchkey.patch(PATH, &json!({ "limits": change })).await.expect(200);
        assert_eq!(changed.json()["limits"], expected, "{change}");
    }
    for (bad, pointer) in [
        (json!({ "clients": 100_001 }), "#/limits/clients"),
        (json!({ "colour": 1 }), "#/limits/colour"),
        (json!(5), "#/limits"),
    ] {
        let response = latchkey.patch(PATH, &json!({ "limits": bad })).await.expect(422);
        assert_eq!(response.pointers(), [pointer]);
    }
}

#[tokio::test]
async fn client_over_the_limit_is_refused_in_both_storages() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch(PATH, &json!({ "limits": { "clients": 1 } })).await.expect(200);
    let client = latchkey.fixtures().client().await;
    for storage in ["secrets_manager", "digest_only"] {
        let body = json!({ "client_name": "x", "secret_storage": storage });
        let refused = latchkey.post(CLIENTS, &body).await.expect(409);
        assert_eq!(refused.problem(), "limit_reached");
        let detail = refused.string("detail");
        assert!(detail.contains("1 clients") && detail.contains("operator"), "{detail}");
    }
    let duplicate = format!("{}/duplicate", client.path());
    assert_eq!(latchkey.post(&duplicate, &json!({})).await.expect(409).problem(), "limit_reached");
    assert_eq!(latchkey.inspect().stored_client_ids().await.len(), 2, "and nothing is left behind");
    latchkey.delete(&client.path()).await.expect(204);
    latchkey.fixtures().client().await;
}

#[tokio::test]
async fn member_over_the_limit_is_refused() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch(PATH, &json!({ "limits": { "members": 1 } })).await.expect(200);
    member(&latchkey, "a@b.example").await.expect(201);
    assert_eq!(member(&latchkey, "b@b.example").await.expect(409).problem(), "limit_reached");
    assert_eq!(member(&latchkey, "a@b.example").await.expect(409).problem(), "member_exists");
    latchkey.delete(&format!("{MEMBERS}/a@b.example")).await.expect(204);
    member(&latchkey, "b@b.example").await.expect(201);
}

#[tokio::test]
async fn concurrent_creations_do_not_pass_the_limit() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.patch(PATH, &json!({ "limits": { "clients": 3, "members": 3 } })).await.expect(200);
    let body = json!({ "client_name": "x", "secret_storage": "digest_only" });
    let mut creations = JoinSet::new();
    for _ in 0..8 {
        creations.spawn(latchkey.admin_request("POST", CLIENTS).await.json(&body).send());
    }
    let created = creations.join_all().await;
    assert_eq!(created.iter().filter(|response| response.status == 201).count(), 3);
    let mut additions = JoinSet::new();
    for number in 0..8 {
        let body = json!({ "email": format!("a{number}@b.example"), "name": "x" });
        additions.spawn(latchkey.admin_request("POST", MEMBERS).await.json(&body).send());
    }
    let added = additions.join_all().await;
    assert_eq!(added.iter().filter(|response| response.status == 201).count(), 3);
    assert_eq!(latchkey.usage().await, (3, 3));
}

#[tokio::test]
async fn numbers_that_an_earlier_version_did_not_store_are_counted() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    latchkey.set_stored_usage(None).await;
    latchkey.fixtures().client().await;
    assert_eq!(latchkey.usage().await, (2, 0));
    latchkey.set_stored_usage(None).await;
    latchkey.delete(&client.path()).await.expect(204);
    assert_eq!(latchkey.usage().await, (1, 0));
}

#[tokio::test]
async fn job_corrects_the_numbers_once_a_day() {
    let mut latchkey = TestApp::with_fixtures().await;
    latchkey.fixtures().client().await;
    latchkey.set_stored_usage(Some(77)).await;
    let summary = latchkey.run_job().await;
    assert_eq!(latchkey.usage().await, (1, 0));
    assert_eq!(summary.stored_secrets, Some(2), "this client's and the operator's");
    latchkey.set_stored_usage(Some(77)).await;
    latchkey.run_job().await;
    assert_eq!(latchkey.usage().await, (77, 0));
    latchkey.advance(jiff::SignedDuration::from_hours(24));
    latchkey.run_job().await;
    assert_eq!(latchkey.usage().await, (1, 0));
}

#[tokio::test]
async fn deployment_has_its_own_limits() {
    let latchkey = TestApp::with_config(|config| config.account_limits.clients = 0).await;
    latchkey.post(ACCOUNTS, &json!({ "account_id": "T2", "account_name": "x" })).await.expect(201);
    let path = "/v1/accounts/T2/clients";
    latchkey.post(path, &json!({ "client_name": "x" })).await.expect(409);
    latchkey.patch("/v1/accounts/T2", &json!({ "limits": { "clients": 1 } })).await.expect(200);
    latchkey.post(path, &json!({ "client_name": "x" })).await.expect(201);
}
