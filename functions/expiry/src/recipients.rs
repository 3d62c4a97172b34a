//! Who is told: at the time of sending, every member of the account who may manage clients, and the
//! contacts of the client. One address once, whatever its case; nobody of another account.

use crate::find_due::DueClient;
use crate::{Job, Summary};
use shared::adapters::error::BackendError;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::domain::reminder::Notice;
use std::collections::BTreeMap;

const PAGE: i32 = 200;

/// What each recipient is to be told.
pub type NoticesByRecipient = BTreeMap<EmailAddress, Vec<Notice>>;

impl Job {
    /// Addresses what is due in one account.
    pub(crate) async fn resolve_recipients(
        &self,
        account: &AccountId,
        clients: &[DueClient],
        summary: &mut Summary,
    ) -> Result<NoticesByRecipient, BackendError> {
        let client_managers = self.client_managers(account).await?;
        let (mut letters, mut unaddressed) = (NoticesByRecipient::new(), false);
        for client in clients {
            let mut recipients: Vec<&EmailAddress> = client_managers.iter().chain(&client.contacts).collect();
            recipients.sort();
            recipients.dedup();
            if recipients.is_empty() {
                recipients.push(&self.mail.operator);
                unaddressed = true;
            }
            for recipient in recipients {
                letters.entry(recipient.clone()).or_default().extend(client.notices.iter().cloned());
            }
        }
        summary.without_recipient += usize::from(unaddressed);
        Ok(letters)
    }

    pub(crate) async fn client_managers(
        &self,
        account: &AccountId,
    ) -> Result<Vec<EmailAddress>, BackendError> {
        let (mut client_managers, mut after) = (Vec::new(), None);
        loop {
            let page = self.management.app.store.list_members(account, PAGE, after.as_ref()).await?;
            let may_manage = page
                .items
                .into_iter()
                .filter(|member| member.permissions.contains(&ManagementScope::ClientsManage));
            client_managers.extend(may_manage.map(|member| member.email));
            after = page.next;
            if after.is_none() {
                return Ok(client_managers);
            }
        }
    }
}
