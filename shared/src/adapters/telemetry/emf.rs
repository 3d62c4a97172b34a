//! Metrics in CloudWatch's embedded metric format: lines of JSON in the log, which CloudWatch turns into metrics. No
//! request is sent.

use jiff::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The namespace of every metric.
pub const NAMESPACE: &str = "Latchkey";

/// The target of the events that carry the lines: [`crate::adapters::telemetry`] writes them as they are.
pub(super) const TARGET: &str = "metrics";
/// The field that holds the line, in [`record`].
pub(super) const MESSAGE: &str = "line";

/// Dimensions and their values. The values are constants of the program, never a caller's: each combination is a metric
/// that AWS charges for.
pub type Dimensions<'a> = &'a [(&'static str, &'static str)];

/// Names and counts.
pub type Counts<'a> = &'a [(&'static str, usize)];

/// Records these counts, at `at`, in the deployment of this stage.
///
/// The stage is a dimension of every metric. Each of `dimensions` refines the ones before it, and each step
/// is a metric of its own: `[outcome, grant_type]` counts by outcome, and by outcome and grant type.
pub fn record(stage: &str, at: Timestamp, dimensions: Dimensions<'_>, counts: Counts<'_>) {
    let line = EmfRecord { stage, at, dimensions, counts };
    tracing::info!(target: TARGET, line = line.to_json());
}

struct EmfRecord<'a> {
    stage: &'a str,
    at: Timestamp,
    dimensions: Dimensions<'a>,
    counts: Counts<'a>,
}

impl EmfRecord<'_> {
    fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Serialized directly, without a tree of values, because a line is written for each token.
impl Serialize for EmfRecord<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let names: Vec<&str> =
            std::iter::once("stage").chain(self.dimensions.iter().map(|(name, _)| *name)).collect();
        // From the coarsest to the finest.
        let sets = (2.min(names.len())..=names.len()).map(|length| &names[..length]).collect();
        let metrics = self.counts.iter().map(|(name, _)| Metric { name, unit: "Count" }).collect();
        let directive = Directive { namespace: NAMESPACE, dimensions: sets, metrics };
        let mut line = to.serialize_map(None)?;
        line.serialize_entry(
            "_aws",
            &Aws { timestamp: self.at.as_millisecond(), cloud_watch_metrics: [directive] },
        )?;
        line.serialize_entry("stage", self.stage)?;
        self.dimensions.iter().try_for_each(|(name, value)| line.serialize_entry(name, value))?;
        self.counts.iter().try_for_each(|(name, count)| line.serialize_entry(name, count))?;
        line.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Aws<'a> {
    timestamp: i64,
    cloud_watch_metrics: [Directive<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'static str,
    dimensions: Vec<&'a [&'a str]>,
    metrics: Vec<Metric<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric<'a> {
    name: &'a str,
    unit: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn a_line_is_what_cloudwatch_documents() {
        let line = EmfRecord {
            stage: "prod",
            at: Timestamp::from_millisecond(1_800_000_000_123).expect("an instant"),
            dimensions: &[("outcome", "issued"), ("grant_type", "client_credentials")],
            counts: &[("token_requests", 1)],
        };
        let written: Value = serde_json::from_str(&line.to_json()).expect("JSON");
        let expected = json!({
            "_aws": {
                "Timestamp": 1_800_000_000_123_i64,
                "CloudWatchMetrics": [{
                    "Namespace": "Latchkey",
                    "Dimensions": [["stage", "outcome"], ["stage", "outcome", "grant_type"]],
                    "Metrics": [{ "Name": "token_requests", "Unit": "Count" }],
                }],
            },
            "stage": "prod",
            "outcome": "issued",
            "grant_type": "client_credentials",
            "token_requests": 1,
        });
        assert_eq!(written, expected);
        assert!(!line.to_json().contains('\n'));
    }

    #[test]
    fn without_dimensions_the_stage_is_the_only_one() {
        let line =
            EmfRecord { stage: "prod", at: Timestamp::UNIX_EPOCH, dimensions: &[], counts: &[("runs", 1)] };
        let written: Value = serde_json::from_str(&line.to_json()).expect("JSON");
        assert_eq!(written["_aws"]["CloudWatchMetrics"][0]["Dimensions"], json!([["stage"]]));
    }
}
