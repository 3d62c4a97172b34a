//! Changing an account.

use crate::adapters::store::{AuditRecord, UpdateAccount, WriteOutcome};
use crate::domain::account::{Account, Status};
use crate::domain::audit::{Action, Target};
use crate::domain::management;
use crate::domain::primitives::display_text::Name;
use crate::services::accounts::{AccountError, Accounts};
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};

/// A change of an account. Absent members stay as they are.
#[derive(Debug)]
pub struct AccountChange {
    /// The new name.
    pub account_name: Option<Name>,
    /// The new status.
    pub status: Option<Status>,
}

impl Accounts<'_> {
    /// Changes an account, if it is at an expected version.
    pub async fn update(
        &self,
        id: &str,
        change: &AccountChange,
        expected: VersionPredicate<'_>,
    ) -> Result<Account, AccountError> {
        let id = self.ctx.principal.resolve_account(id)?;
        if change.status == Some(Status::Disabled) && id == *self.ctx.principal.account_id() {
            return Err(AccountError::SelfDisable);
        }
        if change.status == Some(Status::Disabled) && id.as_str() == management::OPERATOR_ACCOUNT {
            return Err(AccountError::OperatorAccount);
        }
        modify(|| async {
            let before = self.load(&id).await?;
            ensure_version(expected, before.version)?;
            let mut after = before.clone();
            after.account_name = change.account_name.clone().unwrap_or(after.account_name);
            after.status = change.status.unwrap_or(after.status);
            let changed = changed_members(&before, &after);
            if changed.is_empty() {
                return Ok(Attempt::Done(before));
            }
            (after.version, after.updated_at) = (before.version + 1, self.ctx.now());
            let audit =
                self.ctx.audit_context.audit(&id, Action::AccountUpdated, Target::default(), &changed);
            let update = UpdateAccount { account: &after, expected_version: before.version };
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().update_account(&update, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, after))
        })
        .await
    }
}

fn changed_members(before: &Account, after: &Account) -> Vec<&'static str> {
    let mut changed = Vec::new();
    changed.extend((after.account_name != before.account_name).then_some("account_name"));
    changed.extend((after.status != before.status).then_some("status"));
    changed
}
