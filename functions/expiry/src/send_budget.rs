//! How much may be sent in one run: what SES allows, as long as there is time.

use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::email::mailer::Quota;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// So many letters in a row that were not taken, or not written down, mean that SES or DynamoDB is down.
const MAX_CONSECUTIVE_FAILURES: u32 = 3;

/// What keeps sending within SES's limits and the job's time.
pub struct SendBudget {
    stop_at: Timestamp,
    /// Letters that SES still takes today.
    pub left: u64,
    /// When the next one may be sent.
    pub tick: Interval,
    /// Letters in a row that SES takes from nobody, or of which nobody knows what became.
    pub unknown: u32,
}

/// The least time between two letters, whatever rate SES allows.
const SHORTEST_PERIOD: Duration = Duration::from_millis(1);
/// The most time between two letters, and what a rate that is none gives.
const LONGEST_PERIOD: Duration = Duration::from_secs(10);

fn period(per_second: f64) -> Duration {
    if per_second > 0.0 {
        let period = Duration::try_from_secs_f64(1.0 / per_second).unwrap_or(LONGEST_PERIOD);
        period.clamp(SHORTEST_PERIOD, LONGEST_PERIOD)
    } else {
        LONGEST_PERIOD
    }
}

impl SendBudget {
    fn new(quota: Quota, stop_at: Timestamp) -> Self {
        let mut tick = interval(period(quota.per_second));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { stop_at, left: quota.left, tick, unknown: 0 }
    }

    /// Whether no further letter may be begun.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.stop_at || self.left == 0 || self.unknown >= MAX_CONSECUTIVE_FAILURES
    }
}

impl Job {
    /// Asks SES what it allows: also where nothing is due, so that an operator hears of the sandbox long
    /// before the first reminder is lost to it.
    pub(crate) async fn limits(&self, stop_at: Timestamp, summary: &mut Summary) -> SendBudget {
        let quota = self.mailer.quota().await.unwrap_or_else(|fault| {
            tracing::warn!(cause = %fault, "no letter is sent in this run");
            Quota { left: 0, per_second: 1.0, sandbox: false }
        });
        if quota.sandbox {
            tracing::warn!("SES is still in its sandbox: it refuses every recipient that is not verified");
        }
        summary.ses_sandbox = quota.sandbox;
        SendBudget::new(quota, stop_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rate_gives_a_bounded_period() {
        for (rate, millis) in [
            (1.0, 1_000),
            (14.0, 71),
            (0.1, 10_000),
            (0.001, 10_000),
            (1e12, 1),
            (f64::INFINITY, 1),
            (f64::MAX, 1),
            (0.0, 10_000),
            (-0.0, 10_000),
            (-1.0, 10_000),
            (f64::NEG_INFINITY, 10_000),
            (f64::NAN, 10_000),
            (f64::MIN_POSITIVE, 10_000),
        ] {
            assert_eq!(period(rate).as_millis(), millis, "{rate}");
        }
    }
}
