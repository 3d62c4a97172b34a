//! Idempotency records: what a request created, for its repeats. They never hold a secret.

use super::{Store, WriteConflict, WriteOutcome, keys};
use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, number};
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId, ResourceId, SecretId, TemplateId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a request is recognised.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(24);

/// What a request created or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Created {
    /// An account.
    Account {
        /// Its id.
        account_id: AccountId,
    },
    /// A member.
    Member {
        /// The account.
        account_id: AccountId,
        /// The member.
        email: EmailAddress,
    },
    /// A resource.
    Resource {
        /// Its id.
        resource_id: ResourceId,
    },
    /// A template.
    Template {
        /// Its id.
        template_id: TemplateId,
    },
    /// A client, which was created or whose status was set.
    Client {
        /// Its id.
        client_id: ClientId,
        /// Its first secret.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_id: Option<SecretId>,
    },
    /// A secret.
    Secret {
        /// Its client.
        client_id: ClientId,
        /// Its id.
        secret_id: SecretId,
    },
}

/// The record of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyRecord {
    /// SHA-256 over caller, route and `Idempotency-Key`.
    pub key_digest: String,
    /// SHA-256 over the body. The same key with another body is an error of the caller.
    pub body_digest: String,
    /// The time of the request.
    pub received_at: Timestamp,
    /// What it created or changed.
    pub created: Created,
}

impl IdempotencyRecord {
    fn purge_at(&self) -> i64 {
        self.received_at.as_second() + RETENTION.as_secs()
    }
}

pub(super) fn item(idempotency_record: &IdempotencyRecord) -> Result<Item, BackendError> {
    let mut item = item::write(&keys::idempotency(&idempotency_record.key_digest), idempotency_record)?;
    item.insert("purge_at".to_owned(), number(idempotency_record.purge_at()));
    Ok(item)
}

impl Store {
    /// Writes the record of a request that had nothing to change, unless there is one.
    pub async fn put_idempotency_record(
        &self,
        idempotency_record: &IdempotencyRecord,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = Transaction::new("writing an idempotency record").put(
            &self.tables.grants,
            item(idempotency_record)?,
            &Condition::AbsentOrExpired(idempotency_record.received_at),
            WriteConflict::IdempotentReplay,
        )?;
        self.finish(transaction).await
    }

    /// The record of an earlier request with this key, if it is not expired. Consistent.
    pub async fn find_idempotency_record(
        &self,
        key_digest: &str,
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>, BackendError> {
        const OP: &str = "looking for an earlier request";
        let output = self
            .dynamodb
            .get_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::idempotency(key_digest))))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| BackendError::aws(OP, &error))?;
        let idempotency_record: Option<IdempotencyRecord> =
            output.item.map(|found| item::read(OP, found)).transpose()?;
        Ok(idempotency_record.filter(|idempotency_record| now.as_second() < idempotency_record.purge_at()))
    }
}
