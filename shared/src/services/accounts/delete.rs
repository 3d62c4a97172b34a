//! Deleting an account.

use super::{AccountError, Accounts, load};
use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::account::Account;
use crate::domain::account::limits::Usage;
use crate::domain::audit::{Action, Target};
use crate::domain::management;
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};

impl Accounts<'_> {
    /// Deletes an account that has nothing, or that has been disabled for 7 days, if it is at an expected version. The
    /// job deletes what it has; its audit trail stays, and its id is not used again.
    pub async fn delete(&self, id: &str, expected: VersionPredicate<'_>) -> Result<(), AccountError> {
        let id = self.ctx.principal.resolve_account(id)?;
        if id.as_str() == management::OPERATOR_ACCOUNT {
            return Err(AccountError::OperatorAccount);
        }
        if id == *self.ctx.principal.account_id() {
            return Err(AccountError::SelfDelete);
        }
        modify(|| async {
            let before = load(self.ctx.store(), &id).await?;
            ensure_version(expected, before.version)?;
            if !before.is_disabled_long_enough(self.ctx.now()) && !self.is_empty(&before).await? {
                return Err(AccountError::InUse);
            }
            let deleted = before.deleted(self.ctx.now());
            let audit_context = self.ctx.audit_context;
            let audit = audit_context.audit(&id, Action::AccountDeleted, Target::default(), &[]);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().delete_account(&deleted, before.version, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }

    async fn is_empty(&self, account: &Account) -> Result<bool, AccountError> {
        Ok(self.ctx.store().usage(&account.account_id).await? == Usage::default())
    }
}
