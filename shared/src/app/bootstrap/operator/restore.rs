//! Bringing the operator back: the account and the client are enabled, the client holds `accounts:manage`, and its id is
//! free if it was deleted. The API refuses all of these, but not to those who have access to the tables, and earlier
//! versions did not.

use super::client::every_scope;
use super::{OP, Operator};
use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, UpdateAccount, WriteOutcome};
use crate::domain::account::{Account, Status};
use crate::domain::audit::{Action, AuditEntry, ChangedMember, Target};
use crate::domain::client::Client;
use crate::domain::management::{self, ManagementScope};
use crate::services::clients::ClientProvisioner;
use crate::services::principal::management_scopes;

impl Operator<'_> {
    /// Brings back what was disabled or deleted. `false` if another change came in between.
    pub(super) async fn restore(&self, provisioner: &ClientProvisioner<'_>) -> Result<bool, BackendError> {
        let account = provisioner.store.load_account(&self.account_id).await?;
        if let Some(account) = account.filter(|account| account.status == Status::Disabled)
            && !self.enable_account(provisioner, account).await?
        {
            return Ok(false);
        }
        match provisioner.store.load_client(&self.client_id).await? {
            Some(known) => self.restore_client(provisioner, known.client).await,
            None => provisioner.store.release_client_id(&self.client_id).await.map(|()| true),
        }
    }

    async fn enable_account(
        &self,
        provisioner: &ClientProvisioner<'_>,
        before: Account,
    ) -> Result<bool, BackendError> {
        let now = provisioner.audit_context.now;
        let expected_version = before.version;
        let account = Account {
            status: Status::Active,
            disabled_at: None,
            version: expected_version + 1,
            updated_at: now,
            ..before
        };
        let audit = provisioner.audit_context.audit(
            &self.account_id,
            Action::AccountUpdated,
            Target::default(),
            &[ChangedMember::Status],
        );
        let update =
            UpdateAccount { account: &account, expected_version, name_before: &account.account_name };
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        let outcome = provisioner.store.update_account(&update, &record).await?;
        self.publish_if_committed(outcome, &audit).await
    }

    async fn restore_client(
        &self,
        provisioner: &ClientProvisioner<'_>,
        before: Client,
    ) -> Result<bool, BackendError> {
        if before.account_id != self.account_id {
            return Err(BackendError::new(OP, "the operator's client belongs to another account"));
        }
        let is_disabled = before.status == Status::Disabled;
        let lacks_right = !management_scopes(&before.permissions).contains(&ManagementScope::AccountsManage);
        if !is_disabled && !lacks_right {
            return Ok(true);
        }
        let now = provisioner.audit_context.now;
        let mut after =
            Client { status: Status::Active, version: before.version + 1, updated_at: now, ..before.clone() };
        if lacks_right {
            after.permissions.retain(|permission| permission.resource.as_str() != management::RESOURCE_ID);
            after.permissions.push(every_scope()?);
        }
        let changed =
            [is_disabled.then_some(ChangedMember::Status), lacks_right.then_some(ChangedMember::Permissions)];
        let changed: Vec<_> = changed.into_iter().flatten().collect();
        let action = if is_disabled { Action::ClientEnabled } else { Action::ClientPermissionsReplaced };
        let target = Target { client_id: Some(self.client_id.clone()), ..Target::default() };
        let audit = provisioner.audit_context.audit(&self.account_id, action, target, &changed);
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        let outcome = provisioner.store.update_client(&after, &before, &record).await?;
        self.publish_if_committed(outcome, &audit).await
    }

    async fn publish_if_committed(
        &self,
        outcome: WriteOutcome,
        audit: &AuditEntry,
    ) -> Result<bool, BackendError> {
        let is_committed = outcome == WriteOutcome::Committed;
        if is_committed {
            self.management.publish(audit).await;
        }
        Ok(is_committed)
    }
}
