//! What the functions really ask of DynamoDB and Secrets Manager is allowed by their roles, conditions included: the
//! emulator that the stack is deployed to does not know them.

use super::evaluation::{IamRequest, allows};
use super::operator::use_operator_pages;
use super::people::{invite_and_move, use_console, use_tokens};
use super::requests::iam_requests;
use super::statements;
use crate::platform::bootstrap::EmptyDeployment;
use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsCall, AwsProxy, CrashPoint};
use crate::support::fixtures::ACCOUNT;
use crate::template::document::{Template, referenced_id};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use bootstrap::{BootstrapHandler, handle};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::app::Config;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The calls of each function.
type Recorded = Arc<Mutex<Vec<(&'static str, AwsCall)>>>;

/// The binary of the function that serves this path; `None` for what only the local runner has.
fn function_of(path: &str) -> Option<&'static str> {
    match path {
        "/_local/rotate-keys" => Some("rotate-keys"),
        path if path.starts_with("/_local") => None,
        path if path.ends_with("/auth/token") => Some("token"),
        path if path.starts_with("/v1/") => Some("clients"),
        path if path == "/" || path.starts_with("/console") || path.starts_with("/calendar/") => {
            Some("console")
        }
        path if ["/oauth/authorize", "/oauth/callback", "/mail/"].iter().any(|own| path.starts_with(own)) => {
            Some("authorize")
        }
        _ => Some("token"),
    }
}

/// An app that records what is called during each request.
async fn recording(proxy: &AwsProxy) -> (TestApp, Recorded) {
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    let recorded = Recorded::default();
    let (record, proxy) = (Arc::clone(&recorded), proxy.clone());
    latchkey.router = latchkey.router.clone().layer(from_fn(move |request: Request, next: Next| {
        let (record, proxy) = (Arc::clone(&record), proxy.clone());
        async move {
            let function = function_of(request.uri().path());
            proxy.take_calls();
            let response = next.run(request).await;
            if let Some(function) = function {
                let calls = proxy.take_calls().into_iter().map(|call| (function, call));
                record.lock().unwrap().extend(calls);
            }
            response
        }
    }));
    (latchkey, recorded)
}

async fn run_job(latchkey: &TestApp, proxy: &AwsProxy, recorded: &Recorded) {
    proxy.take_calls();
    assert_eq!(latchkey.run_job().await.failed, 0);
    recorded.lock().unwrap().extend(proxy.take_calls().into_iter().map(|call| ("expiry", call)));
}

/// Creations and deletions that are cut off after each of their calls, and left to the job.
async fn leave_work_unfinished(latchkey: &TestApp, proxy: &AwsProxy) {
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    for number in 0..12 {
        let body = json!({ "client_name": "Cut off", "permissions": [{ "resource": "backoffice_api" }] });
        let created = latchkey.admin_request("POST", &path).await.json(&body);
        proxy.crash(number, CrashPoint::After, created.send()).await;
        let client = latchkey.fixtures().client().await;
        let deleted = latchkey.admin_request("DELETE", &client.path()).await;
        proxy.crash(number, CrashPoint::After, deleted.send()).await;
    }
}

async fn send_reminders(latchkey: &TestApp) {
    let expires_on = latchkey.now().checked_add(DAY).unwrap().to_string()[..10].to_owned();
    let body = json!({
        "contacts": [format!("ann@{}", latchkey.mail_domain())],
        "permissions": [{ "resource": "backoffice_api" }],
        "secret": { "expires_on": expires_on, "remind": true },
    });
    latchkey.fixtures().client_with(ACCOUNT, &body).await;
}

/// An account that has a client and a member, and a member with a consent and a refresh token.
async fn delete_account_and_member(latchkey: &mut TestApp) {
    let account = "/v1/accounts/T5";
    latchkey.fixtures().account("T5").await;
    latchkey.fixtures().client_with("T5", &json!({ "permissions": [] })).await;
    let eve = json!({ "email": "eve@b.example", "name": "Eve" });
    latchkey.admin_request("POST", &format!("{account}/members")).await.json(&eve).send().await.expect(201);
    let disabled = json!({ "status": "disabled" });
    latchkey.admin_request("PATCH", account).await.json(&disabled).send().await.expect(200);
    latchkey.advance(DAY * 7);
    latchkey.admin_request("DELETE", account).await.send().await.expect(204);

    let bob = latchkey.fixtures().member("bob").await;
    let client = latchkey.fixtures().sign_in_client_with(&json!({ "contacts": [bob] })).await;
    let code = latchkey.sign_in(&client, &bob).await;
    latchkey.redeem(&client, &code).await.expect(200);
    let path = format!("/v1/accounts/{ACCOUNT}/members/{bob}");
    latchkey.admin_request("DELETE", &path).await.send().await.expect(204);
}

