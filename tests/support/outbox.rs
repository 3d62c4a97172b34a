//! What SES was given. The outbox is one for all houses: a test knows its own letters by their recipients.

use super::emulator;
use super::house::TestHouse;
use ::expiry::Summary;
use jiff::SignedDuration;
use local::mailbox::{self, Message};

impl TestHouse {
    /// Runs the scheduled job.
    pub async fn run_job(&self) -> Summary {
        let deadline = self.now().checked_add(SignedDuration::from_mins(15)).unwrap();
        Box::pin(self.house.job.run(deadline)).await
    }
}

/// All letters to addresses of this domain, oldest first.
pub async fn letters_to(domain: &str) -> Vec<Message> {
    let mut all = mailbox::read(emulator::endpoint()).await.unwrap();
    all.reverse();
    let suffix = format!("@{domain}");
    all.into_iter().filter(|letter| letter.to.iter().any(|to| to.ends_with(&suffix))).collect()
}
