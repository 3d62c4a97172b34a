//! Transactions: conditional writes that are committed together or not at all. The conditions are the locks.

mod condition;

pub(super) use condition::Condition;

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item};
use crate::adapters::store::keys::{self, Key};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem, Update};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::error::Error;

/// Whether a transaction was committed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CommitOutcome<R> {
    /// It was, once.
    Committed,
    /// A condition failed, with this reason.
    Rejected(R),
    /// A concurrent transaction was writing one of the items.
    Conflict,
}

/// A transaction under construction. Each entry has the reason that is reported if its condition fails; if several fail,
/// the first one's is reported.
pub(super) struct Transaction<R> {
    operation: &'static str,
    entries: Vec<(TransactWriteItem, R)>,
}

fn built<T, E: Error + Send + Sync + 'static>(
    operation: &'static str,
    result: Result<T, E>,
) -> Result<T, BackendError> {
    result.map_err(|error| BackendError::new(operation, error))
}

impl<R: Copy> Transaction<R> {
    pub(super) fn new(operation: &'static str) -> Self {
        Self { operation, entries: Vec::new() }
    }

    /// Writes an item.
    pub(super) fn put(
        mut self,
        table: &str,
        item: Item,
        condition: &Condition<'_>,
        reason: R,
    ) -> Result<Self, BackendError> {
        let mut put = Put::builder().table_name(table).set_item(Some(item));
        if let Some(expression) = condition.expression() {
            put = put
                .condition_expression(expression.text)
                .set_expression_attribute_names(some_if_any(expression.names))
                .set_expression_attribute_values(some_if_any(expression.values));
        }
        let put = built(self.operation, put.build())?;
        self.entries.push((TransactWriteItem::builder().put(put).build(), reason));
        Ok(self)
    }

    /// Deletes an item.
    pub(super) fn delete(
        mut self,
        table: &str,
        at: &Key,
        condition: &Condition<'_>,
        reason: R,
    ) -> Result<Self, BackendError> {
        let mut delete = Delete::builder().table_name(table).set_key(Some(item::key(at)));
        if let Some(expression) = condition.expression() {
            delete = delete
                .condition_expression(expression.text)
                .set_expression_attribute_names(some_if_any(expression.names))
                .set_expression_attribute_values(some_if_any(expression.values));
        }
        let delete = built(self.operation, delete.build())?;
        self.entries.push((TransactWriteItem::builder().delete(delete).build(), reason));
        Ok(self)
    }

    /// Adds to a number of an item, under a condition.
    pub(super) fn add(
        self,
        table: &str,
        at: &Key,
        (attribute, number): (&str, i64),
        condition: &Condition<'_>,
        reason: R,
    ) -> Result<Self, BackendError> {
        let update = Update::builder()
            .update_expression("ADD #added :added")
            .expression_attribute_names("#added", attribute)
            .expression_attribute_values(":added", item::number(number));
        self.update(update, table, at, condition, reason)
    }

