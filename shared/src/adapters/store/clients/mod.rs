//! Access patterns of clients.

mod items;
mod secrets;
mod with_secrets;

pub(in crate::adapters::store) use secrets::next_day;
pub use secrets::{UpdateSecret, UpdateSecrets, is_replaced_by};
pub use with_secrets::ClientWithSecrets;

use crate::adapters::error::BackendError;
use crate::adapters::store::accounts::Counted;
use crate::adapters::store::clients::items::{client_item, expected_version, secret_item};
use crate::adapters::store::intents::Intent;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome, item, keys};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::domain::primitives::ids::{AccountId, ClientId};
use serde::de::IgnoredAny;

/// A client to create.
#[derive(Debug)]
pub struct NewClient<'a> {
    /// The client.
    pub client: &'a Client,
    /// Its first secret, if it has one.
    pub secret: Option<&'a Secret>,
    /// The intent of its creation, if its values are stored in Secrets Manager.
    pub intent: Option<&'a Intent>,
    /// The most clients that the account may have.
    pub limit: u32,
}

/// How many items a filtered list reads before it returns a page that is not full.
const MAX_SCANNED: usize = 1_000;
const BATCH: i32 = 100;
const ALL: i32 = 1_000;

impl Store {
    /// A client and its secrets, by one strongly consistent query: every change of a client acts on its next request.
    pub async fn load_client(&self, id: &ClientId) -> Result<Option<ClientWithSecrets>, BackendError> {
        const OP: &str = "reading a client";
        let output = self
            .dynamodb
            .query()
            .table_name(&self.tables.directory)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", item::text(keys::client_partition(id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| BackendError::aws(OP, &error))?;
        let (mut client, mut secrets) = (None, Vec::new());
        for found in output.items.unwrap_or_default() {
            match item::string(&found, "sk") {
                keys::CLIENT => client = Some(item::read(OP, found)?),
                sk if sk.starts_with(keys::SECRET_PREFIX) => {
                    secrets.push(item::read::<Secret>(OP, found)?);
                }
                _ => {
                    return Err(BackendError::new(OP, "a client's partition has an item of another kind"));
                }
            }
        }
        Ok(client.map(|client| ClientWithSecrets::new(client, secrets)))
    }

    /// Whether a client has or had this id. Consistent.
    pub async fn client_id_is_used(&self, id: &ClientId) -> Result<bool, BackendError> {
        const OP: &str = "checking whether a client id is free";
        let (present, retired) = (keys::client(id), keys::retired_client(id));
        let (present, retired) = tokio::try_join!(
            self.load_item::<IgnoredAny>(OP, &present),
            self.load_item::<IgnoredAny>(OP, &retired)
        )?;
        Ok(present.is_some() || retired.is_some())
    }

