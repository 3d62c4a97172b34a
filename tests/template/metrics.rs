//! The metrics that the functions write, in CloudWatch's embedded metric format.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::masked;
use crate::template::document::Template;
use crate::template::monitoring::metrics;
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct MetricsOutput(Arc<Mutex<Vec<u8>>>);

impl io::Write for MetricsOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for MetricsOutput {
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

/// Every line of metrics that a token, a rejected request, an outage and a run of the job write.
async fn metric_lines() -> Vec<Value> {
    let written = MetricsOutput::default();
    let subscriber = shared::adapters::telemetry::subscriber("error", written.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    let latchkey = TestApp::with_fixtures().await;
    let client = latchkey
        .fixtures()
        .client_with(ACCOUNT, &json!({ "permissions": [{ "resource": "backoffice_api" }] }))
        .await;
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
async fn emf_metrics_report_each_request_and_job_run() {
    let lines = metric_lines().await;
    let tokens: Vec<_> = lines
        .iter()
        .filter(|line| line["token_requests"] == 1)
        .map(|line| (line["outcome"].as_str().unwrap(), line["grant_type"].as_str().unwrap()))
        .collect();
    let grant = "client_credentials";
    assert_eq!(tokens, [("issued", grant), ("invalid_client", "none"), ("invalid_client", "none")]);
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
              }
            ],
            "Namespace": "Latchkey"
          }
        ],
        "Timestamp": "[/_aws/Timestamp]"
      },
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
