//! Limits of sending in one run: the quota and rate of SES, and the time.

use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::email::mailer::Quota;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// After so many consecutive emails that were not accepted or not recorded, SES or DynamoDB is considered down.
const MAX_CONSECUTIVE_FAILURES: u32 = 3;

/// Keeps sending within the limits of SES and the job's time.
pub struct SendBudget {
    stop_at: Timestamp,
    /// Emails that the daily quota still allows, apart from what is kept for codes to sign in with.
    pub remaining: u64,
    /// Ticks when the next email may be sent.
    pub tick: Interval,
    /// Consecutive emails that SES would accept from no sender, or whose result is not known.
    pub consecutive_failures: u32,
}

/// Minimum time between two emails, whatever rate SES allows.
const MIN_PERIOD: Duration = Duration::from_millis(1);
/// Maximum time between two emails, and the time for a rate that is not a positive number.
const MAX_PERIOD: Duration = Duration::from_secs(10);

fn period(per_second: f64) -> Duration {
    if per_second > 0.0 {
        let period = Duration::try_from_secs_f64(1.0 / per_second).unwrap_or(MAX_PERIOD);
        period.clamp(MIN_PERIOD, MAX_PERIOD)
    } else {
        MAX_PERIOD
    }
}

impl SendBudget {
    fn new(quota: Quota, stop_at: Timestamp) -> Self {
        let mut tick = interval(period(quota.per_second));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            stop_at,
            remaining: quota.left.saturating_sub(quota.kept_for_codes),
            tick,
            consecutive_failures: 0,
        }
    }

    /// Whether no further email may be started.
    pub fn is_exhausted(&self, now: Timestamp) -> bool {
        now >= self.stop_at || self.remaining == 0 || self.consecutive_failures >= MAX_CONSECUTIVE_FAILURES
    }
}

impl Job {
    /// Reads the quota of SES: also where nothing is due, so that an operator learns of the sandbox long before a reminder
    /// is rejected because of it.
    pub(crate) async fn send_budget(&self, stop_at: Timestamp, summary: &mut Summary) -> SendBudget {
        let quota = self.mailer.quota().await.unwrap_or_else(|error| {
            tracing::warn!(cause = %error, "SES quota could not be read, no email is sent in this run");
            summary.unreadable += 1;
            Quota { left: 0, kept_for_codes: 0, per_second: 1.0, sandbox: false, is_low: false }
        });
        if quota.sandbox {
            tracing::warn!("SES is still in its sandbox: it rejects every recipient that is not verified");
        }
        summary.ses_sandbox = quota.sandbox;
        summary.ses_quota_low = quota.is_low;
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
