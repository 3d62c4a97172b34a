//! The audit trail of an account.

use crate::adapters::error::BackendError;
use crate::adapters::store::{Cursor, Page};
use crate::domain::audit::AuditEntry;
use crate::domain::audit::filter::AuditFilter;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::ids::AccountId;
use crate::services::context::ManagementContext;
use crate::services::principal::AccessError;

/// The audit trail of one account, for a caller that is allowed to read it.
pub struct AuditTrail<'a> {
    ctx: ManagementContext<'a>,
    account_id: AccountId,
}

/// Why an audit trail cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AuditTrailError {
    /// The account does not exist.
    #[error("the account does not exist")]
    NotFound,
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl<'a> AuditTrail<'a> {
    /// For holders of `audit:read` in the account.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        let account_id = ctx.authorize_account(ManagementScope::AuditRead, account_id)?;
        Ok(Self { ctx, account_id })
    }

    /// The entries that pass the filter, newest first, a page at a time.
    pub async fn list(
        &self,
        filter: &AuditFilter,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page<AuditEntry>, AuditTrailError> {
        if !self.ctx.account_exists(&self.account_id).await? {
            return Err(AuditTrailError::NotFound);
        }
        Ok(self.ctx.store().list_audit(&self.account_id, filter, limit, after).await?)
    }
}
