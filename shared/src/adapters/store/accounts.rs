//! Accounts.

use super::page::Listing;
use super::transaction::Condition;
use super::{Outcome, Page, Position, Record, Refused, Store, item, keys};
use crate::adapters::fault::Fault;
use crate::domain::account::{Account, Status};
use crate::domain::ids::AccountId;

/// An account as it is to be, and the version that it was read as.
#[derive(Debug)]
pub struct AccountChange<'a> {
    /// The new state.
    pub account: &'a Account,
    /// `version` of the state it replaces.
    pub read_version: u64,
}

fn account_item(account: &Account) -> Result<item::Item, Fault> {
    let mut item = item::write(&keys::account(&account.account_id), account)?;
    item.insert("list_key".to_owned(), item::text(keys::ALL_ACCOUNTS));
    item.insert("list_sort".to_owned(), item::text(account.account_id.as_str()));
    Ok(item)
}

impl Store {
    /// Makes an account, unless its id is taken.
    pub async fn create_account(&self, account: &Account, record: &Record<'_>) -> Result<Outcome, Fault> {
        let transaction = self.change("creating an account", record)?.put(
            &self.tables.directory,
            account_item(account)?,
            &Condition::Absent,
            Refused::Taken,
        )?;
        self.finish(transaction).await
    }

    /// Replaces an account if it is still as it was read. Disabling it also tells the token function,
    /// which hears of it with its catalogue.
    pub async fn update_account(
        &self,
        change: &AccountChange<'_>,
        record: &Record<'_>,
    ) -> Result<Outcome, Fault> {
        let (account, directory) = (change.account, &self.tables.directory);
        let suspension = keys::suspended_account(&account.account_id);
        let transaction = self.change("changing an account", record)?.put(
            directory,
            account_item(account)?,
            &Condition::Version(change.read_version),
            Refused::Changed,
        )?;
        let transaction = match account.status {
            Status::Active => {
                transaction.delete(directory, &suspension, &Condition::Always, Refused::Changed)?
            }
            Status::Disabled => {
                let marker = item::key(&suspension);
                transaction.put(directory, marker, &Condition::Always, Refused::Changed)?
            }
        };
        self.finish(transaction).await
    }

    /// One account. Consistent.
    pub async fn load_account(&self, id: &AccountId) -> Result<Option<Account>, Fault> {
        self.load_item("reading an account", &keys::account(id)).await
    }

    /// All accounts in the order of their ids. Eventually consistent.
    pub async fn list_accounts(&self, limit: i32, after: Option<&Position>) -> Result<Page<Account>, Fault> {
        let listing = Listing {
            doing: "listing accounts",
            table: &self.tables.directory,
            index: Some(keys::BY_ACCOUNT),
            partition: keys::ALL_ACCOUNTS.to_owned(),
            prefix: "",
            newest_first: false,
        };
        self.read_page(&listing, limit, after).await
    }
}
