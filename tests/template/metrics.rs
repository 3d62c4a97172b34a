//! The metrics that the functions write, in CloudWatch's embedded metric format.

mod console;

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fault_injection::aws_proxy::{AwsProxy, InjectedFault};
use crate::support::fixtures::ACCOUNT;
use crate::support::http::masked;
use crate::support::log_capture::CapturedLog;
use crate::support::sign_in::AuthorizeRequest;
use crate::support::sign_in::browser::Browser;
use crate::template::document::Template;
use crate::template::monitoring::{dashboard, metrics, written_metrics};
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Lines of each kind: of tokens, sign-ins, the console, uses that cannot be recorded, keys that are read, and a job.
async fn metric_lines() -> Vec<Value> {
    let proxy = AwsProxy::start(aws::endpoint()).await;
    let mut latchkey = TestApp::with_endpoint(&proxy.endpoint, |_| {}).await;
    latchkey.fixtures().seed().await;
    latchkey.fixtures().ann().await;
    let members = json!({ "permissions": [{ "resource": "backoffice_api" }] });
    let client = latchkey.fixtures().client_with(ACCOUNT, &members).await;
    let app = latchkey.fixtures().code_flow_client().await;
    let (portal, member) =
        (latchkey.fixtures().sign_in_client().await, latchkey.fixtures().member("ben").await);
    let cleo = console::reader(&latchkey).await;
    latchkey.advance(jiff::SignedDuration::from_mins(6));
    let code = latchkey.fixtures().code(&app).await;
    let log = CapturedLog::default();
    let guard = log.listen_as("error");
    proxy.inject(InjectedFault::json_error("UpdateItem", "AccessDeniedException"));
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    proxy.clear();
    latchkey.token(&client.client_id, "lks_wrong", "").await.expect(401);
    latchkey.request("POST", "/oauth/token").form("grant_type=password").send().await.expect(401);
    latchkey.redeem(&app, &code).await.expect(200);
    latchkey.redeem(&app, &code).await.expect(400);
    let browser = Browser::new(&latchkey);
    let page = browser.request_email_code(&AuthorizeRequest::of(&portal), &member).await.expect(200);
    browser.post(&page.form("/code").with("code", "12345678")).await.expect(303);
    console::sign_in_and_out(&latchkey, &cleo).await;
    latchkey.run_job().await;
    drop(guard);
    let lines = log.metrics();
    let text = json!(lines).to_string();
    assert!(!text.contains(&client.client_id) && !text.contains(&member), "an id is in a metric");
    lines
}

#[tokio::test]
async fn emf_metrics_report_each_request() {
    let lines = metric_lines().await;
    let tokens: Vec<_> = lines
        .iter()
        .filter(|line| line["token_requests"] == 1)
        .map(|line| (line["outcome"].as_str().unwrap(), line["grant_type"].as_str().unwrap()))
        .collect();
    let (grant, code) = ("client_credentials", "authorization_code");
    let expected = [("issued", grant), ("invalid_client", grant), ("invalid_client", "none")];
    assert_eq!(tokens, [&expected[..], &[("issued", code), ("invalid_grant", code)]].concat());
}

