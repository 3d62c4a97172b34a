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

/// The dashboard, with or without the widgets of Contributor Insights.
pub fn dashboard(monitoring: &Template, has_contributors: bool) -> Value {
    let body = &monitoring.0["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"];
    let choice = &body[1]["Contributors"]["Fn::If"];
    let contributors = if has_contributors { &choice[1]["Fn::Sub"] } else { &choice[2] };
    let text = body[0].as_str().unwrap().replace("${Contributors}", contributors.as_str().unwrap());
    serde_json::from_str(&text).unwrap()
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

/// Names and dimensions of a line's metrics, as `name{dimension,dimension}`.
pub fn written_metrics(line: &Value) -> BTreeSet<String> {
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
    let dashboard = dashboard(&monitoring, false).to_string();
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

/// The topic of an alarm as the runbook writes it.
fn severity(alarm: &Value) -> &str {
    match alarm["AlarmActions"][0]["Ref"].as_str() {
        Some("AlarmTopic") => "page",
        Some("NoticeTopic") => "notice",
        other => panic!("{other:?} is no topic"),
    }
}

#[test]
fn every_alarm_notifies_is_on_dashboard_and_in_runbook() {
    let monitoring = Template::monitoring();
    let runbook = std::fs::read_to_string(infra().join("docs/alarms.md")).unwrap();
    let dashboard = dashboard(&monitoring, false).to_string();
    for alarm in monitoring.resources("AWS::CloudWatch::Alarm") {
        let properties = alarm.properties;
        assert_eq!(properties["AlarmActions"].as_array().unwrap().len(), 1, "{}", alarm.name);
        assert_eq!(properties["AlarmActions"], properties["OKActions"], "{}", alarm.name);
        let name = properties["AlarmName"]["Fn::Sub"].as_str().unwrap();
        let short = name.strip_prefix("latchkey-${Stage}-").unwrap();
        let row = format!("| `{short}` | {} |", severity(properties));
        assert!(runbook.contains(&row), "the runbook has no row {row}");
        assert!(
            dashboard.contains(&format!("${{{}.Arn}}", alarm.name)),
            "{} is not on the dashboard",
            alarm.name
        );
        assert!(properties["TreatMissingData"].is_string(), "{}", alarm.name);
    }
}

#[test]
fn sums_of_metrics_that_may_be_missing_are_filled() {
    // Without FILL such an alarm has no data, or keeps its state: CloudWatch ignores missing data of DynamoDB's metrics.
    for alarm in Template::monitoring().resources("AWS::CloudWatch::Alarm") {
        let own = metrics(alarm.properties);
        let of_dynamodb = own.iter().any(|one| one["Namespace"] == "AWS/DynamoDB");
        if own.len() > 1 || of_dynamodb {
            let all = alarm.properties["Metrics"].as_array().expect("an expression");
            let expression = all.iter().find_map(|one| one["Expression"].as_str()).unwrap();
            assert!(expression.contains("FILL("), "{}: {expression}", alarm.name);
            let (of, look_at) =
                (&alarm.properties["DatapointsToAlarm"], &alarm.properties["EvaluationPeriods"]);
            assert_eq!(
                (of.as_u64(), look_at.as_u64()),
                (Some(1), Some(2)),
                "{}: data may be late",
                alarm.name
            );
        }
    }
}

#[test]
fn bounces_and_the_budget_are_notices() {
    let stack = Template::stack();
    let topic = &stack.0["Resources"]["MailEvents"]["Properties"]["EventDestination"]["SnsDestination"];
    assert_eq!(topic["TopicARN"], json!({ "Ref": "NoticeTopic" }));
    let subscription = &stack.0["Resources"]["MailEventsSubscription"]["Properties"];
    assert_eq!(subscription["TopicArn"], json!({ "Ref": "NoticeTopic" }));
    // Alarms and the budget do not start the job.
    assert_eq!(subscription["FilterPolicy"], json!({ "eventType": ["Bounce", "Complaint"] }));
    assert_eq!(subscription["FilterPolicyScope"], "MessageBody");
    for one in
        stack.0["Resources"]["Budget"]["Properties"]["NotificationsWithSubscribers"].as_array().unwrap()
    {
        assert_eq!(one["Subscribers"][0]["Address"], json!({ "Ref": "NoticeTopic" }));
    }
}

#[test]
fn the_stack_gives_monitoring_all_its_parameters() {
    let (stack, monitoring) = (Template::stack(), Template::monitoring());
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let given = names(&stack.0["Resources"]["Monitoring"]["Properties"]["Parameters"]);
    assert_eq!(given, names(&monitoring.0["Parameters"]));
}

#[test]
fn every_rule_of_contributor_insights_is_optional_and_on_the_dashboard() {
    let monitoring = Template::monitoring();
    let (with, without) = (dashboard(&monitoring, true), dashboard(&monitoring, false));
    let rules = monitoring.resources("AWS::CloudWatch::InsightRule");
    for rule in &rules {
        assert_eq!(rule.whole["Condition"], "HasContributorInsights", "{}", rule.name);
        let name = format!("${{{}}}", rule.name);
        let shows = |board: &Value| {
            let widgets = board["widgets"].as_array().unwrap();
            widgets.iter().filter(|one| one["properties"]["insightRule"]["ruleName"] == name.as_str()).count()
        };
        assert_eq!((shows(&with), shows(&without)), (1, 0), "{name}");
    }
    let more = with["widgets"].as_array().unwrap().len() - without["widgets"].as_array().unwrap().len();
    assert_eq!(more, rules.len());
}
