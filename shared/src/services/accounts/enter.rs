//! An operator begins to act in an account.

use super::{AccountError, Accounts, load};
use crate::domain::account::Account;
use crate::domain::audit::{Action, Target};

impl Accounts<'_> {
    /// Records in the trail of an account that the caller begins to act in it.
    pub async fn enter(&self, id: &str) -> Result<Account, AccountError> {
        let id = self.ctx.principal.resolve_account(id)?;
        let account = load(self.ctx.store(), &id).await?;
        let entry = self.ctx.audit_context.audit(&id, Action::AccountEntered, Target::default(), &[]);
        self.ctx.store().append_audit(&entry).await?;
        self.ctx.publish(&entry).await;
        Ok(account)
    }
}