#[tokio::test]
async fn emf_metrics_report_each_run_of_the_job() {
    let lines = metric_lines().await;
    let jobs: Vec<_> = lines.iter().filter(|line| !line["expiry_succeeded"].is_null()).collect();
    let [job] = jobs[..] else { panic!("one run, not {jobs:?}") };
    assert_json_snapshot!(masked(job.clone(), &["/_aws/Timestamp", "/stage"]), @r#"
    {
      "_aws": {
        "CloudWatchMetrics": [
          {
            "Dimensions": [
              [
                "stage"
              ]
            ],
            "Metrics": [
              {
                "Name": "expiry_succeeded",
                "Unit": "Count"
              },
              {
                "Name": "expiry_due",
                "Unit": "Count"
              },
              {
                "Name": "expiry_sent",
                "Unit": "Count"
              },
              {
                "Name": "expiry_failed",
                "Unit": "Count"
              },
              {
                "Name": "expiry_left",
                "Unit": "Count"
              },
              {
                "Name": "expiry_deferred_by_quota",
                "Unit": "Count"
              },
              {
                "Name": "expiry_deferred_by_recipient_limit",
                "Unit": "Count"
              },
              {
                "Name": "expiry_without_recipient",
                "Unit": "Count"
              },
              {
                "Name": "expiry_unreadable",
                "Unit": "Count"
              },
              {
                "Name": "expiry_settled",
                "Unit": "Count"
              },
              {
                "Name": "expiry_removed",
                "Unit": "Count"
              },
              {
                "Name": "expiry_unsettled",
                "Unit": "Count"
              },
              {
                "Name": "ses_sandbox",
                "Unit": "Count"
              },
              {
                "Name": "ses_quota_low",
                "Unit": "Count"
              },
              {
                "Name": "client_secrets_stored",
                "Unit": "Count"
              }
            ],
            "Namespace": "Latchkey"
          }
        ],
        "Timestamp": "[/_aws/Timestamp]"
      },
      "client_secrets_stored": 4,
      "expiry_deferred_by_quota": 0,
      "expiry_deferred_by_recipient_limit": 0,
      "expiry_due": 0,
      "expiry_failed": 0,
      "expiry_left": 0,
      "expiry_removed": 0,
      "expiry_sent": 0,
      "expiry_settled": 0,
      "expiry_succeeded": 1,
      "expiry_unreadable": 0,
      "expiry_unsettled": 0,
      "expiry_without_recipient": 0,
      "ses_quota_low": 0,
      "ses_sandbox": 0,
      "stage": "[/stage]"
    }
    "#);
}

#[tokio::test]
async fn every_alarm_watches_a_written_metric() {
    let written: BTreeSet<_> = metric_lines().await.iter().flat_map(written_metrics).collect();
    let monitoring = Template::monitoring();
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
        let expected = format!("{}{{{}}}", metric["MetricName"].as_str().unwrap(), names.join(","));
        assert!(written.contains(&expected), "{expected} is not among {written:?}");
        seen += 1;
    }
    assert!(seen > 3);
}

/// The metrics on the dashboard, those that a search finds by their name too.
fn dashboard_metrics(monitoring: &Template) -> BTreeSet<String> {
    let body = dashboard(monitoring, false);
    let widgets = body["widgets"].as_array().unwrap().iter();
    let rows = widgets.flat_map(|widget| widget["properties"]["metrics"].as_array().into_iter().flatten());
    rows.filter_map(|row| match &row[0] {
        Value::Object(search) => {
            let expression = search["expression"].as_str().unwrap();
            Some(expression.split_once("MetricName=\"")?.1.split_once('"')?.0.to_owned())
        }
        namespace => (namespace == "Latchkey").then(|| row[1].as_str().unwrap().to_owned()),
    })
    .collect()
}

#[tokio::test]
async fn every_written_metric_is_on_the_dashboard_and_vice_versa() {
    let written = metric_lines().await;
    let written: BTreeSet<_> = written
        .iter()
        .flat_map(written_metrics)
        .map(|metric| metric.split('{').next().unwrap().to_owned())
        .collect();
    assert_eq!(dashboard_metrics(&Template::monitoring()), written);
}

/// The events by which the rules of Contributor Insights count.
async fn counted_events() -> Vec<Value> {
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey.fixtures().client().await;
    let log = CapturedLog::default();
    let guard = log.listen_as("info");
    latchkey.token(&client.client_id, &client.client_secret, "").await.expect(200);
    for path in ["/oauth/token", "/oauth/introspect", "/oauth/revoke"] {
        let request = latchkey.request("POST", path).basic(&client.client_id, "lks_wrong");
        request.form("grant_type=client_credentials&token=x").send().await.expect(401);
    }
    drop(guard);
    log.events()
}

#[tokio::test]
async fn contributor_insights_count_by_fields_that_are_logged() {
    let events = counted_events().await;
    for rule in Template::monitoring().resources("AWS::CloudWatch::InsightRule") {
        let body = rule.properties["RuleBody"]["Fn::Sub"].as_str().unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["LogGroupNames"], json!(["${TokenLogGroup}"]));
        let filter = &body["Contribution"]["Filters"][0];
        assert_eq!(filter["Match"], "$.message");
        for message in filter["In"].as_array().unwrap() {
            let event = events.iter().find(|event| event["message"] == *message);
            let event = event.unwrap_or_else(|| panic!("{}: nothing logs {message}", rule.name));
            for key in body["Contribution"]["Keys"].as_array().unwrap() {
                let field = key.as_str().unwrap().strip_prefix("$.").unwrap();
                assert!(event[field].is_string(), "{}: no {field} in {event}", rule.name);
            }
        }
    }
}
