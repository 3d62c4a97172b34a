//! Several accounts at once, as lists across accounts show them.

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, Item};
use crate::adapters::store::keys::{self, Key};
use crate::domain::account::index::AccountSummary;
use crate::domain::account::limits::Usage;
use crate::domain::account::{Account, Member};
use crate::domain::client::Client;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId};
use crate::domain::resource::Resource;
use serde::de::DeserializeOwned;
use std::collections::{BTreeSet, HashMap};

/// The most accounts whose rows one read returns: each takes three items.
pub const MAX_ROWS: i32 = 33;

/// An account with its numbers.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// Its clients and members; `None` if they were never counted.
    pub usage: Option<Usage>,
    /// What the job has found out about its clients; `None` if it has not looked yet.
    pub summary: Option<AccountSummary>,
}

/// The items of some keys, by their keys.
struct Batch(HashMap<(String, String), Item>);

impl Batch {
    fn take<T: DeserializeOwned>(
        &mut self,
        operation: &'static str,
        at: &Key,
    ) -> Result<Option<T>, BackendError> {
        let found = self.0.remove(&(at.pk.clone(), at.sk.clone()));
        found.map(|found| item::read(operation, found)).transpose()
    }
}

impl Store {
    async fn batch(&self, operation: &'static str, all: &[Key]) -> Result<Batch, BackendError> {
        let found = self.load_batch(operation, &self.tables.directory, all).await?;
        let keyed = found.into_iter().map(|found| {
            let key = (item::string(&found, "pk").to_owned(), item::string(&found, "sk").to_owned());
            (key, found)
        });
        Ok(Batch(keyed.collect()))
    }

    /// These accounts with their numbers, in this order; those that do not exist are left out. One read for at most
    /// [`MAX_ROWS`].
    pub async fn load_account_rows(&self, ids: &[AccountId]) -> Result<Vec<AccountRow>, BackendError> {
        const OP: &str = "reading accounts with their numbers";
        let keys = |id: &AccountId| [keys::account(id), keys::usage(id), keys::account_summary(id)];
        let all: Vec<Key> = ids.iter().flat_map(keys).collect();
        let mut batch = self.batch(OP, &all).await?;
        let mut rows = Vec::new();
        for id in ids {
            let [account, usage, summary] = keys(id);
            let account: Option<Account> = batch.take(OP, &account)?;
            if let Some(account) = account.filter(|account| account.deleted_at.is_none()) {
                rows.push(AccountRow {
                    account,
                    usage: batch.take(OP, &usage)?,
                    summary: batch.take(OP, &summary)?,
                });
            }
        }
        Ok(rows)
    }

    /// A resource, what the job has found out about an account, and accounts: one read for at most 90 of them. Those that do
    /// not exist are left out. Consistent.
    pub async fn load_resource_and_accounts(
        &self,
        resource: &ResourceId,
        summarised: &AccountId,
        accounts: &[AccountId],
    ) -> Result<(Option<Resource>, Option<AccountSummary>, Vec<Account>), BackendError> {
        const OP: &str = "reading a resource and those who lose it";
        let (resource, summary) = (keys::resource(resource), keys::account_summary(summarised));
        let accounts: Vec<Key> = accounts.iter().map(keys::account).collect();
        let mut all = vec![resource.clone(), summary.clone()];
        all.extend(accounts.iter().cloned());
        let mut batch = self.batch(OP, &all).await?;
        let mut found = Vec::new();
        for at in &accounts {
            found.extend(batch.take::<Account>(OP, at)?);
        }
        found.retain(|account| account.deleted_at.is_none());
        Ok((batch.take(OP, &resource)?, batch.take(OP, &summary)?, found))
    }

    /// These accounts and clients, which one read returns if they are at most 100 together. Those that do not exist are left
    /// out, and so are the secrets of the clients.
    pub async fn load_accounts_and_clients(
        &self,
        accounts: &[AccountId],
        clients: &[ClientId],
    ) -> Result<(Vec<Account>, Vec<Client>), BackendError> {
        const OP: &str = "reading accounts and clients";
        let (accounts, clients): (Vec<Key>, Vec<Key>) =
            (accounts.iter().map(keys::account).collect(), clients.iter().map(keys::client).collect());
        let mut batch = self.batch(OP, &[&*accounts, &*clients].concat()).await?;
        let (mut found_accounts, mut found_clients) = (Vec::new(), Vec::new());
        for at in &accounts {
            found_accounts.extend(batch.take::<Account>(OP, at)?);
        }
        for at in &clients {
            found_clients.extend(batch.take::<Client>(OP, at)?);
        }
        found_accounts.retain(|account| account.deleted_at.is_none());
        Ok((found_accounts, found_clients))
    }

    /// Those of these clients, and of these members of an account, that exist: one read for 100 of them. Consistent.
    pub async fn load_clients_and_members(
        &self,
        clients: &BTreeSet<ClientId>,
        account: &AccountId,
        emails: &BTreeSet<EmailAddress>,
    ) -> Result<(Vec<Client>, Vec<Member>), BackendError> {
        const OP: &str = "reading clients and members";
        let clients: Vec<Key> = clients.iter().map(keys::client).collect();
        let members: Vec<Key> = emails.iter().map(|email| keys::member(account, email)).collect();
        let mut batch = self.batch(OP, &[&*clients, &*members].concat()).await?;
        let (mut found_clients, mut found_members) = (Vec::new(), Vec::new());
        for at in &clients {
            found_clients.extend(batch.take::<Client>(OP, at)?);
        }
        for at in &members {
            found_members.extend(batch.take::<Member>(OP, at)?);
        }
        Ok((found_clients, found_members))
    }
}
