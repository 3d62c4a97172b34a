//! What SES was given. The outbox is one for all houses: a test knows its own letters by their recipients.

use crate::support::app::TestApp;
use crate::support::aws;
use ::expiry::Summary;
use jiff::SignedDuration;
use local::mailbox::{self, Message};

impl TestApp {
    /// Runs the scheduled job.
    pub async fn run_job(&self) -> Summary {
        let deadline = self.now().checked_add(SignedDuration::from_mins(15)).unwrap();
        Box::pin(self.server.job.run(deadline)).await
    }
}

/// All letters to addresses of this domain, oldest first.
pub async fn emails_to(domain: &str) -> Vec<Message> {
    let mut all = mailbox::read(aws::endpoint()).await.unwrap();
    all.reverse();
    let suffix = format!("@{domain}");
    all.into_iter().filter(|email| email.to.iter().any(|to| to.ends_with(&suffix))).collect()
}
