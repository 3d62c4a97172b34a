//! Recipients of notices: at the time of sending, the members of the account who may manage clients, and the contacts of
//! the client. Each address once, whatever its case; never one of another account.

use crate::find_due::DueClient;
use crate::{Job, Summary};
use shared::adapters::error::BackendError;
use shared::domain::management::ManagementScope;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::domain::reminder::Notice;
use std::collections::BTreeMap;

const PAGE_SIZE: i32 = 200;

/// The notices that are due for each recipient.
pub type NoticesByRecipient = BTreeMap<EmailAddress, Vec<Notice>>;

impl Job {
    /// Groups the notices of one account by recipient. Notices without a recipient go to the operator.
    pub(crate) async fn resolve_recipients(
        &self,
        account: &AccountId,
        clients: &[DueClient],
        summary: &mut Summary,
    ) -> Result<NoticesByRecipient, BackendError> {
        let client_managers = self.client_managers(account).await?;
        let (mut by_recipient, mut is_any_without) = (NoticesByRecipient::new(), false);
        for client in clients {
            let mut recipients: Vec<&EmailAddress> = client_managers.iter().chain(&client.contacts).collect();
            recipients.sort();
            recipients.dedup();
            if recipients.is_empty() {
                recipients.push(&self.mail.operator);
                is_any_without = true;
            }
            for recipient in recipients {
                by_recipient.entry(recipient.clone()).or_default().extend(client.notices.iter().cloned());
            }
        }
        summary.without_recipient += usize::from(is_any_without);
        Ok(by_recipient)
    }

    /// The members of an account who may manage its clients.
    pub(crate) async fn client_managers(
        &self,
        account: &AccountId,
    ) -> Result<Vec<EmailAddress>, BackendError> {
        let (mut client_managers, mut after) = (Vec::new(), None);
        loop {
            let page = self.management.app.store.list_members(account, PAGE_SIZE, after.as_ref()).await?;
            let members = page
                .items
                .into_iter()
                .filter(|member| member.permissions.contains(&ManagementScope::ClientsManage));
            client_managers.extend(members.map(|member| member.email));
            after = page.next;
            if after.is_none() {
                return Ok(client_managers);
            }
        }
    }
}
