//! The notices that were sent about the credentials of an account, for those who want to know.

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::SentReminder;
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

const OP: &str = "reading sent reminders";

/// How long they are kept after the expiry that they named: a little longer than the year that is shown.
const RETENTION_PERIOD: SignedDuration = SignedDuration::from_hours(24 * 400);

impl Store {
    /// Records that a notice was sent to all of its recipients, together with its audit entry.
    /// [`WriteConflict::AlreadyExists`] if that is recorded: a run that was interrupted has done it.
    pub async fn record_sent_reminder(
        &self,
        account: &AccountId,
        sent: &SentReminder,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let mut entry = item::write(&keys::sent_reminder(account, sent), sent)?;
        let purge_at = sent.expires_at.saturating_add(RETENTION_PERIOD).unwrap_or(sent.expires_at);
        entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
        let transaction = self.change("recording a sent reminder", record)?;
        let (grants, exists) = (&self.tables.grants, WriteConflict::AlreadyExists);
        self.finish(transaction.put(grants, entry, &Condition::Absent, exists)?).await
    }

    /// The notices that were sent about credentials of the account that end, or ended, between two dates (UTC), both
    /// included. Consistent.
    pub async fn load_sent_reminders(
        &self,
        account: &AccountId,
        first: Date,
        last: Date,
    ) -> Result<Vec<SentReminder>, BackendError> {
        // Nothing sorts between the keys of a date and the next date itself.
        let end = last.checked_add(1.day()).unwrap_or(Date::MAX);
        let pages = self
            .dynamodb
            .query()
            .table_name(&self.tables.grants)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :end")
            .expression_attribute_values(":pk", text(keys::reminders_partition(account)))
            .expression_attribute_values(":first", text(first.to_string()))
            .expression_attribute_values(":end", text(end.to_string()))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        let items: Vec<item::Item> =
            pages.collect::<Result<_, _>>().await.map_err(|error| BackendError::aws(OP, &error))?;
        items.into_iter().map(|found| item::read(OP, found)).collect()
    }
}
