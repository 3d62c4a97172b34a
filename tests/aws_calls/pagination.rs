//! Where a service says that a list goes on with nothing, it does not go on.

use crate::support::aws_proxy::{AwsProxy, Canned};
use crate::support::canned::ALL;
use crate::support::emulator;
use crate::support::house::TestHouse;
use serde_json::json;

#[tokio::test]
async fn lists_end_at_an_empty_token() {
    let proxy = AwsProxy::start(emulator::endpoint()).await;
    let house = TestHouse::at(&proxy.endpoint, |_| {}).await;
    house.furnish().await;
    let client = house.client().await;
    proxy.can(Canned::edited(ALL, |response| match response {
        serde_json::Value::Object(members) if members.contains_key("Versions") => {
            members.insert("NextToken".to_owned(), json!(""));
        }
        serde_json::Value::Object(members) if members.contains_key("Items") => {
            members.entry("LastEvaluatedKey").or_insert(json!({}));
        }
        _ => {}
    }));
    proxy.take_calls();
    super::add_secret(&house, &client).await.expect(201);
    let listed = proxy.take_calls().into_iter().filter(|call| call.operation == "ListSecretVersionIds");
    let with_empty_token = listed.filter(|call| call.input["NextToken"] == "").count();
    assert_eq!(with_empty_token, 0);
    let clients = house.admin_ask("GET", super::super::v1::CLIENTS).await.send().await.expect(200).json();
    assert_eq!((clients["items"].as_array().unwrap().len(), &clients["next_cursor"]), (1, &json!(null)));
    house.run_job().await;
}
