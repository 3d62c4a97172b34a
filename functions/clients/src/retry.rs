//! Changes that read, decide, and write if nothing changed meanwhile: tried again a few times.

use crate::problem::Problem;
use shared::adapters::crypto::random::random;
use std::time::Duration;

const ATTEMPTS: u64 = 12;

/// The attempts at one change.
#[derive(Debug, Default)]
pub struct OptimisticRetry(u64);

impl OptimisticRetry {
    /// Somebody else was faster: waits a moment, longer each time, or gives up.
    pub async fn backoff(&mut self) -> Result<(), Problem> {
        self.0 += 1;
        if self.0 == ATTEMPTS {
            return Err(Problem::CONTENTION);
        }
        let [jitter]: [u8; 1] = random();
        tokio::time::sleep(Duration::from_millis(u64::from(jitter) / 4 + 10 * self.0)).await;
        Ok(())
    }
}
