//! An audience belongs to one resource: the tokens of another could not be told from its own.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::ACCOUNT;
use crate::v1::{CLIENTS, RESOURCES};
use serde_json::{Value, json};
use tokio::task::JoinSet;

fn resource(id: &str, audience: &str) -> Value {
    json!({ "resource_id": id, "audience": audience, "account_access": "all" })
}

#[tokio::test]
async fn audience_of_another_resource_is_taken() {
    let latchkey = TestApp::with_fixtures().await;
    for audience in ["https://api.example.com", "https://api.example.com/", "HTTPS://API.example.com:443"] {
        let refused = latchkey.post(RESOURCES, &resource("mine", audience)).await.expect(409);
        assert_eq!(refused.problem(), "audience_taken", "{audience}");
    }
    latchkey.delete("/v1/resources/backoffice_api").await.expect(204);
    latchkey.post(RESOURCES, &resource("mine", "https://api.example.com/")).await.expect(201);
}

#[tokio::test]
async fn placeholder_that_can_become_another_audience_is_rejected() {
    let latchkey = TestApp::with_fixtures().await;
    latchkey.post(RESOURCES, &resource("files", "https://{account_id}.files.example")).await.expect(201);
    for audience in [
        "https://{account_id}.example.com",
        "https://api.{account_id}.com",
        "https://evil.files.example",
        "https://x.{account_id}.example",
        &format!("{ISSUER}/{{account_id}}"),
        &ISSUER.replace("id.latchkey", "{account_id}").replace("example", "example/v1"),
        &format!("{ISSUER}/v1"),
        &format!("{}/v1", ISSUER.to_uppercase().replace("HTTPS", "https")),
    ] {
        let response = latchkey.post(RESOURCES, &resource("mine", audience)).await;
        assert_eq!(response.expect(422).pointers(), ["#/audience"], "{audience}");
    }
}

#[tokio::test]
async fn one_of_many_gets_an_audience() {
    let latchkey = TestApp::new().await;
    let mut requests = JoinSet::new();
    for number in 0..6 {
        let body = resource(&format!("r{number}"), "https://new.example.com");
        let request = latchkey.admin_request("POST", RESOURCES).await.json(&body);
        requests.spawn(async move { request.send().await.status.as_u16() });
    }
    let mut statuses = requests.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
    assert_eq!(latchkey.inspect().partition("AUDIENCE#https://new.example.com/").await.len(), 1);
}

#[tokio::test]
async fn resource_is_named_with_and_without_slash() {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    for target in ["https://api.example.com", "https://api.example.com/", "HTTPS://api.example.com"] {
        let more = format!("&resource={target}");
        let token = latchkey.token(&client.client_id, &client.client_secret, &more).await.expect(200);
        let claims = crate::support::sign_in::code_flow::claims(&token.string("access_token"));
        assert_eq!(claims["aud"], "https://api.example.com", "as registered");
    }
}

/// Two resources with one audience, as version 0.1.0 could store them.
async fn with_shared_audience() -> TestApp {
    let latchkey = TestApp::with_fixtures().await;
    let table = &latchkey.server.management.app.config.tables.directory;
    let mut item = latchkey.inspect().partition("CATALOGUE").await.pop().unwrap();
    for (name, value) in
        [("sk", "RESOURCE#second_api"), ("resource_id", "second_api"), ("service", "second"), ("stage", "x")]
    {
        item.insert(name.to_owned(), aws_sdk_dynamodb::types::AttributeValue::S(value.to_owned()));
    }
    let put = latchkey.server.aws.dynamodb().put_item().table_name(table).set_item(Some(item));
    put.send().await.unwrap();
    latchkey
}

#[tokio::test]
async fn audiences_shared_before_stay_and_need_attention() {
    let latchkey = with_shared_audience().await;
    latchkey.fixtures().manager(ACCOUNT, "ann@acme.example").await;
    let client = latchkey.fixtures().client().await;
    assert_eq!(latchkey.get(&client.path()).await.json()["attention"], json!(["shared_audience"]));
    let items = latchkey.get(&format!("{CLIENTS}?attention=shared_audience")).await.json()["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), 1);
    let both = json!({ "permissions": [{ "resource": "second_api" }] });
    latchkey.fixtures().client_with(ACCOUNT, &both).await;
    latchkey.patch("/v1/resources/second_api", &json!({ "resource_name": "Second" })).await.expect(200);
    latchkey.post(RESOURCES, &resource("third", "https://api.example.com/")).await.expect(409);
    latchkey.delete("/v1/resources/second_api").await.expect(204);
    let recorded = latchkey.inspect().partition("AUDIENCE#https://api.example.com/").await;
    assert_eq!(recorded[0]["resource_id"].as_s().unwrap(), "backoffice_api", "the other one keeps it");
    assert_eq!(latchkey.get(&client.path()).await.json()["attention"], json!([]));
}

#[tokio::test]
async fn record_left_by_a_version_without_records_is_replaced() {
    let latchkey = TestApp::with_fixtures().await;
    let table = &latchkey.server.management.app.config.tables.directory;
    let delete = latchkey.server.aws.dynamodb().delete_item().table_name(table);
    let text = |text: &str| aws_sdk_dynamodb::types::AttributeValue::S(text.to_owned());
    delete.key("pk", text("CATALOGUE")).key("sk", text("RESOURCE#backoffice_api")).send().await.unwrap();
    latchkey.post(RESOURCES, &resource("mine", "https://api.example.com")).await.expect(201);
    let recorded = latchkey.inspect().partition("AUDIENCE#https://api.example.com/").await;
    assert_eq!(recorded[0]["resource_id"].as_s().unwrap(), "mine");
}
