//! Who loses something when a resource or one of its scopes is removed.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::resource::scope::Scope;

/// The clients that hold a resource or a scope, and their accounts, as of the job's last look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// The clients.
    pub clients: u64,
    /// Their accounts.
    pub accounts: u64,
    /// Whether there can be more: what one query reads was full.
    pub is_at_least: bool,
}

/// The clients that hold a resource, or one of its scopes.
pub async fn losses_of(
    store: &Store,
    resource: &ResourceId,
    scope: Option<&Scope>,
) -> Result<Losses, BackendError> {
    let holders = store.holders_of(resource).await?;
    let clients = holders.accounts.iter().map(|held| match scope {
        None => held.clients,
        Some(scope) => held.scopes.get(scope).copied().unwrap_or_default(),
    });
    let (mut clients_in_all, mut accounts) = (0, 0);
    for clients in clients.filter(|clients| *clients > 0) {
        clients_in_all += clients;
        accounts += 1;
    }
    Ok(Losses { clients: clients_in_all, accounts, is_at_least: holders.is_truncated })
}

impl Losses {
    /// Whether no client holds it.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.clients == 0 && !self.is_at_least
    }
}
