//! How much may be sent in one run: what SES allows, as long as there is time.

use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::mailer::Quota;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// So many letters in a row that were not taken, or not written down, mean that SES or DynamoDB is down.
const UNKNOWN_IN_A_ROW: u32 = 3;

/// What keeps sending within SES's limits and the job's time.
pub struct Limits {
    stop_at: Timestamp,
    /// Letters that SES still takes today.
    pub left: u64,
    /// When the next one may be sent.
    pub tick: Interval,
    /// Letters in a row of which nobody knows what became.
    pub unknown: u32,
}

impl Limits {
    fn new(quota: Quota, stop_at: Timestamp) -> Self {
        let mut tick = interval(Duration::from_secs_f64(1.0 / quota.per_second));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { stop_at, left: quota.left, tick, unknown: 0 }
    }

    /// Whether no further letter may be begun.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.stop_at || self.left == 0 || self.unknown >= UNKNOWN_IN_A_ROW
    }
}

impl Job {
    /// Asks SES what it allows: also where nothing is due, so that an operator hears of the sandbox long
    /// before the first reminder is lost to it.
    pub(crate) async fn limits(&self, stop_at: Timestamp, summary: &mut Summary) -> Limits {
        let quota = self.mailer.quota().await.unwrap_or_else(|fault| {
            tracing::warn!(cause = %fault, "no letter is sent in this run");
            Quota { left: 0, per_second: 1.0, sandbox: false }
        });
        if quota.sandbox {
            tracing::warn!("SES is still in its sandbox: it refuses every recipient that is not verified");
        }
        summary.ses_sandbox = quota.sandbox;
        Limits::new(quota, stop_at)
    }
}
