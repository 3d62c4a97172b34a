//! Who gets e-mails about credentials that end.

use crate::domain::account::Member;
use crate::domain::client::Client;
use crate::domain::management::ManagementScope;
use crate::services::clients::{ClientError, ClientReader};
use crate::services::members::recipients::MailRecipients;

/// Members that are read at a time.
const BATCH: i32 = 100;

impl ClientReader<'_> {
    /// What decides who gets the e-mails about a client, as it is now.
    pub async fn mail_recipients(&self) -> Result<MailRecipients, ClientError> {
        Ok(MailRecipients::load(self.ctx.store(), &self.account_id).await?)
    }

    /// Whether one of these clients has contacts, or the account has a member who gets reminders. The members are read only if
    /// neither the clients nor the reader decide it.
    pub async fn has_recipients(&self, clients: &[Client], reader: &Member) -> Result<bool, ClientError> {
        let is_own = reader.account_id == self.account_id;
        if clients.iter().any(|client| !client.contacts.is_empty()) || (is_own && is_reminded(reader)) {
            return Ok(true);
        }
        let mut after = None;
        loop {
            let page = self.ctx.store().list_members(&self.account_id, BATCH, after.as_ref()).await?;
            if page.items.iter().any(is_reminded) {
                return Ok(true);
            }
            after = page.next;
            if after.is_none() {
                return Ok(false);
            }
        }
    }
}

fn is_reminded(member: &Member) -> bool {
    member.mail && member.permissions.contains(&ManagementScope::ClientsManage)
}
