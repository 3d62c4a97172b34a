//! Rate limits: counters in fixed windows of time.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use jiff::{SignedDuration, Timestamp};

/// A rate limit.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// The name of the limit, for the key.
    pub kind: &'static str,
    /// The most actions in one window.
    pub times: u32,
    /// The length of a window. Windows are aligned to the clock, so that up to twice as many actions are possible around
    /// the end of one.
    pub window: SignedDuration,
}

/// Whether an action is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RateLimitDecision {
    /// It is, and was counted.
    Allowed,
    /// The limit is reached. The action may be allowed after so many seconds.
    RetryAfter(i64),
}

impl Store {
    /// Counts an action of `counted`, unless the limit is reached. The condition is the lock: of concurrent calls, no more
    /// than the limit are allowed.
    pub async fn check_rate_limit(
        &self,
        limit: &RateLimit,
        counted: &str,
        now: Timestamp,
    ) -> Result<RateLimitDecision, BackendError> {
        let (length, second) = (limit.window.as_secs().max(1), now.as_second());
        let begun = second - second.rem_euclid(length);
        let end = begun + length;
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::limit(limit.kind, counted, begun))))
            .update_expression("SET purge_at = :end ADD done :one")
            .condition_expression("attribute_not_exists(done) OR done < :most")
            .expression_attribute_values(":end", number(end))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(limit.times))
            .send()
            .await;
        let counted = item::updated("counting against a limit", sent)?;
        Ok(if counted.is_some() {
            RateLimitDecision::Allowed
        } else {
            RateLimitDecision::RetryAfter(end - second)
        })
    }
}
