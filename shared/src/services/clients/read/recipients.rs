//! Who gets e-mails about credentials that end.

use crate::adapters::store::MailHistory;
use crate::domain::account::Member;
use crate::services::clients::{ClientError, ClientReader};
use crate::services::members::recipients::MailRecipients;
use jiff::ToSpan;
use jiff::tz::TimeZone;

impl ClientReader<'_> {
    /// What decides who gets the e-mails about a client, as it is now.
    pub async fn mail_recipients(&self) -> Result<MailRecipients, ClientError> {
        let account = self.account().await?;
        Ok(MailRecipients::load(self.ctx.store(), &self.account_id, &account.contacts).await?)
    }

    /// The same where the members of the account were read already.
    pub async fn mail_recipients_among(&self, members: Vec<Member>) -> Result<MailRecipients, ClientError> {
        let account = self.account().await?;
        let mail = self.ctx.store().load_account_mail(&self.account_id).await?;
        Ok(MailRecipients::new(members, &account.contacts, mail))
    }

    /// What is known of the account's e-mails, with those about credentials that ended so many days ago or later.
    pub async fn mail_history(&self, days: i64) -> Result<MailHistory, ClientError> {
        let today = self.ctx.now().to_zoned(TimeZone::UTC).date();
        let since = today.checked_sub(days.days()).unwrap_or(today);
        Ok(self.ctx.store().load_mail_history(&self.account_id, since).await?)
    }
}
