//! Access patterns of accounts.

mod deletions;
mod deployment;
mod index;
mod invitations;
mod members;
mod memberships;
mod rows;
mod usage;
mod walk;

pub use deletions::{AccountDeletion, PersonRemoval};
pub use index::Holders;
pub use memberships::{MAX_MEMBERSHIPS, Membership, Memberships};
pub use rows::{AccountRow, MAX_ROWS};
pub use walk::AccountWalk;

pub(in crate::adapters::store) use usage::Counted;

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome};
use crate::domain::account::{Account, Status};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::ids::AccountId;
use aws_sdk_dynamodb::operation::put_item::PutItemError;

/// A change of an account.
#[derive(Debug)]
pub struct UpdateAccount<'a> {
    /// The new state.
    pub account: &'a Account,
    /// `version` of the state that it replaces.
    pub expected_version: u64,
    /// The name in the state that it replaces.
    pub name_before: &'a Name,
}

fn account_item(account: &Account) -> Result<item::Item, BackendError> {
    let mut item = item::write(&keys::account(&account.account_id), account)?;
    item.insert("list_key".to_owned(), item::text(keys::ALL_ACCOUNTS));
    item.insert("list_sort".to_owned(), item::text(account.account_id.as_str()));
    Ok(item)
}

/// The item that records an account's id.
fn id_item(account: &Account) -> item::Item {
    let mut item = item::key(&keys::account_id(&account.account_id));
    item.insert("account_id".to_owned(), item::text(account.account_id.as_str()));
    item
}

impl Store {
    /// Creates an account, unless its id is taken, or one that differs from it in case only.
    pub async fn create_account(
        &self,
        account: &Account,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let directory = &self.tables.directory;
        let transaction = self
            .change("creating an account", record)?
            .put(directory, account_item(account)?, &Condition::Absent, WriteConflict::AlreadyExists)?
            .put(directory, id_item(account), &Condition::Absent, WriteConflict::AlreadyExists)?;
        self.finish(self.record_words(transaction, account, None)?).await
    }

    /// Replaces an account if it is as it was read. A disabled one gets a marker that the token function of version 0.1.0
    /// reads with its catalog.
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
        self.finish(self.record_words(transaction, account, Some(change.name_before.as_str()))?).await
    }

    /// Records the id of an account that was stored without; whether it is recorded now. It is not if another account has
    /// an id that differs from it in case only.
    pub async fn record_account_id(&self, account: &Account) -> Result<bool, BackendError> {
        const OP: &str = "recording an account id";
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.directory)
            .set_item(Some(id_item(account)))
            .condition_expression("attribute_not_exists(pk) OR account_id = :id")
            .expression_attribute_values(":id", item::text(account.account_id.as_str()))
            .send()
            .await;
        if ok_or_expected(OP, sent, PutItemError::is_conditional_check_failed_exception)?.is_none() {
            return Ok(false);
        }
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::account(&account.account_id))))
            .update_expression("SET id_recorded = :true")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":true", item::boolean(true))
            .send()
            .await;
        item::updated(OP, sent)?;
        Ok(true)
    }

    /// One account, unless it was deleted. Consistent.
    pub async fn load_account(&self, id: &AccountId) -> Result<Option<Account>, BackendError> {
        let found: Option<Account> = self.load_item("reading an account", &keys::account(id)).await?;
        Ok(found.filter(|account| account.deleted_at.is_none()))
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
