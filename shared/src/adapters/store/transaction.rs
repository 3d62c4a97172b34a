//! Transactions: conditional writes that are committed together or not at all. The conditions are the locks.

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, number, text};
use crate::adapters::store::keys::{self, Key};
use crate::domain::primitives::ids::ResourceId;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::error::Error;

/// The condition on one item of a transaction.
pub(super) enum Condition<'a> {
    /// No condition.
    Always,
    /// The item does not exist.
    Absent,
    /// The item exists.
    Present,
    /// The item has the version that was read.
    Version(u64),
    /// The audience is recorded for this resource.
    AudienceOf(&'a ResourceId),
    /// The client has the version that was read, and this last notice about its certificate.
    ClientUnchanged { version: u64, said: Option<item::Value> },
    /// The item does not exist or has expired. DynamoDB deletes expired items up to days later.
    AbsentOrExpired(Timestamp),
    /// The account exists and is active.
    ActiveAccount,
    /// The intent is this operation's, and was neither taken over nor ended.
    OwnedBy(&'a str),
    /// The item is the consent with this id.
    Consent(&'a str),
    /// The item exists and lacks this attribute.
    AttributeMissing(&'static str),
}

struct Expression {
    text: &'static str,
    names: HashMap<String, String>,
    values: Item,
}

impl Condition<'_> {
    fn expression(&self) -> Option<Expression> {
        let build = |text, names: &[(&str, &str)], values: Item| {
            let names = names.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            Some(Expression { text, names, values })
        };
        let value = |name: &str, value| HashMap::from([(name.to_owned(), value)]);
        match self {
            Self::Always => None,
            Self::Absent => build("attribute_not_exists(pk)", &[], HashMap::new()),
            Self::Present => build("attribute_exists(pk)", &[], HashMap::new()),
            Self::Version(version) => {
                build("#version = :version", &[("#version", "version")], value(":version", number(*version)))
            }
            Self::AudienceOf(id) => {
                build("resource_id = :resource_id", &[], value(":resource_id", text(id.as_str())))
            }
            Self::ClientUnchanged { version, said } => {
                let names = [("#version", "version"), ("#said", "certificate_said")];
                let mut values = value(":version", number(*version));
                let text = match said {
                    None => "#version = :version AND attribute_not_exists(#said)",
                    Some(said) => {
                        values.insert(":said".to_owned(), said.clone());
                        "#version = :version AND #said = :said"
                    }
                };
                build(text, &names, values)
            }
            Self::AbsentOrExpired(now) => build(
                "attribute_not_exists(pk) OR purge_at <= :now",
                &[],
                value(":now", number(now.as_second())),
            ),
            Self::ActiveAccount => {
                build("#status = :active", &[("#status", "status")], value(":active", text("active")))
            }
            Self::OwnedBy(id) => build(
                "#operation = :operation AND attribute_not_exists(taken_over)",
                &[("#operation", "operation")],
                value(":operation", text(*id)),
            ),
            Self::Consent(id) => build("consent_id = :consent_id", &[], value(":consent_id", text(*id))),
            Self::AttributeMissing(attribute) => build(
                "attribute_exists(pk) AND attribute_not_exists(#attribute)",
                &[("#attribute", attribute)],
                HashMap::new(),
            ),
        }
    }
}

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
        written.insert("client_key".to_owned(), text(client_key));
    }
    if let Some(retention) = retention {
        let purge_at = entry.at.saturating_add(retention).unwrap_or(Timestamp::MAX);
        written.insert("purge_at".to_owned(), number(purge_at.as_second()));
    }
    Ok(written)
}
