//! An empty pagination token ends a list.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fault_injection::injected::ALL;
use serde_json::json;

#[tokio::test]
async fn lists_end_at_an_empty_token() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    let client = latchkey.fixtures().client().await;
    proxy.inject(InjectedFault::edited(ALL, |response| match response {
        serde_json::Value::Object(members) if members.contains_key("Versions") => {
            members.insert("NextToken".to_owned(), json!(""));
        }
        serde_json::Value::Object(members) if members.contains_key("Items") => {
            members.entry("LastEvaluatedKey").or_insert(json!({}));
        }
        _ => {}
    }));
    proxy.take_calls();
    crate::platform::aws_calls::add_secret(&latchkey, &client).await.expect(201);
    let listed = proxy.take_calls().into_iter().filter(|call| call.operation == "ListSecretVersionIds");
    let with_empty_token = listed.filter(|call| call.input["NextToken"] == "").count();
    assert_eq!(with_empty_token, 0);
    let clients = latchkey.admin_request("GET", crate::v1::CLIENTS).await.send().await.expect(200).json();
    assert_eq!((clients["items"].as_array().unwrap().len(), &clients["next_cursor"]), (1, &json!(null)));
    latchkey.run_job().await;
}
