//! Access patterns of accounts.

mod members;

use crate::adapters::error::BackendError;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome};
use crate::domain::account::{Account, Status};
use crate::domain::primitives::ids::AccountId;

/// A change of an account.
#[derive(Debug)]
pub struct UpdateAccount<'a> {
    /// The new state.
    pub account: &'a Account,
    /// `version` of the state that it replaces.
    pub expected_version: u64,
}

fn account_item(account: &Account) -> Result<item::Item, BackendError> {
    let mut item = item::write(&keys::account(&account.account_id), account)?;
    item.insert("list_key".to_owned(), item::text(keys::ALL_ACCOUNTS));
    item.insert("list_sort".to_owned(), item::text(account.account_id.as_str()));
    Ok(item)
}

impl Store {
    /// Creates an account, unless its id is taken.
    pub async fn create_account(
        &self,
        account: &Account,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = self.change("creating an account", record)?.put(
            &self.tables.directory,
            account_item(account)?,
            &Condition::Absent,
            WriteConflict::AlreadyExists,
        )?;
        self.finish(transaction).await
    }

    /// Replaces an account if it is as it was read. A disabled one gets a marker that the token function reads with its
    /// catalog.
    pub async fn update_account(
        &self,
        change: &UpdateAccount<'_>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (account, directory) = (change.account, &self.tables.directory);
        let suspension = keys::suspended_account(&account.account_id);
        let transaction = self.change("changing an account", record)?.put(
            directory,
            account_item(account)?,
            &Condition::Version(change.expected_version),
            WriteConflict::VersionMismatch,
        )?;
        let transaction = match account.status {
            Status::Active => transaction.delete(
                directory,
                &suspension,
                &Condition::Always,
                WriteConflict::VersionMismatch,
            )?,
            Status::Disabled => {
                let marker = item::key(&suspension);
                transaction.put(directory, marker, &Condition::Always, WriteConflict::VersionMismatch)?
            }
        };
        self.finish(transaction).await
    }

    /// One account. Consistent.
    pub async fn load_account(&self, id: &AccountId) -> Result<Option<Account>, BackendError> {
        self.load_item("reading an account", &keys::account(id)).await
    }

    /// All accounts in the order of their ids. Eventually consistent.
    pub async fn list_accounts(
        &self,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<Account>, BackendError> {
        let listing = QuerySpec {
            operation: "listing accounts",
            table: &self.tables.directory,
            index: Some(keys::BY_ACCOUNT),
            partition: keys::ALL_ACCOUNTS.to_owned(),
            prefix: "",
            newest_first: false,
        };
        self.read_page(&listing, limit, after).await
    }
}
