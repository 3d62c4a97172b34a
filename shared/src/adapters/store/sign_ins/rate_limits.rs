//! Rate limits: counters in fixed windows of time.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::domain::sign_in::rate_limit::{Counter, RateLimitDecision};
use jiff::Timestamp;
use serde::Deserialize;

/// What a counter has.
#[derive(Deserialize)]
struct Counted {
    /// Actions of the window.
    done: u32,
}

impl Store {
    /// Counts an action against one counter, unless its limit is reached. The condition is the lock: of concurrent calls, no
    /// more than the limit are allowed.
    pub async fn check_rate_limit(
        &self,
        counter: &Counter,
        now: Timestamp,
    ) -> Result<RateLimitDecision, BackendError> {
        let window = counter.limit.window_at(now);
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::limit(counter, window.begin))))
            .update_expression("SET purge_at = :end ADD done :one")
            .condition_expression("attribute_not_exists(done) OR done < :most")
            .expression_attribute_values(":end", number(window.end))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(counter.limit.times))
            .send()
            .await;
        let updated = item::updated("counting against a limit", sent)?;
        Ok(if updated.is_some() {
            RateLimitDecision::Allowed
        } else {
            RateLimitDecision::RetryAfter(window.end - now.as_second())
        })
    }

    /// When the next action is allowed, if the limit is reached. It counts nothing.
    pub async fn rate_limited_until(
        &self,
        counter: &Counter,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, BackendError> {
        let window = counter.limit.window_at(now);
        let at = keys::limit(counter, window.begin);
        let found: Option<Counted> = self.load_grant("looking whether a limit is reached", &at).await?;
        let is_reached = found.is_some_and(|found| found.done >= counter.limit.times);
        Ok(Timestamp::from_second(window.end).ok().filter(|_| is_reached))
    }

    /// Counts an action against several counters in turn. The first one that refuses decides, and those after it are not
    /// counted.
    pub async fn check_rate_limits(
        &self,
        counters: &[Counter],
        now: Timestamp,
    ) -> Result<RateLimitDecision, BackendError> {
        for counter in counters {
            if let refused @ RateLimitDecision::RetryAfter(_) = self.check_rate_limit(counter, now).await? {
                return Ok(refused);
            }
        }
        Ok(RateLimitDecision::Allowed)
    }
}
