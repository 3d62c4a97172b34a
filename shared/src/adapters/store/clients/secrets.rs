//! Access patterns of a client's secrets.

use crate::adapters::error::BackendError;
use crate::adapters::store::clients::items::{client_item, expected_version, secret_item};
use crate::adapters::store::intents::Intent;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::client::Client;
use crate::domain::client::secret::{Secret, SecretLookup};
use crate::domain::primitives::ids::{ClientId, SecretId};
use jiff::civil::Date;

/// A change of a client's secrets.
#[derive(Debug)]
pub struct UpdateSecrets<'a> {
    /// The new client, including its summaries of secrets.
    pub client: &'a Client,
    /// The client that was read.
    pub read: &'a Client,
    /// The new secret, if there is one.
    pub added: Option<&'a Secret>,
    /// The secrets to delete.
    pub removed: &'a [SecretId],
    /// The intent of the change, if values are stored in Secrets Manager.
    pub intent: Option<&'a Intent>,
}

/// A change of one secret.
#[derive(Debug)]
pub struct UpdateSecret<'a> {
    /// The new client, including its summary of the secret.
    pub client: &'a Client,
    /// The client that was read.
    pub read: &'a Client,
    /// The new secret.
    pub secret: &'a Secret,
    /// The intent of the change, if it moves labels in Secrets Manager.
    pub intent: Option<&'a Intent>,
}

/// The attributes of a secret that management changes.
const CHANGED_BY_PEOPLE: [&str; 6] =
    ["remind", "expires_at", "expires_on", "status", "digest", "paused_digest"];

/// The next day, which the clock of another function can have reached already.
pub(in crate::adapters::store) fn next_day(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

/// Whether a use on `day` replaces the `last` one: if that was earlier, or so far ahead that the clock was set back
/// since.
#[must_use]
pub fn is_replaced_by(last: Option<Date>, day: Date) -> bool {
    last.is_none_or(|last| last < day || last > next_day(day))
}

impl Store {
    /// Adds and deletes secrets in one transaction, if the client is as it was read: two requests at once cannot both
    /// add the second live secret.
    pub async fn change_secrets(
        &self,
        change: &UpdateSecrets<'_>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (id, directory) = (&change.client.client_id, &self.tables.directory);
        let mut transaction = self.change("changing a client's secrets", record)?.put(
            directory,
            client_item(change.client)?,
            &expected_version(change.read)?,
            WriteConflict::VersionMismatch,
        )?;
        if let Some(secret) = change.added {
            transaction = transaction.put(
                directory,
                secret_item(id, secret)?,
                &Condition::Absent,
                WriteConflict::VersionMismatch,
            )?;
        }
        for removed in change.removed {
            transaction = transaction.delete(
                directory,
                &keys::secret(id, removed),
                &Condition::Present,
                WriteConflict::VersionMismatch,
            )?;
        }
        self.finish(self.while_ours(transaction, change.intent)?).await
    }

    /// Replaces what people change of a secret, if its client is as it was read: reminders, expiry, and whether it is
    /// paused. The days of its use and its last notice are recorded beside, and stay.
    pub async fn update_secret(
        &self,
        change: &UpdateSecret<'_>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        const OP: &str = "changing a secret";
        let (directory, secret) = (&self.tables.directory, change.secret);
        let mut item = secret_item(&change.client.client_id, secret)?;
        let changed = CHANGED_BY_PEOPLE.map(|name| (name, item.remove(name)));
        let transaction = self
            .change(OP, record)?
            .put(
                directory,
                client_item(change.client)?,
                &expected_version(change.read)?,
                WriteConflict::VersionMismatch,
            )?
            .set_attributes(
                directory,
                &keys::secret(&change.client.client_id, &secret.secret_id),
                &changed,
                &Condition::Present,
                WriteConflict::VersionMismatch,
            )?;
        self.finish(self.while_ours(transaction, change.intent)?).await
    }

    /// Records that a secret of an earlier version was used on this day, together with the `lookup` that it lacks. Other
    /// uses are recorded with the client (`record_credential_use`).
    pub async fn complete_secret(
        &self,
        client: &ClientId,
        secret: &SecretId,
        day: Date,
        lookup: &SecretLookup,
    ) -> Result<(), BackendError> {
        self.record_day(client, secret, "last_used_on", day, Some(lookup)).await
    }

    /// Records that an expired secret was presented on this day. Writes nothing if that is recorded already (see
    /// [`is_replaced_by`]) or if the secret was deleted.
    pub async fn record_expired_attempt(
        &self,
        client: &ClientId,
        secret: &SecretId,
        day: Date,
    ) -> Result<(), BackendError> {
        self.record_day(client, secret, "tried_on", day, None).await
    }

    async fn record_day(
        &self,
        client: &ClientId,
        secret: &SecretId,
        name: &str,
        day: Date,
        lookup: Option<&SecretLookup>,
    ) -> Result<(), BackendError> {
        const OP: &str = "recording the use of a secret";
        let mut update = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::secret(client, secret))))
            .update_expression("SET #day = :day")
            .condition_expression(
                "attribute_exists(pk) AND (attribute_not_exists(#day) OR #day < :day OR #day > :next_day)",
            )
            .expression_attribute_names("#day", name)
            .expression_attribute_values(":day", item::text(day.to_string()))
            .expression_attribute_values(":next_day", item::text(next_day(day).to_string()));
        if let Some(lookup) = lookup {
            update = update
                .update_expression("SET #day = :day, #lookup = :lookup")
                .expression_attribute_names("#lookup", "lookup")
                .expression_attribute_values(":lookup", item::value(OP, lookup)?);
        }
        item::updated(OP, update.send().await).map(|_| ())
    }
}
