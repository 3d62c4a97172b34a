//! Calls to the stack's services without an SDK. The emulator tells them apart by the scope of the signature,
//! which it does not verify.

use crate::deployed::report;
use crate::deployed::stack::{REGION, ROOT, STACK, STAGE, Stack};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

fn alias_path(function: &str) -> String {
    format!("/2015-03-31/functions/latchkey-{STAGE}-{function}/aliases/live")
}

impl Stack {
    /// Calls a service with a JSON protocol.
    pub async fn call(&self, service: &str, method: Method, path: &str, body: &Value) -> Value {
        let request = self.request(service, method, path);
        let request = if body.is_null() { request } else { request.json(body) };
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap_or_default());
        response.json().await.unwrap()
    }

    /// Calls an operation of a service with the protocol that names it in a header.
    pub async fn call_target(&self, service: &str, target: &str, body: &Value) -> Value {
        let request = self.request(service, Method::POST, "/").json(body).header("x-amz-target", target);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{target}: {}", response.text().await.unwrap_or_default());
        response.json().await.unwrap()
    }

    fn request(&self, service: &str, method: Method, path: &str) -> RequestBuilder {
        let scope = format!(
            "AWS4-HMAC-SHA256 Credential={ROOT}/20270131/{REGION}/{service}/aws4_request, \
             SignedHeaders=host, Signature=0"
        );
        let url = format!("{}{path}", self.emulator.endpoint());
        reqwest::Client::new().request(method, url).header("authorization", scope)
    }

    /// Makes a bucket, and puts files into it.
    pub async fn upload(&self, bucket: &str, files: &BTreeMap<String, PathBuf>) {
        let place = format!(
            "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
             <LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
        );
        let made = self.request("s3", Method::PUT, &format!("/{bucket}")).body(place).send().await.unwrap();
        assert!(made.status().is_success(), "{bucket}: {}", made.status());
        for (key, file) in files {
            let request = self.request("s3", Method::PUT, &format!("/{bucket}/{key}"));
            let put = request.body(std::fs::read(file).unwrap()).send().await.unwrap();
            assert!(put.status().is_success(), "{key}: {}", put.status());
        }
    }

    async fn function(&self, name: &str) -> Value {
        let path = format!("/2015-03-31/functions/latchkey-{STAGE}-{name}");
        self.call("lambda", Method::GET, &path, &Value::Null).await["Configuration"].clone()
    }

    /// Invokes a function, and returns its result.
    pub async fn invoke(&self, name: &str, event: &Value) -> Value {
        let path = format!("/2015-03-31/functions/latchkey-{STAGE}-{name}/invocations");
        self.call("lambda", Method::POST, &path, event).await
    }

    /// The digest of a function's code.
    pub async fn code(&self, name: &str) -> String {
        self.function(name).await["CodeSha256"].as_str().unwrap().to_owned()
    }

    /// The level that the version behind the alias `live` logs at.
    pub async fn live_log_level(&self, name: &str) -> String {
        let path = format!("/2015-03-31/functions/latchkey-{STAGE}-{name}?Qualifier=live");
        let function = self.call("lambda", Method::GET, &path, &Value::Null).await;
        let variables = &function["Configuration"]["Environment"]["Variables"];
        variables["LOG_LEVEL"].as_str().unwrap().to_owned()
    }

    /// The version behind the alias `live`.
    pub async fn live_version(&self, name: &str) -> String {
        let alias = self.call("lambda", Method::GET, &alias_path(name), &Value::Null).await;
        alias["FunctionVersion"].as_str().unwrap().to_owned()
    }

    /// Moves the alias `live`.
    pub async fn move_alias(&self, name: &str, version: &str) {
        let body = json!({ "FunctionVersion": version });
        self.call("lambda", Method::PUT, &alias_path(name), &body).await;
    }

    /// Starts new instances of a function: publishes a version that differs in its description, and moves the alias there.
    pub async fn restart(&self, name: &str) {
        let function = format!("/2015-03-31/functions/latchkey-{STAGE}-{name}");
        let description = json!({ "Description": "restarted" });
        self.call("lambda", Method::PUT, &format!("{function}/configuration"), &description).await;
        let published = self.call("lambda", Method::POST, &format!("{function}/versions"), &json!({})).await;
        self.move_alias(name, published["Version"].as_str().unwrap()).await;
    }

    /// The log of a function.
    pub async fn log(&self, name: &str) -> String {
        let group = json!({ "logGroupName": format!("/aws/lambda/latchkey-{STAGE}-{name}") });
        let response = self.call_target("logs", "Logs_20140328.FilterLogEvents", &group).await;
        let events = response["events"].as_array().into_iter().flatten();
        events.filter_map(|event| event["message"].as_str()).collect::<Vec<_>>().join("\n")
    }

    /// Deletes the stack. Not with the SAM CLI: it also deletes the packages, and does not recognize the
    /// emulator's S3 addresses.
    pub async fn delete(&self) {
        assert!(self.cloudformation("DeleteStack", &[("StackName", STACK)]).await.is_some());
        let mut tick = tokio::time::interval(Duration::from_millis(500));
        for _ in 0..120 {
            tick.tick().await;
            match self.cloudformation("DescribeStacks", &[("StackName", STACK)]).await {
                Some(response) if !response.contains("DELETE_COMPLETE") => {
                    assert!(!response.contains("DELETE_FAILED"), "{response}");
                }
                // A deleted stack is no longer found by its name.
                _ => return report(&format!("stack {STACK} deleted")),
            }
        }
        panic!("the stack is not deleted within a minute");
    }

    /// Makes a stack that has nothing of Latchkey but its stage and an issuer.
    pub async fn create_stack_of_stage(&self, name: &str, stage: &str) {
        let template = json!({
            "Parameters": { "Stage": { "Type": "String" } },
            "Resources": { "Nothing": { "Type": "AWS::CloudFormation::WaitConditionHandle" } },
            "Outputs": { "Issuer": { "Value": "https://id.latchkey.example" } },
        });
        let template = template.to_string();
        let parameter = [("ParameterKey", "Stage"), ("ParameterValue", stage)];
        let [key, value] = parameter.map(|(part, text)| (format!("Parameters.member.1.{part}"), text));
        let form = [("StackName", name), ("TemplateBody", &template), (&key.0, key.1), (&value.0, value.1)];
        assert!(self.cloudformation("CreateStack", &form).await.is_some());
    }

    async fn cloudformation(&self, action: &str, form: &[(&str, &str)]) -> Option<String> {
        let form = [&[("Action", action), ("Version", "2010-05-15")], form].concat();
        let response = self.request("cloudformation", Method::POST, "/").form(&form).send().await.unwrap();
        let good = response.status().is_success();
        let text = response.text().await.unwrap();
        good.then_some(text)
    }
}