/// As if a version that recorded neither ids nor audiences had stored the accounts and the resources.
async fn forget_names(latchkey: &TestApp) {
    let (dynamodb, directory) =
        (latchkey.server.aws.dynamodb(), &latchkey.server.management.app.config.tables.directory);
    let stored = dynamodb.scan().table_name(directory).send().await.unwrap();
    for item in stored.items() {
        let text = |name: &str| item[name].as_s().unwrap().clone();
        let key = ["pk", "sk"].map(|name| (name.to_owned(), item[name].clone()));
        let key = Some(HashMap::from(key));
        if text("pk").starts_with("ACCOUNT_ID#") || text("pk").starts_with("AUDIENCE#") {
            dynamodb.delete_item().table_name(directory).set_key(key).send().await.unwrap();
        } else if text("sk") == "ACCOUNT" {
            let update = dynamodb.update_item().table_name(directory).set_key(key);
            update.update_expression("REMOVE id_recorded").send().await.unwrap();
        }
    }
}

/// The statements of a function's role, by the name of its binary.
pub(super) fn statements_of<'a>(template: &'a Template, binary: &str) -> Vec<&'a Value> {
    let functions = template.resources("AWS::Serverless::Function");
    let named = |whole: &Value| whole["Metadata"]["BuildProperties"]["Binary"] == binary;
    let function = functions.iter().find(|function| named(function.whole)).unwrap();
    let role = referenced_id(&function.properties["Role"]).unwrap();
    statements(&template.0["Resources"][role]["Properties"])
}

fn assert_allowed(template: &Template, binary: &str, calls: &[AwsCall], config: &Config) -> Vec<IamRequest> {
    let statements = statements_of(template, binary);
    let requests: Vec<_> = calls.iter().flat_map(|call| iam_requests(call, config)).collect();
    for request in &requests {
        let allowed = statements.iter().any(|statement| allows(statement, request));
        assert!(allowed, "the role of {binary} does not allow {request:?}");
    }
    requests
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_allow_what_the_functions_ask_for() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let (mut latchkey, recorded) = recording(&proxy).await;
    use_tokens(&latchkey).await;
    use_console(&latchkey).await;
    invite_and_move(&latchkey).await;
    use_operator_pages(&latchkey).await;
    delete_account_and_member(&mut latchkey).await;
    leave_work_unfinished(&latchkey, &proxy).await;
    send_reminders(&latchkey).await;
    forget_names(&latchkey).await;
    latchkey.advance(SignedDuration::from_mins(80));
    run_job(&latchkey, &proxy, &recorded).await;
    let link = latchkey.inspect().stop_link(&format!("ann@{}", latchkey.mail_domain())).await.unwrap();
    latchkey.request("GET", &link).send().await.expect(200);
    for body in ["List-Unsubscribe=One-Click", "decision=resume"] {
        latchkey.request("POST", &link).form(body).send().await.expect(200);
    }
    latchkey.advance(DAY * 122);
    run_job(&latchkey, &proxy, &recorded).await;

    let (template, config) = (Template::stack(), latchkey.server.management.app.config.clone());
    let recorded = std::mem::take(&mut *recorded.lock().unwrap());
    for binary in ["authorize", "clients", "console", "expiry", "rotate-keys", "token"] {
        let own = recorded.iter().filter(|(function, _)| *function == binary).map(|(_, call)| call.clone());
        let requests = assert_allowed(&template, binary, &own.collect::<Vec<_>>(), &config);
        let operations: BTreeSet<_> = requests.iter().map(|request| &request.action).collect();
        assert!(operations.len() >= 4, "{binary}: {operations:?}");
        if binary == "expiry" {
            assert_every_key_is_needed(&statements_of(&template, binary), &requests);
        }
    }
}

/// No pattern of leading keys is there for nothing.
fn assert_every_key_is_needed(statements: &[&Value], requests: &[IamRequest]) {
    for statement in statements {
        let patterns = &statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"];
        for pattern in patterns.as_array().into_iter().flatten() {
            let mut only = (*statement).clone();
            only["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] = json!([pattern]);
            let used = requests.iter().any(|request| allows(&only, request));
            assert!(used, "{pattern} of {} is not used", statement["Sid"]);
        }
    }
}

#[tokio::test]
async fn role_of_the_bootstrap_allows_what_it_asks_for() {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let deployment = EmptyDeployment::new(&proxy.endpoint).await.with_stack_secrets().await;
    proxy.take_calls();
    let handler = BootstrapHandler::new(Ok(deployment.config.clone()));
    let deadline = Timestamp::now().checked_add(SignedDuration::from_mins(3)).unwrap();
    let event = json!({ "ensure": "operator", "member": "ann@latchkey.example" });
    handle(&handler, event, deadline).await.unwrap();
    let requests = assert_allowed(&Template::stack(), "bootstrap", &proxy.take_calls(), &deployment.config);
    assert!(requests.len() > 15, "{}", requests.len());
}
