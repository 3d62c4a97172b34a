//! What is derived of accounts for pages across them. The job writes it; the words of a name are written with the name too.

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, text};
use crate::adapters::store::keys;
use crate::adapters::store::query::position_after;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::adapters::store::{Cursor, Page, Store, WriteConflict};
use crate::domain::account::Account;
use crate::domain::account::index::{AccountEnds, AccountIndex, AccountSummary, HeldResource, name_words};
use crate::domain::client::attention::Attention;
use crate::domain::primitives::ids::{AccountId, ResourceId};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use serde::de::DeserializeOwned;
use std::collections::{BTreeSet, HashMap};

/// The accounts whose clients hold a resource.
#[derive(Debug, Default)]
pub struct Holders {
    /// The accounts, each with the numbers of its clients.
    pub accounts: Vec<HeldResource>,
    /// Whether there are more, which were not read.
    pub is_truncated: bool,
}

/// The entry of the index by which a list of a kind finds an item.
fn listed(mut item: Item, list: impl Into<String>, order: String) -> Item {
    item.insert("list_key".to_owned(), text(list));
    item.insert("list_sort".to_owned(), text(order));
    item
}

fn word_item(id: &AccountId, word: &str) -> Item {
    let mut item = item::key(&keys::account_word(id, word));
    item.insert("account_id".to_owned(), text(id.as_str()));
    listed(item, keys::ACCOUNT_WORDS, keys::word_order(id, word))
}

/// The items of what is derived of an account.
fn items(index: &AccountIndex) -> Result<Vec<Item>, BackendError> {
    let (summary, id) = (&index.summary, &index.summary.account_id);
    let mut items: Vec<Item> = index.words.iter().map(|word| word_item(id, word)).collect();
    let item = item::write(&keys::account_summary(id), summary)?;
    items.push(match summary.needing_attention {
        0 => item,
        clients => listed(item, keys::ATTENTION, keys::attention_order(id, clients)),
    });
    if let Some((ends, first)) = index.ends.as_ref().and_then(|ends| Some((ends, ends.first.first()?))) {
        let item = item::write(&keys::account_ends(id), ends)?;
        items.push(listed(item, keys::ENDS, keys::ends_order(id, first.ends_at)));
    }
    for (resource, held) in &index.held {
        let item = item::write(&keys::held_resource(id, resource), held)?;
        items.push(listed(item, keys::holders(resource), id.to_string()));
    }
    Ok(items)
}

impl Store {
    /// Stores what is derived of an account, and deletes what was derived of it before and is not any more.
    pub async fn store_account_index(&self, index: &AccountIndex) -> Result<(), BackendError> {
        const OP: &str = "storing what is derived of an account";
        let mut present = self.account_index_items(&index.summary.account_id).await?;
        for item in items(index)? {
            let before = present.remove(item::string(&item, "sk"));
            if before.as_ref() == Some(&item) {
                continue;
            }
            let put = self.dynamodb.put_item().table_name(&self.tables.directory).set_item(Some(item));
            put.send().await.map_err(|error| BackendError::aws(OP, &error))?;
        }
        self.delete_index_items(present).await
    }

    /// Deletes what is derived of an account.
    pub(super) async fn delete_account_index(&self, id: &AccountId) -> Result<(), BackendError> {
        self.delete_index_items(self.account_index_items(id).await?).await
    }

