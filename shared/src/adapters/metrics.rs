//! Counts for CloudWatch, in its embedded metric format: one line of JSON among the logs, which CloudWatch
//! turns into metrics by itself. No call, nothing to wait for.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::fmt;

/// The namespace of every metric.
pub const NAMESPACE: &str = "Latchkey";

/// The target of the events that carry the lines: [`super::telemetry`] writes them as they are.
pub(super) const TARGET: &str = "metrics";
/// The field that holds the line, in [`count`].
pub(super) const LINE: &str = "line";

/// What to tell counts apart by. Values are the program's own words, never a caller's: there are as many
/// metrics as there are combinations, and each has its price.
pub type Dimensions<'a> = &'a [(&'static str, &'static str)];

/// Names and counts.
pub type Counts<'a> = &'a [(&'static str, usize)];

/// Says that these things were counted, at `at`, in the deployment of this stage.
///
/// The stage is a dimension of every metric. Each of `dimensions` refines the ones before it, and each step
/// is a metric of its own: `[outcome, grant_type]` counts by outcome, and by outcome and grant type.
pub fn count(stage: &str, at: Timestamp, dimensions: Dimensions<'_>, counts: Counts<'_>) {
    let line = Line { stage, at, dimensions, counts };
    tracing::info!(target: TARGET, line = %line);
}

struct Line<'a> {
    stage: &'a str,
    at: Timestamp,
    dimensions: Dimensions<'a>,
    counts: Counts<'a>,
}

impl Line<'_> {
    /// From the coarsest to the finest.
    fn dimension_sets(&self) -> Vec<Vec<&str>> {
        let finest: Vec<&str> =
            std::iter::once("stage").chain(self.dimensions.iter().map(|(name, _)| *name)).collect();
        (2.min(finest.len())..=finest.len()).map(|length| finest[..length].to_vec()).collect()
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let metrics: Vec<Value> =
            self.counts.iter().map(|(name, _)| json!({ "Name": name, "Unit": "Count" })).collect();
        let directive =
            json!({ "Namespace": NAMESPACE, "Dimensions": self.dimension_sets(), "Metrics": metrics });
        let mut line = Map::new();
        line.insert(
            "_aws".to_owned(),
            json!({ "Timestamp": self.at.as_millisecond(), "CloudWatchMetrics": [directive] }),
        );
        line.insert("stage".to_owned(), self.stage.into());
        line.extend(self.dimensions.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())));
        line.extend(self.counts.iter().map(|(name, count)| ((*name).to_owned(), (*count).into())));
        write!(f, "{}", Value::Object(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_cloudwatch_documents() {
        let line = Line {
            stage: "prod",
            at: Timestamp::from_millisecond(1_800_000_000_123).expect("an instant"),
            dimensions: &[("outcome", "issued"), ("grant_type", "client_credentials")],
            counts: &[("token_requests", 1)],
        };
        let written: Value = serde_json::from_str(&line.to_string()).expect("JSON");
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
        assert!(!line.to_string().contains('\n'));
    }

    #[test]
    fn without_dimensions_the_stage_is_the_only_one() {
        let line = Line { stage: "prod", at: Timestamp::UNIX_EPOCH, dimensions: &[], counts: &[("runs", 1)] };
        assert_eq!(line.dimension_sets(), [["stage"]]);
    }
}
