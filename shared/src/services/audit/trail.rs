//! The audit trail of an account.

use crate::adapters::error::BackendError;
use crate::adapters::store::{Cursor, Page};
use crate::domain::audit::AuditEntry;
use crate::domain::audit::filter::AuditFilter;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::services::context::ManagementContext;
use crate::services::principal::AccessError;
use std::collections::{BTreeMap, BTreeSet};

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

    /// The names of the clients that entries are about, or that acted, as far as they are the account's.
    pub async fn client_names(
        &self,
        entries: &[AuditEntry],
    ) -> Result<BTreeMap<ClientId, Name>, AuditTrailError> {
        let acted = entries.iter().filter(|entry| entry.actor.system.is_none());
        let acted = acted.filter_map(|entry| entry.actor.client_id.clone());
        let changed = entries.iter().filter_map(|entry| entry.target.client_id.clone());
        let ids: BTreeSet<ClientId> = acted.chain(changed).collect();
        let clients = self.ctx.store().load_clients(&ids.into_iter().collect::<Vec<_>>()).await?;
        let own = clients.into_iter().filter(|client| client.account_id == self.account_id);
        Ok(own.map(|client| (client.client_id, client.client_name)).collect())
    }
}
