//! Counters that hold back whoever does something too often.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::adapters::store::updates;
use jiff::{SignedDuration, Timestamp};

/// How often something may be done.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// What it is that is counted, for the key.
    pub kind: &'static str,
    /// How often within one window.
    pub times: u32,
    /// How long a window is. Windows lie side by side in time, the same for everybody, so that twice as many may come
    /// about the end of one.
    pub window: SignedDuration,
}

/// Whether it may be done this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum RateLimitDecision {
    /// It may, and was counted.
    Allowed,
    /// It was done too often. After so many seconds it may be tried again.
    RetryAfter(i64),
}

impl Store {
    /// Counts once more what `counted` does, unless the limit is reached. The condition is the lock: of any number at
    /// once, no more than the limit are let through.
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
        let counted = updates::outcome("counting against a limit", sent)?;
        Ok(if counted.is_some() {
            RateLimitDecision::Allowed
        } else {
            RateLimitDecision::RetryAfter(end - second)
        })
    }
}
