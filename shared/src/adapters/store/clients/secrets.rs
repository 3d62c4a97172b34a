//! A client's secrets.

use crate::adapters::error::BackendError;
use crate::adapters::store::clients;
use crate::adapters::store::intents::Intent;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::updates;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::{ClientId, SecretId};
use jiff::civil::Date;

/// A change of a client's secrets.
#[derive(Debug)]
pub struct UpdateSecrets<'a> {
    /// The client as it is to be, its summary of secrets included.
    pub client: &'a Client,
    /// The client as it was read.
    pub read: &'a Client,
    /// The secret that comes, if one does.
    pub added: Option<&'a Secret>,
    /// The secrets that go.
    pub removed: &'a [SecretId],
    /// The work that this is part of, where Secrets Manager has a part in it.
    pub intent: Option<&'a Intent>,
}

/// The day after, on which the clock of another function may be already.
pub(in crate::adapters::store) fn next_day(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

/// Whether a use on `day` is noted instead of the `last` one: if that was earlier, or so far ahead that the clock has
/// been set back since.
#[must_use]
pub fn is_replaced_by(last: Option<Date>, day: Date) -> bool {
    last.is_none_or(|last| last < day || last > next_day(day))
}

/// `expires_on` is the key of the index that finds what is about to expire.
pub(super) fn secret_item(client: &ClientId, secret: &Secret) -> Result<item::Item, BackendError> {
    let mut item = item::write(&keys::secret(client, &secret.secret_id), secret)?;
    item.insert("expires_on".to_owned(), item::text(keys::expiry_date(secret.expires_at)));
    Ok(item)
}

impl Store {
    /// Adds and drops secrets together, if the client is still as it was read: two requests at once can
    /// not both add the second live one.
    pub async fn change_secrets(
        &self,
        change: &UpdateSecrets<'_>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (id, directory) = (&change.client.client_id, &self.tables.directory);
        let mut transaction = self.change("changing a client's secrets", record)?.put(
            directory,
            clients::client_item(change.client)?,
            &clients::expected_version(change.read)?,
            WriteConflict::VersionMismatch,
        )?;
        if let Some(secret) = change.added {
            transaction = transaction.put(
                directory,
                secret_item(id, secret)?,
                &Condition::IfClientMissing,
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

    /// Notes that a secret was used on this day. Writes nothing if that is known already (see [`is_replaced_by`])
    /// or if the secret is gone.
    pub async fn record_secret_use(
        &self,
        client: &ClientId,
        secret: &SecretId,
        day: Date,
    ) -> Result<(), BackendError> {
        self.note_day(client, secret, "last_used_on", day).await
    }

    /// The same for a secret that was tried on this day, after it had ended.
    pub async fn record_expired_attempt(
        &self,
        client: &ClientId,
        secret: &SecretId,
        day: Date,
    ) -> Result<(), BackendError> {
        self.note_day(client, secret, "tried_on", day).await
    }

    async fn note_day(
        &self,
        client: &ClientId,
        secret: &SecretId,
        name: &str,
        day: Date,
    ) -> Result<(), BackendError> {
        let sent = self
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
            .expression_attribute_values(":next_day", item::text(next_day(day).to_string()))
            .send()
            .await;
        updates::outcome("noting the use of a secret", sent).map(|_| ())
    }
}
