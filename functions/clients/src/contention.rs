//! Changes that read, decide, and write if nothing changed meanwhile: tried again a few times.

use crate::problem::Problem;
use shared::adapters::entropy::random;
use std::time::Duration;

const ATTEMPTS: u64 = 12;

/// The attempts at one change.
#[derive(Debug, Default)]
pub struct Attempts(u64);

impl Attempts {
    /// Somebody else was faster: waits a moment, longer each time, or gives up.
    pub async fn again(&mut self) -> Result<(), Problem> {
        self.0 += 1;
        if self.0 == ATTEMPTS {
            return Err(Problem::BUSY);
        }
        let [jitter]: [u8; 1] = random();
        tokio::time::sleep(Duration::from_millis(u64::from(jitter) / 4 + 10 * self.0)).await;
        Ok(())
    }
}