    /// Sets an attribute of an item and the time of its change, and raises its version, under a condition.
    pub(super) fn set(
        self,
        table: &str,
        at: &Key,
        (attribute, value): (&str, item::Value),
        now: Timestamp,
        condition: &Condition<'_>,
        reason: R,
    ) -> Result<Self, BackendError> {
        let update = Update::builder()
            .update_expression("SET #set = :set, updated_at = :now ADD #version :one")
            .expression_attribute_names("#set", attribute)
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":set", value)
            .expression_attribute_values(":now", item::text(now.to_string()))
            .expression_attribute_values(":one", item::number(1));
        self.update(update, table, at, condition, reason)
    }

    /// Sets these attributes of an item under a condition, removes those without a value, and changes nothing else.
    pub(super) fn set_attributes(
        self,
        table: &str,
        at: &Key,
        attributes: &[(&str, Option<item::Value>)],
        condition: &Condition<'_>,
        reason: R,
    ) -> Result<Self, BackendError> {
        let (mut update, mut set, mut removed) = (Update::builder(), Vec::new(), Vec::new());
        for (index, (name, value)) in attributes.iter().enumerate() {
            update = update.expression_attribute_names(format!("#a{index}"), *name);
            match value {
                Some(value) => {
                    update = update.expression_attribute_values(format!(":a{index}"), value.clone());
                    set.push(format!("#a{index} = :a{index}"));
                }
                None => removed.push(format!("#a{index}")),
            }
        }
        let clause = |keyword, items: &[String]| match items {
            [] => String::new(),
            items => format!("{keyword} {} ", items.join(", ")),
        };
        let expression = clause("SET", &set) + &clause("REMOVE", &removed);
        self.update(update.update_expression(expression.trim()), table, at, condition, reason)
    }

    fn update(
        mut self,
        update: UpdateBuilder,
        table: &str,
        at: &Key,
        condition: &Condition<'_>,
        reason: R,
    ) -> Result<Self, BackendError> {
        let mut update = update.table_name(table).set_key(Some(item::key(at)));
        if let Some(expression) = condition.expression() {
            update = update.condition_expression(expression.text);
            for (name, attribute) in expression.names {
                update = update.expression_attribute_names(name, attribute);
            }
            for (name, value) in expression.values {
                update = update.expression_attribute_values(name, value);
            }
        }
        let update = built(self.operation, update.build())?;
        self.entries.push((TransactWriteItem::builder().update(update).build(), reason));
        Ok(self)
    }

    /// Checks a condition on an item that is not written.
    pub(super) fn check(
        mut self,
        table: &str,
        at: &Key,
        condition: &Condition<'_>,
        reason: R,
    ) -> Result<Self, BackendError> {
        if let Some(expression) = condition.expression() {
            let check = ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(item::key(at)))
                .condition_expression(expression.text)
                .set_expression_attribute_names(some_if_any(expression.names))
                .set_expression_attribute_values(some_if_any(expression.values));
            let check = built(self.operation, check.build())?;
            self.entries.push((TransactWriteItem::builder().condition_check(check).build(), reason));
        }
        Ok(self)
    }

    /// Commits the transaction. The SDK's retries are safe, because they have the same request token.
    pub(super) async fn commit(
        self,
        client: &aws_sdk_dynamodb::Client,
    ) -> Result<CommitOutcome<R>, BackendError> {
        let (items, reasons): (Vec<_>, Vec<R>) = self.entries.into_iter().unzip();
        match client.transact_write_items().set_transact_items(Some(items)).send().await {
            Ok(_) => Ok(CommitOutcome::Committed),
            Err(error) => match rejection(&error, &reasons) {
                Some(outcome) => Ok(outcome),
                None => Err(BackendError::aws(self.operation, &error)),
            },
        }
    }
}

fn rejection<R: Copy, H>(
    error: &SdkError<TransactWriteItemsError, H>,
    reasons: &[R],
) -> Option<CommitOutcome<R>> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error.as_service_error()? else {
        return None;
    };
    let codes = || cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or("None"));
    let failed = codes().zip(reasons).find(|(code, _)| *code == "ConditionalCheckFailed");
    match failed {
        Some((_, reason)) => Some(CommitOutcome::Rejected(*reason)),
        None if codes().any(|code| code == "TransactionConflict") => Some(CommitOutcome::Conflict),
        None => None,
    }
}

fn some_if_any<V>(map: HashMap<String, V>) -> Option<HashMap<String, V>> {
    (!map.is_empty()).then_some(map)
}

/// The item of an audit entry, with the time at which DynamoDB may delete it.
pub(super) fn audit_item(
    entry: &crate::domain::audit::AuditEntry,
    retention: Option<SignedDuration>,
) -> Result<Item, BackendError> {
    let mut written = item::write(&keys::audit(&entry.account_id, &entry.audit_id), entry)?;
    if let Some(client) = &entry.target.client_id {
        let client_key = keys::audited_client(&entry.account_id, client);
        written.insert("client_key".to_owned(), item::text(client_key));
    }
    if let Some(retention) = retention {
        let purge_at = entry.at.saturating_add(retention).unwrap_or(Timestamp::MAX);
        written.insert("purge_at".to_owned(), item::number(purge_at.as_second()));
    }
    Ok(written)
}
