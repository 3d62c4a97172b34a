//! What watches the stack: every function and table is watched, every alarm reaches people and is explained,
//! and no alarm waits for a metric that nobody writes.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::template::document::{Template, infra, referred};
use serde_json::{Value, json};
use shared::adapters::telemetry::CRATE_TARGETS;
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// The metrics that an alarm looks at: namespace, name, dimensions.
fn metrics(alarm: &Value) -> Vec<&Value> {
    match alarm["Metrics"].as_array() {
        Some(metrics) => {
            metrics.iter().map(|one| &one["MetricStat"]["Metric"]).filter(|m| !m.is_null()).collect()
        }
        None => vec![alarm],
    }
}

fn dimension<'a>(metric: &'a Value, name: &str) -> Option<&'a Value> {
    let all = metric["Dimensions"].as_array()?;
    all.iter().find(|one| one["Name"] == name).map(|one| &one["Value"])
}

/// The values of a dimension in one alarm, for one metric.
fn watched(monitoring: &Template, alarm: &str, metric: &str, by: &str) -> BTreeSet<String> {
    let properties = &monitoring.0["Resources"][alarm]["Properties"];
    let values = metrics(properties).into_iter().filter(|one| one["MetricName"] == metric);
    values
        .map(|one| dimension(one, by).unwrap())
        .map(|value| {
            referred(value).map_or_else(|| value["Fn::Sub"].as_str().unwrap().to_owned(), str::to_owned)
        })
        .collect()
}

