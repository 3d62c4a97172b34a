//! Who gets e-mails about credentials that end.

use crate::services::clients::{ClientError, ClientReader};
use crate::services::members::recipients::MailRecipients;

impl ClientReader<'_> {
    /// What decides who gets the e-mails about a client, as it is now.
    pub async fn mail_recipients(&self) -> Result<MailRecipients, ClientError> {
        let account = self.account().await?;
        Ok(MailRecipients::load(self.ctx.store(), &self.account_id, &account.contacts).await?)
    }
}
