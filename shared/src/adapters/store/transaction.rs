//! Several conditional writes that happen together or not at all. The conditions are the locks.

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, number, text};
use crate::adapters::store::keys::{self, Key};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{ConditionCheck, Delete, Put, TransactWriteItem};
use jiff::Timestamp;
use std::collections::HashMap;

/// What must be true of the item that is written, for the whole transaction to happen.
pub(super) enum Condition<'a> {
    /// Nothing.
    Always,
    /// There is no such item.
    IfClientMissing,
    /// There is one.
    Present,
    /// It is the version that was read.
    Version(u64),
    /// It is the version of a client that was read, and this is what was said about its certificate.
    ClientUnchanged { version: u64, said: Option<item::Value> },
    /// There is none, or it is past its time (the broom may come days late).
    AbsentOrExpired(Timestamp),
    /// The account is there and not disabled.
    ActiveAccount,
    /// The work is still ours: nobody has taken it over or ended it.
    OwnedBy(&'a str),
    /// It is there, and is still the same consent.
    Consent(&'a str),
    /// It is there, and lacks this attribute.
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
            Self::IfClientMissing => build("attribute_not_exists(pk)", &[], HashMap::new()),
            Self::Present => build("attribute_exists(pk)", &[], HashMap::new()),
            Self::Version(version) => {
                build("#version = :version", &[("#version", "version")], value(":version", number(*version)))
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

/// Whether a transaction happened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CommitOutcome<R> {
    /// It did, once.
    Committed,
    /// It did not, for this reason.
    Rejected(R),
    /// It did not, because another one was writing the same item at the same moment.
    Conflict,
}

/// A transaction under construction. Each entry carries the reason to give if its condition fails; when
/// several fail, the first one's is given.
pub(super) struct Transaction<R> {
    operation: &'static str,
    entries: Vec<(TransactWriteItem, R)>,
}

fn built<T, E: std::fmt::Display>(operation: &'static str, result: Result<T, E>) -> Result<T, BackendError> {
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

    /// Demands something of an item that is not written.
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

    /// Does it all, or nothing. The SDK's retries are safe: each carries the same request token.
    pub(super) async fn commit(
        self,
        client: &aws_sdk_dynamodb::Client,
    ) -> Result<CommitOutcome<R>, BackendError> {
        let (items, reasons): (Vec<_>, Vec<R>) = self.entries.into_iter().unzip();
        match client.transact_write_items().set_transact_items(Some(items)).send().await {
            Ok(_) => Ok(CommitOutcome::Committed),
            Err(error) => match refusal(&error, &reasons) {
                Some(refused) => Ok(refused),
                None => Err(BackendError::aws(self.operation, &error)),
            },
        }
    }
}

fn refusal<R: Copy, H>(
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

/// The key of the item an audit entry is written to.
pub(super) fn audit_item(entry: &crate::domain::audit::AuditEntry) -> Result<Item, BackendError> {
    item::write(&keys::audit(&entry.account_id, &entry.audit_id), entry)
}