    /// Makes the id of a deleted client free again. Only for the operator's, which no other client can have had.
    pub async fn release_client_id(&self, id: &ClientId) -> Result<(), BackendError> {
        self.dynamodb
            .delete_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::retired_client(id))))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("making a client id free again", &error))
    }

    /// Creates a client with its first secret, unless the id is or was taken, the account is not active or has as many
    /// clients as it may have, or another attempt has taken the intent over.
    pub async fn create_client(
        &self,
        new: &NewClient<'_>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (id, directory) = (&new.client.client_id, &self.tables.directory);
        let mut transaction = self
            .change("creating a client", record)?
            .put(directory, client_item(new.client)?, &Condition::Absent, WriteConflict::AlreadyExists)?
            .check(directory, &keys::retired_client(id), &Condition::Absent, WriteConflict::IdRetired)?
            .check(
                directory,
                &keys::account(&new.client.account_id),
                &Condition::ActiveAccount,
                WriteConflict::AccountInactive,
            )?;
        transaction =
            self.count_creation(transaction, &new.client.account_id, Counted::Clients, new.limit)?;
        if let Some(secret) = new.secret {
            let item = secret_item(id, secret)?;
            transaction =
                transaction.put(directory, item, &Condition::Absent, WriteConflict::AlreadyExists)?;
        }
        self.finish(self.while_ours(transaction, new.intent)?).await
    }

    /// Replaces a client, but not its secrets, if it is still as it was read.
    pub async fn update_client(
        &self,
        client: &Client,
        read: &Client,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        self.update_client_for(client, read, None, record).await
    }

    /// The same, as part of this intent.
    pub async fn update_client_for(
        &self,
        client: &Client,
        read: &Client,
        intent: Option<&Intent>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = self.change("changing a client", record)?.put(
            &self.tables.directory,
            client_item(client)?,
            &expected_version(read)?,
            WriteConflict::VersionMismatch,
        )?;
        self.finish(self.while_ours(transaction, intent)?).await
    }

    /// Deletes a client and its secrets if it is still as it was read; its id is never used again.
    pub async fn delete_client(
        &self,
        known: &ClientWithSecrets,
        intent: Option<&Intent>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (client, directory) = (&known.client, &self.tables.directory);
        let mut transaction = self
            .change("deleting a client", record)?
            .delete(
                directory,
                &keys::client(&client.client_id),
                &Condition::Version(client.version),
                WriteConflict::VersionMismatch,
            )?
            .put(
                directory,
                item::key(&keys::retired_client(&client.client_id)),
                &Condition::Always,
                WriteConflict::VersionMismatch,
            )?;
        transaction = self.count_deletion(transaction, &client.account_id, Counted::Clients)?;
        for secret in &known.secrets {
            let at = keys::secret(&client.client_id, &secret.secret_id);
            transaction =
                transaction.delete(directory, &at, &Condition::Always, WriteConflict::VersionMismatch)?;
        }
        self.finish(self.while_ours(transaction, intent)?).await
    }

    /// An account's clients that match, newest first. Eventually consistent.
    ///
    /// A page ends when it is full or when enough items were read; only `next` says whether there is more.
    pub async fn list_clients(
        &self,
        account: &AccountId,
        limit: usize,
        after: Option<&Cursor>,
        matches: impl Fn(&Client) -> bool,
    ) -> Result<Page<Client>, BackendError> {
        let listing = QuerySpec {
            operation: "listing clients",
            table: &self.tables.directory,
            index: Some(keys::BY_ACCOUNT),
            partition: keys::account_partition(account),
            prefix: "",
            newest_first: true,
        };
        let mut after = after.and_then(|position| item::cursor_from_json(position.as_str()));
        let (mut items, mut seen) = (Vec::new(), 0);
        // Where all are wanted, a batch is as large as DynamoDB makes one: 1 MB.
        let at_once = if limit < MAX_SCANNED { BATCH } else { ALL };
        loop {
            let batch = self.read_batch(&listing, at_once, after).await?;
            seen += batch.items.len();
            let mut rest = batch.items.into_iter();
            for found in rest.by_ref() {
                let client: Client = item::read(listing.operation, found)?;
                if matches(&client) {
                    items.push(client);
                    if items.len() == limit {
                        break;
                    }
                }
            }
            let more_here = rest.next().is_some();
            let next = match items.last() {
                Some(last) if items.len() == limit => {
                    (more_here || batch.next.is_some()).then(|| position_after_client(last))
                }
                _ if seen >= MAX_SCANNED => batch.next.as_ref().map(Cursor::of),
                _ => {
                    after = batch.next;
                    if after.is_some() {
                        continue;
                    }
                    None
                }
            };
            return Ok(Page { items, next });
        }
    }
}

/// The position of a list of clients after this one.
#[must_use]
pub fn position_after_client(client: &Client) -> Cursor {
    Cursor::of(&cursor_after(client))
}

fn cursor_after(client: &Client) -> item::Item {
    let (list_key, list_sort) = keys::client_listing(client);
    let mut position = item::key(&keys::client(&client.client_id));
    position.insert("list_key".to_owned(), item::text(list_key));
    position.insert("list_sort".to_owned(), item::text(list_sort));
    position
}