#[test]
fn every_function_is_watched_and_logs_for_as_long_as_the_operator_says() {
    let (stack, monitoring) = (Template::of_the_stack(), Template::of_monitoring());
    let functions = stack.resources("AWS::Serverless::Function");
    let names: BTreeSet<_> = functions
        .iter()
        .map(|one| one.properties["FunctionName"]["Fn::Sub"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(watched(&monitoring, "FunctionErrors", "Errors", "FunctionName"), names);
    assert_eq!(watched(&monitoring, "FunctionThrottles", "Throttles", "FunctionName"), names);
    let dashboard =
        monitoring.0["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"].to_string();
    for function in &functions {
        let name = function.properties["FunctionName"]["Fn::Sub"].as_str().unwrap();
        assert!(dashboard.contains(name), "{name} is not on the dashboard");
        let group = referred(&function.properties["LoggingConfig"]["LogGroup"]).unwrap();
        let retention = &stack.0["Resources"][group]["Properties"]["RetentionInDays"];
        assert_eq!(retention, &json!({ "Ref": "LogRetentionDays" }), "{name}");
    }
}

#[test]
fn every_function_is_heard() {
    let stack = Template::of_the_stack();
    for function in stack.resources("AWS::Serverless::Function") {
        let binary = function.whole["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap();
        let target = binary.replace('-', "_");
        assert!(CRATE_TARGETS.contains(&target.as_str()), "the log takes {target} for a library");
    }
}

#[test]
fn every_function_can_be_traced() {
    let stack = Template::of_the_stack();
    let roles =
        |values: Vec<&Value>| values.into_iter().map(|role| referred(role).unwrap().to_owned()).collect();
    let functions = stack.resources("AWS::Serverless::Function");
    let all: BTreeSet<String> =
        roles(functions.iter().map(|function| &function.properties["Role"]).collect());
    let traced = &stack.0["Resources"]["TracingPolicy"]["Properties"]["Roles"];
    assert_eq!(roles(traced.as_array().unwrap().iter().collect()), all);
}

#[test]
fn every_table_is_watched() {
    let (stack, monitoring) = (Template::of_the_stack(), Template::of_monitoring());
    let tables: BTreeSet<_> =
        stack.resources("AWS::DynamoDB::Table").iter().map(|table| table.name.to_owned()).collect();
    for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] {
        assert_eq!(watched(&monitoring, "TableThrottles", metric, "TableName"), tables, "{metric}");
    }
}

#[test]
fn every_alarm_tells_people_stands_on_the_dashboard_and_is_explained() {
    let monitoring = Template::of_monitoring();
    let runbook = std::fs::read_to_string(infra().join("README.md")).unwrap();
    let dashboard =
        monitoring.0["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"].to_string();
    for alarm in monitoring.resources("AWS::CloudWatch::Alarm") {
        for actions in ["AlarmActions", "OKActions"] {
            assert_eq!(alarm.properties[actions], json!([{ "Ref": "AlarmTopic" }]), "{}", alarm.name);
        }
        let name = alarm.properties["AlarmName"]["Fn::Sub"].as_str().unwrap();
        let short = name.strip_prefix("latchkey-${Stage}-").unwrap();
        assert!(runbook.contains(&format!("`{short}`")), "the runbook does not explain {short}");
        assert!(
            dashboard.contains(&format!("${{{}.Arn}}", alarm.name)),
            "{} is not on the dashboard",
            alarm.name
        );
        assert!(alarm.properties["TreatMissingData"].is_string(), "{}", alarm.name);
    }
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Names and dimensions of a line's metrics, as `name{dimension,dimension}`.
fn written_metrics(line: &Value) -> BTreeSet<String> {
    let directive = &line["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "Latchkey");
    let sets = directive["Dimensions"].as_array().unwrap().iter().map(|set| {
        let names: BTreeSet<_> = set.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        names.into_iter().collect::<Vec<_>>().join(",")
    });
    let names =
        || directive["Metrics"].as_array().unwrap().iter().map(|metric| metric["Name"].as_str().unwrap());
    sets.flat_map(|set| names().map(move |name| format!("{name}{{{set}}}")).collect::<Vec<_>>()).collect()
}

/// Every line of metrics that a token, a refusal, an outage and a run of the job leave.
async fn lines() -> Vec<Value> {
    let written = Written::default();
    let subscriber = shared::adapters::telemetry::subscriber("error", written.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    let latchkey = TestApp::with_fixtures().await;
    let client =
        latchkey.client_like(ACCOUNT, &json!({ "permissions": [{ "resource": "backoffice_api" }] })).await;
    written.0.lock().unwrap().clear();
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    latchkey.token(&client.client_id, "lks_wrong", "").await.expect(401);
    latchkey.request("POST", "/oauth/token").form("grant_type=password").send().await.expect(401);
    latchkey.run_job().await;
    drop(guard);
    let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains(&client.client_id), "an id is in a metric");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn one_line_of_metrics_says_what_came_of_each_request_and_of_the_job() {
    let lines = lines().await;
    let tokens: Vec<_> = lines
        .iter()
        .filter(|line| line["token_requests"] == 1)
        .map(|line| (line["outcome"].as_str().unwrap(), line["grant_type"].as_str().unwrap()))
        .collect();
    let grant = "client_credentials";
    assert_eq!(tokens, [("issued", grant), ("invalid_client", "none"), ("invalid_client", "none")]);
    let jobs: Vec<_> = lines.iter().filter(|line| !line["expiry_succeeded"].is_null()).collect();
    let [job] = jobs[..] else { panic!("one run, not {jobs:?}") };
    assert_eq!((&job["expiry_succeeded"], &job["ses_sandbox"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn no_alarm_waits_for_a_metric_that_nobody_writes() {
    let written: BTreeSet<_> = lines().await.iter().flat_map(written_metrics).collect();
    let monitoring = Template::of_monitoring();
    let alarms = monitoring.resources("AWS::CloudWatch::Alarm");
    let own = alarms.iter().flat_map(|alarm| metrics(alarm.properties));
    let mut seen = 0;
    for metric in own.filter(|metric| metric["Namespace"] == "Latchkey") {
        let names: BTreeSet<_> = metric["Dimensions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["Name"].as_str().unwrap())
            .collect();
        let names: Vec<_> = names.into_iter().collect();
        let wanted = format!("{}{{{}}}", metric["MetricName"].as_str().unwrap(), names.join(","));
        assert!(written.contains(&wanted), "{wanted} is not among {written:?}");
        seen += 1;
    }
    assert!(seen > 3);
}
