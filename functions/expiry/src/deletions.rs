//! The deletions of accounts and persons that requests have begun.

use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::error::BackendError;
use shared::adapters::store::{AccountDeletion, AuditRecord, PersonRemoval, WriteOutcome};
use shared::domain::audit::{Action, Target};
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::sign_in::end_user::SubjectType;
use shared::services::audit::AuditContext;
use shared::services::audit::changes;
use shared::services::clients::{ClientProvisioner, DeleteError};
use shared::services::members::tell_former_address;
use shared::services::modify::ANY_VERSION;

/// Clients, members and consents that are read at once.
const PAGE_SIZE: u16 = 200;

impl Job {
    /// Deletes what deleted accounts have, and forgets the addresses of persons who were removed.
    pub(crate) async fn complete_deletions(&self, stop_at: Timestamp, summary: &mut Summary) {
        let completed = async {
            self.delete_accounts(stop_at).await?;
            self.forget_persons(stop_at).await
        };
        if let Err(error) = completed.await {
            tracing::warn!(cause = %error, "deletions could not be completed");
            summary.cleanup_failed += 1;
        }
    }

    async fn delete_accounts(&self, stop_at: Timestamp) -> Result<(), BackendError> {
        let mut after = None;
        loop {
            let page = self.management.app.store.account_deletions(after.as_ref()).await?;
            for deletion in page.items {
                if self.now() >= stop_at {
                    return Ok(());
                }
                self.delete_account(&deletion, stop_at).await?;
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Deletes an account's clients and members. The deletion is complete when a run finds none: the index of clients may
    /// be behind.
    async fn delete_account(
        &self,
        deletion: &AccountDeletion,
        stop_at: Timestamp,
    ) -> Result<(), BackendError> {
        let (store, account) = (&self.management.app.store, &deletion.account_id);
        let mut is_empty = true;
        loop {
            let page = store.list_clients(account, PAGE_SIZE.into(), None, |_| true).await?;
            let mut is_any_deleted = false;
            for client in &page.items {
                if self.now() >= stop_at {
                    return Ok(());
                }
                is_any_deleted |= self.delete_client(account, &client.client_id).await?;
            }
            is_empty &= page.items.is_empty();
            if !is_any_deleted {
                break;
            }
        }
        loop {
            let page = store.list_members(account, PAGE_SIZE.into(), None).await?;
            is_empty &= page.items.is_empty();
            if page.items.is_empty() {
                break;
            }
            for member in &page.items {
                if self.now() >= stop_at {
                    return Ok(());
                }
                let audit_context = AuditContext::of_job(account, self.now())?;
                let target = Target { email: Some(member.email.clone()), ..Target::default() };
                let audit = audit_context
                    .audit(account, Action::MemberRemoved, target, &[])
                    .with_changes(changes::of_member(Some(member), None));
                let record = AuditRecord { audit: &audit, idempotency_record: None };
                store.usage(account).await?;
                if store.remove_member(member, &record).await? == WriteOutcome::Committed {
                    self.management.publish(&audit).await;
                }
            }
        }
        if is_empty {
            store.delete_account_mail(account).await?;
            store.finish_account_deletion(account).await?;
            tracing::info!(account_id = account.as_str(), "account deleted");
        }
        Ok(())
    }

    /// Whether the client was there to be deleted.
    async fn delete_client(&self, account: &AccountId, id: &ClientId) -> Result<bool, BackendError> {
        let (store, client_secrets) = (&self.management.app.store, &self.management.client_secrets);
        let audit_context = AuditContext::of_job(account, self.now())?;
        let mut after = None;
        loop {
            let page = store.list_consents(id, PAGE_SIZE.into(), after.as_ref()).await?;
            for consent in page.items {
                // Those of members are forgotten with the member.
                if consent.sub.subject_type() == SubjectType::EndUser {
                    store.forget_families(&consent.sub, None).await?;
                }
                store.forget_consent(id, &consent.sub).await?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let provisioner = ClientProvisioner { store, client_secrets, audit_context: &audit_context };
        match provisioner.delete_client(account, id, ANY_VERSION).await {
            Ok(audit) => {
                self.management.publish(&audit).await;
                Ok(true)
            }
            Err(DeleteError::NotFound | DeleteError::VersionMismatch(_) | DeleteError::Contention(_)) => {
                Ok(false)
            }
            Err(DeleteError::Backend(fault)) => Err(fault),
        }
    }

    async fn forget_persons(&self, stop_at: Timestamp) -> Result<(), BackendError> {
        let mut after = None;
        loop {
            let page = self.management.app.store.person_removals(after.as_ref()).await?;
            for removal in page.items {
                if self.now() >= stop_at {
                    return Ok(());
                }
                self.forget(&removal).await?;
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Deletes the consents and families of a person, and takes the address out of the contacts, unless it is a member's
    /// again. What is left has no address, or expires within days. Of a person with another address, what they have
    /// consented to since stays.
    async fn forget(&self, removal: &PersonRemoval) -> Result<(), BackendError> {
        let (store, account) = (&self.management.app.store, &removal.account_id);
        let is_removed = removal.moved_to.is_none();
        if is_removed {
            store.forget_families(&removal.sub, None).await?;
        }
        let is_member = store.load_member(account, &removal.address).await?.is_some();
        let mut after = None;
        loop {
            let page = store.list_clients(account, PAGE_SIZE.into(), after.as_ref(), |_| true).await?;
            for client in page.items {
                if is_removed || self.has_consent_of(&client.client_id, removal).await? {
                    store.forget_consent(&client.client_id, &removal.sub).await?;
                }
                if !is_member && client.contacts.contains(&removal.address) {
                    self.remove_client_contact(&client.client_id, removal).await?;
                }
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if !is_member {
            self.remove_account_contact(removal).await?;
        }
        if self.is_told(removal).await? {
            store.finish_person_removal(removal).await?;
        }
        Ok(())
    }

    /// Sends the notice of another address that could not be sent when the person confirmed it. Returns whether the next run has
    /// nothing to send.
    async fn is_told(&self, removal: &PersonRemoval) -> Result<bool, BackendError> {
        let (store, sender) = (&self.management.app.store, self.management.email());
        let Some(email) = removal.moved_to.as_ref().filter(|_| removal.change_id.is_some()) else {
            return Ok(true);
        };
        let Some(member) = store.load_member(&removal.account_id, email).await? else { return Ok(true) };
        let Some(account) = store.load_account(&removal.account_id).await? else { return Ok(true) };
        Ok(tell_former_address(sender, &account, &member, &removal.address, self.now()).await)
    }

    /// Whether the person consented to a client with the address that is to be forgotten.
    async fn has_consent_of(&self, id: &ClientId, removal: &PersonRemoval) -> Result<bool, BackendError> {
        let consent = self.management.app.store.load_consent(id, &removal.sub).await?;
        Ok(consent.is_some_and(|consent| consent.email == removal.address))
    }
}
