//! Receipts: what a repeat of a request is answered with. They never hold a secret.

use super::item::{self, Item, number};
use super::transaction::{Condition, Transaction};
use super::{Outcome, Refused, Store, keys};
use crate::adapters::fault::Fault;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{AccountId, ClientId, ResourceId, SecretId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a request is recognised: 24 hours.
pub const RECOGNISED_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What a request made or changed.
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
        /// The person.
        email: EmailAddress,
    },
    /// A resource.
    Resource {
        /// Its id.
        resource_id: ResourceId,
    },
    /// A client was made, or its status was changed.
    Client {
        /// Its id.
        client_id: ClientId,
        /// The secret that was made with it.
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

/// The receipt of one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// SHA-256 over caller, route and `Idempotency-Key`.
    pub key_digest: String,
    /// SHA-256 over the body: the same key with another body is a mistake.
    pub body_digest: String,
    /// When the request came.
    pub received_at: Timestamp,
    /// What came of it.
    pub created: Created,
}

impl Receipt {
    fn purge_at(&self) -> i64 {
        self.received_at.as_second() + RECOGNISED_FOR.as_secs()
    }
}

pub(super) fn item(receipt: &Receipt) -> Result<Item, Fault> {
    let mut item = item::write(&keys::idempotency(&receipt.key_digest), receipt)?;
    item.insert("purge_at".to_owned(), number(receipt.purge_at()));
    Ok(item)
}

impl Store {
    /// Keeps the receipt of a request that had nothing to change, unless there is one.
    pub async fn keep_receipt(&self, receipt: &Receipt) -> Result<Outcome, Fault> {
        let transaction = Transaction::new("keeping a receipt").put(
            &self.tables.grants,
            item(receipt)?,
            &Condition::AbsentOrPurged(receipt.received_at),
            Refused::Replayed,
        )?;
        self.finish(transaction).await
    }

    /// The receipt of an earlier request with this key, if it is still recognised. Consistent.
    pub async fn find_receipt(&self, key_digest: &str, now: Timestamp) -> Result<Option<Receipt>, Fault> {
        const DOING: &str = "looking for an earlier request";
        let output = self
            .dynamodb
            .get_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::idempotency(key_digest))))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Fault::aws(DOING, &error))?;
        let receipt: Option<Receipt> = output.item.map(|found| item::read(DOING, found)).transpose()?;
        Ok(receipt.filter(|receipt| now.as_second() < receipt.purge_at()))
    }
}
