//! Emails sent with SES. All apps share one mailbox: a test finds its own emails by their recipients.

use crate::support::aws;
use local::mailbox::{self, Message};

/// All emails to addresses of this domain, oldest first.
pub async fn emails_to(domain: &str) -> Vec<Message> {
    let mut all = mailbox::read(aws::endpoint()).await.unwrap();
    all.reverse();
    let suffix = format!("@{domain}");
    all.retain(|email| email.sent_at >= aws::started_at());
    all.into_iter().filter(|email| email.to.iter().any(|to| to.ends_with(&suffix))).collect()
}
