//! Emails sent with SES. All apps share one mailbox: a test finds its own emails by their recipients.

use crate::support::app::TestApp;
use crate::support::aws;
use crate::support::fixtures::ACCOUNT;
use local::mailbox::{self, Message};
use shared::adapters::crypto::mail_link::seal_mail_link;
use shared::domain::account::mail::MailRecipient;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;

impl TestApp {
    /// Stops the e-mails of [`ACCOUNT`] to an address, as the link in each of them does.
    pub async fn stop_mail(&self, email: &str) {
        let recipient = MailRecipient {
            account_id: AccountId::parse(ACCOUNT).unwrap(),
            email: EmailAddress::parse(email).unwrap(),
        };
        let peppers = self.server.management.app.peppers(self.now()).await.unwrap();
        let link = format!("/mail/stop/{}", seal_mail_link(&peppers, &recipient));
        self.request("POST", &link).form("List-Unsubscribe=One-Click").send().await.expect(200);
    }
}

/// All emails to addresses of this domain, oldest first.
pub async fn emails_to(domain: &str) -> Vec<Message> {
    let mut all = mailbox::read(aws::endpoint()).await.unwrap();
    all.reverse();
    let suffix = format!("@{domain}");
    all.retain(|email| email.sent_at >= aws::started_at());
    all.into_iter().filter(|email| email.to.iter().any(|to| to.ends_with(&suffix))).collect()
}