    /// The stored items by their sort keys. Consistent.
    async fn account_index_items(&self, id: &AccountId) -> Result<HashMap<String, Item>, BackendError> {
        let query = self
            .dynamodb
            .query()
            .table_name(&self.tables.directory)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(keys::account_index_partition(id)))
            .consistent_read(true);
        let found = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let found =
            found.map_err(|error| BackendError::aws("reading what is derived of an account", &error))?;
        Ok(found.into_iter().map(|item| (item::string(&item, "sk").to_owned(), item)).collect())
    }

    async fn delete_index_items(&self, items: HashMap<String, Item>) -> Result<(), BackendError> {
        for item in items.into_values() {
            let key = item.into_iter().filter(|(name, _)| name == "pk" || name == "sk").collect();
            let delete = self.dynamodb.delete_item().table_name(&self.tables.directory).set_key(Some(key));
            let sent = delete.send().await;
            sent.map_err(|error| BackendError::aws("deleting what is derived of an account", &error))?;
        }
        Ok(())
    }

    /// Adds the words of an account's name to its creation or change, and takes away those of the name before.
    pub(super) fn record_words(
        &self,
        mut transaction: Transaction<WriteConflict>,
        account: &Account,
        before: Option<&str>,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        let (id, directory) = (&account.account_id, &self.tables.directory);
        let (old, new) =
            (before.map(name_words).unwrap_or_default(), name_words(account.account_name.as_str()));
        for word in new.difference(&old) {
            let item = word_item(id, word);
            transaction =
                transaction.put(directory, item, &Condition::Always, WriteConflict::VersionMismatch)?;
        }
        for word in old.difference(&new) {
            let at = keys::account_word(id, word);
            transaction =
                transaction.delete(directory, &at, &Condition::Always, WriteConflict::VersionMismatch)?;
        }
        Ok(transaction)
    }

    /// The accounts with clients that need attention, for a reason if one is named; those with most of them first. As of the
    /// job's last look. One query, which reads at most 1 MB: with a reason a page can be short, or empty, although there are
    /// more.
    pub async fn accounts_needing_attention(
        &self,
        reason: Option<Attention>,
        limit: usize,
        after: Option<&Cursor>,
    ) -> Result<Page<AccountSummary>, BackendError> {
        const OP: &str = "listing accounts that need attention";
        let mut query = self.index_query(keys::ATTENTION, "", after);
        query = match reason {
            // Without a condition on what is read, DynamoDB reads no more than the page has.
            None => query.limit(i32::try_from(limit).unwrap_or(i32::MAX)),
            Some(reason) => query
                .filter_expression("attribute_exists(#reasons.#reason)")
                .expression_attribute_names("#reasons", "reasons")
                .expression_attribute_names("#reason", reason.as_str()),
        };
        let output = query.send().await.map_err(|error| BackendError::aws(OP, &error))?;
        let mut found = output.items.unwrap_or_default();
        let mut next = output.last_evaluated_key.filter(|key| !key.is_empty());
        if found.len() > limit {
            found.truncate(limit);
            next = found.last().map(|last| position_after(last, &["pk", "sk", "list_key", "list_sort"]));
        }
        let items = found.into_iter().map(|item| item::read(OP, item)).collect::<Result<_, _>>()?;
        Ok(Page { items, next: next.as_ref().map(Cursor::of) })
    }

    /// The accounts with clients whose credentials end soon, the first end first. As of the job's last look.
    pub async fn accounts_with_ends(
        &self,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<AccountEnds>, BackendError> {
        self.index_page("listing accounts with ends", keys::ENDS, "", limit, after).await
    }

    /// The accounts with a word in their name that begins like this. Eventually consistent.
    pub async fn accounts_by_word(
        &self,
        beginning: &str,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<AccountId>, BackendError> {
        const OP: &str = "looking for accounts by name";
        let page: Page<WordEntry> = self.index_page(OP, keys::ACCOUNT_WORDS, beginning, limit, after).await?;
        let mut seen = BTreeSet::new();
        let ids = page.items.into_iter().map(|entry| entry.account_id);
        Ok(Page { items: ids.filter(|id| seen.insert(id.clone())).collect(), next: page.next })
    }

    /// The accounts whose clients hold a resource, as far as one query reads: 1 MB. As of the job's last look.
    pub async fn holders_of(&self, resource: &ResourceId) -> Result<Holders, BackendError> {
        const ALL: i32 = 10_000;
        let list = keys::holders(resource);
        let page = self.index_page("listing who holds a resource", &list, "", ALL, None).await?;
        Ok(Holders { accounts: page.items, is_truncated: page.next.is_some() })
    }

    /// The query of a list of the index, of those entries whose order begins like this.
    fn index_query(&self, list: &str, beginning: &str, after: Option<&Cursor>) -> QueryFluentBuilder {
        let query = self
            .dynamodb
            .query()
            .table_name(&self.tables.directory)
            .index_name(keys::BY_ACCOUNT)
            .expression_attribute_values(":list", text(list))
            .set_exclusive_start_key(after.and_then(Cursor::position));
        if beginning.is_empty() {
            return query.key_condition_expression("list_key = :list");
        }
        query
            .key_condition_expression("list_key = :list AND begins_with(list_sort, :beginning)")
            .expression_attribute_values(":beginning", text(beginning))
    }

    async fn index_page<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        list: &str,
        beginning: &str,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<T>, BackendError> {
        let query = self.index_query(list, beginning, after).limit(limit);
        let output = query.send().await.map_err(|error| BackendError::aws(operation, &error))?;
        let next = output.last_evaluated_key.filter(|key| !key.is_empty());
        let items = output.items.unwrap_or_default().into_iter().map(|found| item::read(operation, found));
        Ok(Page { items: items.collect::<Result<_, _>>()?, next: next.as_ref().map(Cursor::of) })
    }
}

/// A word of an account's name.
#[derive(serde::Deserialize)]
struct WordEntry {
    account_id: AccountId,
}
