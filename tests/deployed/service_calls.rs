//! What the stack's services say when they are asked without an SDK. The emulator tells them apart by the
//! scope of the signature, which it does not check.

use crate::deployed::report;
use crate::deployed::stack::{REGION, ROOT, STACK, STAGE, Stack};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::time::Duration;

impl Stack {
    /// Calls a service that speaks JSON.
    pub async fn call(&self, service: &str, method: Method, path: &str, body: &Value) -> Value {
        let request = self.request(service, method, path);
        let request = if body.is_null() { request } else { request.json(body) };
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap_or_default());
        answer.json().await.unwrap()
    }

    fn request(&self, service: &str, method: Method, path: &str) -> RequestBuilder {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential={ROOT}/20270131/{REGION}/{service}/aws4_request, \
             SignedHeaders=host, Signature=0"
        );
        let url = format!("{}{path}", self.emulator.endpoint());
        reqwest::Client::new().request(method, url).header("authorization", scope)
    }

    async fn function(&self, name: &str) -> Value {
        let path = format!("/2015-03-31/functions/latchkey-{STAGE}-{name}");
        self.call("lambda", Method::GET, &path, &Value::Null).await["Configuration"].clone()
    }

    /// Invokes a function, and waits for what it says.
    pub async fn invoke(&self, name: &str, event: &Value) -> Value {
        let path = format!("/2015-03-31/functions/latchkey-{STAGE}-{name}/invocations");
        self.call("lambda", Method::POST, &path, event).await
    }

    /// The digest of a function's code.
    pub async fn code(&self, name: &str) -> String {
        self.function(name).await["CodeSha256"].as_str().unwrap().to_owned()
    }

    /// A variable of a function.
    pub async fn log_level(&self, name: &str) -> String {
        self.function(name).await["Environment"]["Variables"]["LOG_LEVEL"].as_str().unwrap().to_owned()
    }

    /// What a function has logged.
    pub async fn log(&self, name: &str) -> String {
        let group = json!({ "logGroupName": format!("/aws/lambda/latchkey-{STAGE}-{name}") });
        let request = self.request("logs", Method::POST, "/").json(&group);
        let request = request.header("x-amz-target", "Logs_20140328.FilterLogEvents");
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        let events = answer["events"].as_array().into_iter().flatten();
        events.filter_map(|event| event["message"].as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Deletes the stack. Not by the SAM CLI: it wants to delete the packages too, and takes the emulator's S3
    /// addresses for none.
    pub async fn delete(&self) {
        assert!(self.cloudformation("DeleteStack").await.is_some());
        let mut tick = tokio::time::interval(Duration::from_millis(500));
        for _ in 0..120 {
            tick.tick().await;
            match self.cloudformation("DescribeStacks").await {
                Some(answer) if !answer.contains("DELETE_COMPLETE") => {
                    assert!(!answer.contains("DELETE_FAILED"), "{answer}");
                }
                // A stack that is gone is not known by its name any more.
                _ => return report(&format!("stack {STACK} deleted")),
            }
        }
        panic!("the stack is not deleted within a minute");
    }

    async fn cloudformation(&self, action: &str) -> Option<String> {
        let form = [("Action", action), ("Version", "2010-05-15"), ("StackName", STACK)];
        let answer = self.request("cloudformation", Method::POST, "/").form(&form).send().await.unwrap();
        let good = answer.status().is_success();
        let text = answer.text().await.unwrap();
        good.then_some(text)
    }
}
