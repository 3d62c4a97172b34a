//! Taking the addresses of persons who were removed out of contacts.

use crate::Job;
use shared::adapters::error::BackendError;
use shared::adapters::store::{AuditRecord, PersonRemoval, UpdateAccount, WriteOutcome};
use shared::domain::audit::{Action, ChangedMember, Target};
use shared::domain::primitives::ids::ClientId;
use shared::services::audit::AuditContext;
use shared::services::audit::changes;

const OP: &str = "removing a contact";

impl Job {
    /// Takes an address out of a client's contacts. A conflict is left to the next run.
    pub(crate) async fn remove_client_contact(
        &self,
        id: &ClientId,
        removal: &PersonRemoval,
    ) -> Result<(), BackendError> {
        let store = &self.management.app.store;
        let Some(known) = store.load_client(id).await? else { return Ok(()) };
        let mut after = known.client.clone();
        after.contacts.retain(|contact| *contact != removal.address);
        (after.version, after.updated_at) = (known.client.version + 1, self.now());
        let audit_context = AuditContext::of_job(&removal.account_id, self.now())?;
        let target = Target { client_id: Some(id.clone()), ..Target::default() };
        let audit = audit_context
            .audit(&removal.account_id, Action::ClientUpdated, target, &[ChangedMember::Contacts])
            .with_changes(changes::of_client(Some(&known.client), &after));
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        match store.update_client(&after, &known.client, &record).await? {
            WriteOutcome::Committed => {
                self.management.publish(&audit).await;
                Ok(())
            }
            WriteOutcome::Rejected(_) => Err(BackendError::new(OP, "the client was changed meanwhile")),
        }
    }
    /// The same for the contacts of the account.
    pub(crate) async fn remove_account_contact(&self, removal: &PersonRemoval) -> Result<(), BackendError> {
        let store = &self.management.app.store;
        let Some(before) = store.load_account(&removal.account_id).await? else { return Ok(()) };
        if !before.contacts.contains(&removal.address) {
            return Ok(());
        }
        let mut after = before.clone();
        after.contacts.retain(|contact| *contact != removal.address);
        (after.version, after.updated_at) = (before.version + 1, self.now());
        let audit_context = AuditContext::of_job(&removal.account_id, self.now())?;
        let audit = audit_context
            .audit(&removal.account_id, Action::AccountUpdated, Target::default(), &[ChangedMember::Contacts])
            .with_changes(changes::of_account(&before, &after));
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        let update = UpdateAccount {
            account: &after,
            expected_version: before.version,
            name_before: &before.account_name,
        };
        match store.update_account(&update, &record).await? {
            WriteOutcome::Committed => {
                self.management.publish(&audit).await;
                Ok(())
            }
            WriteOutcome::Rejected(_) => Err(BackendError::new(OP, "the account was changed meanwhile")),
        }
    }
}
