//! Who loses something when a resource or one of its scopes is removed.

use super::{ResourceError, Resources};
use crate::domain::account::Account;
use crate::domain::client::registration::template::ClientTemplate;
use crate::domain::primitives::ids::{AccountId, ResourceId};
use crate::domain::resource::Resource;
use crate::domain::resource::scope::Scope;
use jiff::Timestamp;
use std::cmp::Reverse;
use std::collections::HashMap;

/// The most accounts that are named.
pub const MAX_NAMED: usize = 10;

/// An account whose clients lose something.
#[derive(Debug)]
pub struct AccountLoss {
    /// The account as it is now.
    pub account: Account,
    /// How many of its clients, as of the job's last look.
    pub clients: u64,
}

/// Who holds a resource or a scope.
#[derive(Debug)]
pub struct Losses {
    /// The clients, as of the job's last look.
    pub clients: u64,
    /// How many accounts they are of.
    pub accounts: u64,
    /// Those with most clients, at most [`MAX_NAMED`].
    pub named: Vec<AccountLoss>,
    /// Whether there can be more: what one query reads was full.
    pub is_at_least: bool,
    /// When the job looked last, of the caller's own account; `None` if it has never.
    pub counted_at: Option<Timestamp>,
    /// The templates that preset it.
    pub templates: Vec<ClientTemplate>,
}

impl Resources<'_> {
    /// A resource that can be changed, and who loses it or one of its scopes if it is removed. Three reads, however many accounts
    /// there are.
    pub async fn with_losses(
        &self,
        id: &str,
        scope: Option<&Scope>,
    ) -> Result<(Resource, Losses), ResourceError> {
        let id = ResourceId::parse(id).map_err(|_| ResourceError::NotFound)?;
        let store = self.ctx.store();
        let (holders, templates) = tokio::try_join!(store.holders_of(&id), store.list_templates())?;
        let held = holders.accounts.into_iter().map(|held| match scope {
            None => (held.account_id, held.clients),
            Some(scope) => (held.account_id, held.scopes.get(scope).copied().unwrap_or_default()),
        });
        let mut held: Vec<(AccountId, u64)> = held.filter(|(_, clients)| *clients > 0).collect();
        held.sort_by_key(|(_, clients)| Reverse(*clients));
        let first: Vec<AccountId> = held.iter().take(MAX_NAMED).map(|(id, _)| id.clone()).collect();
        let own = self.ctx.principal.account_id();
        let (resource, summary, accounts) = store.load_resource_and_accounts(&id, own, &first).await?;
        let resource = resource.ok_or(ResourceError::NotFound)?;
        let mut accounts: HashMap<AccountId, Account> =
            accounts.into_iter().map(|account| (account.account_id.clone(), account)).collect();
        let named = held.iter().filter_map(|(id, clients)| {
            Some(AccountLoss { account: accounts.remove(id)?, clients: *clients })
        });
        let losses = Losses {
            named: named.collect(),
            clients: held.iter().map(|(_, clients)| clients).sum(),
            accounts: held.len() as u64,
            is_at_least: holders.is_truncated,
            counted_at: summary.map(|summary| summary.computed_at),
            templates: templates.into_iter().filter(|template| template.gives(&id, scope)).collect(),
        };
        Ok((resource, losses))
    }
}
