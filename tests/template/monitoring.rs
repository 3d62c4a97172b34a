//! Monitoring of the stack: every function and table has alarms, every alarm notifies the operator and is in
//! the runbook, and every alarm watches a metric that is written.

use crate::template::document::{Template, infra, referenced_id};
use serde_json::{Value, json};
use shared::adapters::telemetry::CRATE_TARGETS;
use std::collections::BTreeSet;

/// The metrics that an alarm watches: namespace, name, dimensions.
pub fn metrics(alarm: &Value) -> Vec<&Value> {
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
fn watched_names(monitoring: &Template, alarm: &str, metric: &str, by: &str) -> BTreeSet<String> {
    let properties = &monitoring.0["Resources"][alarm]["Properties"];
    let values = metrics(properties).into_iter().filter(|one| one["MetricName"] == metric);
    values
        .map(|one| dimension(one, by).unwrap())
        .map(|value| {
            referenced_id(value).map_or_else(|| value["Fn::Sub"].as_str().unwrap().to_owned(), str::to_owned)
        })
        .collect()
}

#[test]
fn every_function_has_alarms_and_log_retention() {
    let (stack, monitoring) = (Template::stack(), Template::monitoring());
    let functions = stack.resources("AWS::Serverless::Function");
    let names: BTreeSet<_> = functions
        .iter()
        .map(|one| one.properties["FunctionName"]["Fn::Sub"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(watched_names(&monitoring, "FunctionErrors", "Errors", "FunctionName"), names);
    assert_eq!(watched_names(&monitoring, "FunctionThrottles", "Throttles", "FunctionName"), names);
    let dashboard =
        monitoring.0["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"].to_string();
    for function in &functions {
        let name = function.properties["FunctionName"]["Fn::Sub"].as_str().unwrap();
        assert!(dashboard.contains(name), "{name} is not on the dashboard");
        let group = referenced_id(&function.properties["LoggingConfig"]["LogGroup"]).unwrap();
        let retention = &stack.0["Resources"][group]["Properties"]["RetentionInDays"];
        assert_eq!(retention, &json!({ "Ref": "LogRetentionDays" }), "{name}");
    }
}

#[test]
fn log_filter_includes_every_crate() {
    let stack = Template::stack();
    for function in stack.resources("AWS::Serverless::Function") {
        let binary = function.whole["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap();
        let target = binary.replace('-', "_");
        assert!(CRATE_TARGETS.contains(&target.as_str()), "the log treats {target} as a library");
    }
}

#[test]
fn every_table_has_alarms() {
    let (stack, monitoring) = (Template::stack(), Template::monitoring());
    let tables: BTreeSet<_> =
        stack.resources("AWS::DynamoDB::Table").iter().map(|table| table.name.to_owned()).collect();
    for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] {
        assert_eq!(watched_names(&monitoring, "TableThrottles", metric, "TableName"), tables, "{metric}");
    }
}

#[test]
fn every_alarm_notifies_is_on_dashboard_and_in_runbook() {
    let monitoring = Template::monitoring();
    let runbook = std::fs::read_to_string(infra().join("docs/alarms.md")).unwrap();
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
