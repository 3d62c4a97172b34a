//! Reads: single items by key, several at once, and lists in pages.

use crate::adapters::error::BackendError;
use crate::adapters::retry::backoff;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, Item, text};
use crate::adapters::store::keys;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// The most keys of one `BatchGetItem`.
const MAX_BATCH: usize = 100;
/// How often keys are requested that DynamoDB leaves out.
const BATCH_ATTEMPTS: usize = 5;

/// The position at which a list continues. Opaque, and only valid for the same list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// The text, to be sealed before it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A cursor of the text that was unsealed.
    #[must_use]
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The key after which the list continues; `None` if the text was not a cursor.
    pub(super) fn position(&self) -> Option<Item> {
        item::cursor_from_json(&self.0)
    }

    pub(super) fn of(key: &Item) -> Self {
        Self(item::cursor_to_json(key))
    }
}

/// A page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// The records, in the list's order.
    pub items: Vec<T>,
    /// The position of the next page; `None` on the last page.
    pub next: Option<Cursor>,
}

/// A query of a list: a partition of a table or of an index.
pub(super) struct QuerySpec<'a> {
    pub(super) operation: &'static str,
    pub(super) table: &'a str,
    /// `None` for the table itself, read consistently.
    pub(super) index: Option<&'static str>,
    pub(super) partition: String,
    /// The prefix of the sort keys; empty for all.
    pub(super) prefix: &'static str,
    pub(super) newest_first: bool,
}

/// The position after an item that was read: those of its attributes that are keys of the table or of the index.
pub(super) fn position_after(found: &Item, keys: &[&str]) -> Item {
    keys.iter().filter_map(|name| Some(((*name).to_owned(), found.get(*name)?.clone()))).collect()
}

/// One response of DynamoDB.
pub(super) struct QueryPage {
    pub(super) items: Vec<Item>,
    pub(super) next: Option<Item>,
}

impl Store {
    /// Loads an item of the directory table.
    pub(super) async fn load_item<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, BackendError> {
        self.load_from(&self.tables.directory, operation, at).await
    }

    /// Loads an item of the grants table. An expired one may still be returned.
    pub(super) async fn load_grant<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, BackendError> {
        self.load_from(&self.tables.grants, operation, at).await
    }

    async fn load_from<T: DeserializeOwned>(
        &self,
        table: &str,
        operation: &'static str,
        at: &keys::Key,
    ) -> Result<Option<T>, BackendError> {
        let output = self
            .dynamodb
            .get_item()
            .table_name(table)
            .set_key(Some(item::key(at)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| BackendError::aws(operation, &error))?;
        output.item.map(|found| item::read(operation, found)).transpose()
    }

    /// The items of these keys that exist, in no order. Consistent, each by itself. Keys that DynamoDB leaves out, for want
    /// of throughput, are requested again; if it keeps leaving some out, the read fails.
    pub(super) async fn load_batch(
        &self,
        operation: &'static str,
        table: &str,
        all: &[keys::Key],
    ) -> Result<Vec<Item>, BackendError> {
        let mut found = Vec::new();
        for batch in all.chunks(MAX_BATCH) {
            let mut pending: Vec<Item> = batch.iter().map(item::key).collect();
            let mut pauses = backoff(BATCH_ATTEMPTS);
            loop {
                let request = KeysAndAttributes::builder().set_keys(Some(pending)).consistent_read(true);
                let request = request.build().map_err(|error| BackendError::new(operation, error))?;
                let sent = self.dynamodb.batch_get_item().request_items(table, request).send().await;
                let output = sent.map_err(|error| BackendError::aws(operation, &error))?;
                found.extend(output.responses.unwrap_or_default().into_values().flatten());
                let left = output.unprocessed_keys.unwrap_or_default().into_values();
                pending = left.flat_map(|left| left.keys).collect();
                if pending.is_empty() {
                    break;
                }
                let pause = pauses.next();
                let pause = pause.ok_or_else(|| BackendError::new(operation, "keys were left unread"))?;
                tokio::time::sleep(pause).await;
            }
        }
        Ok(found)
    }

    /// Reads at most `limit` items of a list after `after`.
    pub(super) async fn read_batch(
        &self,
        listing: &QuerySpec<'_>,
        limit: i32,
        after: Option<Item>,
    ) -> Result<QueryPage, BackendError> {
        let (pk, sk) = if listing.index.is_some() { ("list_key", "list_sort") } else { ("pk", "sk") };
        let mut names = HashMap::from([("#pk".to_owned(), pk.to_owned())]);
        let mut values = HashMap::from([(":pk".to_owned(), text(&*listing.partition))]);
        let mut condition = "#pk = :pk";
        if !listing.prefix.is_empty() {
            names.insert("#sk".to_owned(), sk.to_owned());
            values.insert(":prefix".to_owned(), text(listing.prefix));
            condition = "#pk = :pk AND begins_with(#sk, :prefix)";
        }
        let output = self
            .dynamodb
            .query()
            .table_name(listing.table)
            .set_index_name(listing.index.map(str::to_owned))
            .consistent_read(listing.index.is_none())
            .key_condition_expression(condition)
            .set_expression_attribute_names(Some(names))
            .set_expression_attribute_values(Some(values))
            .scan_index_forward(!listing.newest_first)
            .limit(limit)
            .set_exclusive_start_key(after)
            .send()
            .await
            .map_err(|error| BackendError::aws(listing.operation, &error))?;
        Ok(QueryPage {
            items: output.items.unwrap_or_default(),
            next: output.last_evaluated_key.filter(|key| !key.is_empty()),
        })
    }

    /// Reads one page of records.
    pub(super) async fn read_page<T: DeserializeOwned>(
        &self,
        listing: &QuerySpec<'_>,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<T>, BackendError> {
        let after = after.and_then(Cursor::position);
        let batch = self.read_batch(listing, limit, after).await?;
        let next = batch.next.as_ref().map(Cursor::of);
        let items = batch
            .items
            .into_iter()
            .map(|found| item::read(listing.operation, found))
            .collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}
