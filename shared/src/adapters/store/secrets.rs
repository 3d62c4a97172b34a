//! A client's secrets.

use super::intents::Intent;
use super::transaction::Condition;
use super::{Outcome, Record, Refused, Store, clients, item, keys, updates};
use crate::adapters::fault::Fault;
use crate::domain::client::Client;
use crate::domain::ids::{ClientId, SecretId};
use crate::domain::secret::Secret;
use jiff::civil::Date;

/// A change of a client's secrets.
#[derive(Debug)]
pub struct SecretsChange<'a> {
    /// The client as it is to be, its summary of secrets included.
    pub client: &'a Client,
    /// The client as it was read.
    pub read: &'a Client,
    /// The secret that comes, if one does.
    pub added: Option<&'a Secret>,
    /// The secrets that go.
    pub dropped: &'a [SecretId],
    /// The work that this is part of, where Secrets Manager has a part in it.
    pub intent: Option<&'a Intent>,
}

/// The day after, on which the clock of another function may be already.
pub(super) fn next_day(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}

/// Whether a use on `day` is noted instead of the `last` one: if that was earlier, or so far ahead that the clock has
/// been set back since.
#[must_use]
pub fn is_replaced_by(last: Option<Date>, day: Date) -> bool {
    last.is_none_or(|last| last < day || last > next_day(day))
}

/// `expires_on` is the key of the index that finds what is about to expire.
pub(super) fn secret_item(client: &ClientId, secret: &Secret) -> Result<item::Item, Fault> {
    let mut item = item::write(&keys::secret(client, &secret.secret_id), secret)?;
    item.insert("expires_on".to_owned(), item::text(keys::expiry_date(secret.expires_at)));
    Ok(item)
}

impl Store {
    /// Adds and drops secrets together, if the client is still as it was read: two requests at once can
    /// not both add the second live one.
    pub async fn change_secrets(
        &self,
        change: &SecretsChange<'_>,
        record: &Record<'_>,
    ) -> Result<Outcome, Fault> {
        let (id, directory) = (&change.client.client_id, &self.tables.directory);
        let mut transaction = self.change("changing a client's secrets", record)?.put(
            directory,
            clients::client_item(change.client)?,
            &clients::as_read(change.read)?,
            Refused::Changed,
        )?;
        if let Some(secret) = change.added {
            transaction =
                transaction.put(directory, secret_item(id, secret)?, &Condition::Absent, Refused::Changed)?;
        }
        for dropped in change.dropped {
            transaction = transaction.delete(
                directory,
                &keys::secret(id, dropped),
                &Condition::Present,
                Refused::Changed,
            )?;
        }
        self.finish(self.while_ours(transaction, change.intent)?).await
    }

    /// Notes that a secret was used on this day. Writes nothing if that is known already (see [`is_replaced_by`])
    /// or if the secret is gone.
    pub async fn note_use(&self, client: &ClientId, secret: &SecretId, day: Date) -> Result<(), Fault> {
        self.note_day(client, secret, "last_used_on", day).await
    }

    /// The same for a secret that was tried on this day, after it had ended.
    pub async fn note_try(&self, client: &ClientId, secret: &SecretId, day: Date) -> Result<(), Fault> {
        self.note_day(client, secret, "tried_on", day).await
    }

    async fn note_day(
        &self,
        client: &ClientId,
        secret: &SecretId,
        name: &str,
        day: Date,
    ) -> Result<(), Fault> {
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
