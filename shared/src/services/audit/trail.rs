//! The audit trail of an account.

use crate::adapters::error::BackendError;
use crate::adapters::store::{Cursor, Page};
use crate::domain::audit::filter::AuditFilter;
use crate::domain::audit::{AuditEntry, ChangedMember};
use crate::domain::client::Client;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::services::context::ManagementContext;
use crate::services::principal::AccessError;
use std::collections::{BTreeMap, BTreeSet};

/// How many of one name are told apart.
const MAX_CALLED: usize = 2;

/// The most members among which a name is looked for.
const MAX_MEMBERS: i32 = 1_000;

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

    /// The names of the clients and members that entries are about, or that acted, as far as they are the account's. A client that
    /// is not there any more has the name that the newest of the entries has of it.
    pub async fn names(&self, entries: &[AuditEntry]) -> Result<TrailNames, AuditTrailError> {
        let own = |entry: &&AuditEntry| entry.actor.account_id == self.account_id;
        let acted = entries.iter().filter(|entry| entry.actor.system.is_none());
        let acted = acted.filter_map(|entry| entry.actor.client_id.clone());
        let changed = entries.iter().filter_map(|entry| entry.target.client_id.clone());
        let clients: BTreeSet<ClientId> = acted.chain(changed).collect();
        let acted = entries.iter().filter(own).filter_map(|entry| entry.actor.email.clone());
        let changed = entries.iter().filter_map(|entry| entry.target.email.clone());
        let emails: BTreeSet<EmailAddress> = acted.chain(changed).collect();
        let store = self.ctx.store();
        let (clients, members) = store.load_clients_and_members(&clients, &self.account_id, &emails).await?;
        let clients = clients.into_iter().filter(|client| client.account_id == self.account_id);
        let mut clients: BTreeMap<ClientId, Name> =
            clients.map(|client| (client.client_id, client.client_name)).collect();
        for (id, name) in entries.iter().filter_map(recorded_name) {
            clients.entry(id).or_insert(name);
        }
        Ok(TrailNames {
            clients,
            members: members.into_iter().map(|member| (member.email, member.name)).collect(),
        })
    }

    /// The clients of this name or id, of the newest of the account.
    pub async fn clients_called(&self, text: &str) -> Result<Vec<ClientId>, AuditTrailError> {
        let is_called =
            |client: &Client| client.client_id.as_str() == text || is_same(client.client_name.as_str(), text);
        let found = self.ctx.store().list_clients(&self.account_id, MAX_CALLED, None, is_called).await?;
        Ok(found.items.into_iter().map(|client| client.client_id).collect())
    }

    /// The members of this name, of the first of the account.
    pub async fn members_called(&self, text: &str) -> Result<Vec<EmailAddress>, AuditTrailError> {
        let members = self.ctx.store().list_members(&self.account_id, MAX_MEMBERS, None).await?.items;
        let called = members.into_iter().filter(|member| is_same(member.name.as_str(), text));
        Ok(called.map(|member| member.email).collect())
    }
}

/// Names that entries are told with.
#[derive(Debug, Default)]
pub struct TrailNames {
    /// Those of clients: the present ones, and of deleted clients those that the entries have.
    pub clients: BTreeMap<ClientId, Name>,
    /// Those of members.
    pub members: BTreeMap<EmailAddress, Name>,
}

/// The name that an entry has of the client that it is about.
fn recorded_name(entry: &AuditEntry) -> Option<(ClientId, Name)> {
    let change =
        entry.changes.iter().find(|change| change.member.as_str() == ChangedMember::ClientName.as_str())?;
    let name = change.old.as_str().or_else(|| change.new.as_str())?;
    Some((entry.target.client_id.clone()?, Name::parse(name).ok()?))
}

fn is_same(name: &str, text: &str) -> bool {
    name.to_lowercase() == text.to_lowercase()
}
