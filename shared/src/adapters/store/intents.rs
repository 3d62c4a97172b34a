//! Intents: unfinished changes in both DynamoDB and Secrets Manager. An intent is written before the first step and
//! removed after the last, so that a sweep finds what a crash has left half done.

use super::{Cursor, Page, Store};
use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::item::{self, text};
use crate::adapters::store::keys::{self, Key};
use crate::adapters::store::query::QuerySpec;
use crate::domain::primitives::ids::{ClientId, SecretId};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long the creation of a client excludes others of the same id: longer than any request runs. One that began
/// further ahead than that was begun by a clock that was set back since.
const CREATION_LEASE: SignedDuration = SignedDuration::from_secs(60);

/// A change of a client's secrets that has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Unique to the attempt.
    pub operation: String,
    /// The client that changes.
    pub client_id: ClientId,
    /// The time when it began.
    pub started_at: Timestamp,
    /// Whether it creates the client.
    pub creation: bool,
    /// The secret that it stores in Secrets Manager before DynamoDB has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staged: Option<SecretId>,
    /// Digest of the request's `Idempotency-Key`, if it has one: a repeat takes the intent over at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Whether a sweep has taken it over: a later transaction of the request that began it is rejected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_over: bool,
}

impl Intent {
    pub(super) fn key(&self) -> Key {
        if self.creation {
            keys::creation_intent(&self.client_id)
        } else {
            keys::change_intent(&self.client_id, &self.operation)
        }
    }
}

fn intent_item(intent: &Intent) -> Result<item::Item, BackendError> {
    let mut item = item::write(&intent.key(), intent)?;
    item.insert("started_at".to_owned(), text(keys::sortable(intent.started_at)));
    Ok(item)
}

/// Whether work begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum BeginOutcome {
    /// It does.
    Begun,
    /// It does not: another request is creating a client of this id.
    Conflict,
}

impl Store {
    /// Writes an intent. Idempotent for the same operation and for the same `Idempotency-Key`. Of several requests that
    /// create a client of one id, the first continues until its lease expires or it is repeated.
    pub async fn begin(&self, intent: &Intent) -> Result<BeginOutcome, BackendError> {
        let lease_began = intent.started_at.saturating_sub(CREATION_LEASE).unwrap_or(Timestamp::MIN);
        let latest_start = intent.started_at.saturating_add(CREATION_LEASE).unwrap_or(Timestamp::MAX);
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(intent_item(intent)?))
            .condition_expression(
                "attribute_not_exists(pk) OR started_at < :lease_began OR started_at > :latest_start \
                 OR #request = :request OR #operation = :operation",
            )
            .expression_attribute_names("#request", "request")
            .expression_attribute_names("#operation", "operation")
            .expression_attribute_values(":operation", text(&*intent.operation))
            .expression_attribute_values(":lease_began", text(keys::sortable(lease_began)))
            .expression_attribute_values(":latest_start", text(keys::sortable(latest_start)))
            .expression_attribute_values(":request", text(intent.request.as_deref().unwrap_or("none")))
            .send()
            .await;
        let operation = "recording the start of a change";
        let begun = ok_or_expected(operation, sent, PutItemError::is_conditional_check_failed_exception)?;
        Ok(begun.map_or(BeginOutcome::Conflict, |_| BeginOutcome::Begun))
    }

    /// Takes the creation of a client over under a new operation, which no repeat of the request takes over, so that
    /// what it left behind can be removed; also if a sweep has ended it meanwhile. `None` if another attempt to create
    /// the client has taken it over.
    pub async fn reclaim(
        &self,
        intent: &Intent,
        operation: String,
        now: Timestamp,
    ) -> Result<Option<Intent>, BackendError> {
        let ours = Intent { operation, request: None, started_at: now, ..intent.clone() };
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(intent_item(&ours)?))
            .condition_expression("attribute_not_exists(pk) OR #operation IN (:theirs, :ours)")
            .expression_attribute_names("#operation", "operation")
            .expression_attribute_values(":theirs", text(&*intent.operation))
            .expression_attribute_values(":ours", text(&*ours.operation))
            .send()
            .await;
        let operation = "taking over abandoned work";
        let taken = ok_or_expected(operation, sent, PutItemError::is_conditional_check_failed_exception)?;
        Ok(taken.map(|_| ours))
    }

    /// Takes over the abandoned change of an existing client. `None` if it has ended meanwhile.
    pub async fn take_over(&self, intent: &Intent) -> Result<Option<Intent>, BackendError> {
        let taken = Intent { taken_over: true, ..intent.clone() };
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(intent_item(&taken)?))
            .condition_expression("#operation = :operation")
            .expression_attribute_names("#operation", "operation")
            .expression_attribute_values(":operation", text(&*intent.operation))
            .send()
            .await;
        let operation = "taking over abandoned work";
        let put = ok_or_expected(operation, sent, PutItemError::is_conditional_check_failed_exception)?;
        Ok(put.map(|_| taken))
    }

    /// All intents of one client. Consistent.
    pub async fn intents_of(&self, client: &ClientId) -> Result<Vec<Intent>, BackendError> {
        const OP: &str = "reading a client's unfinished work";
        let query = self
            .dynamodb
            .query()
            .table_name(&self.tables.grants)
            .key_condition_expression("pk = :pk AND begins_with(sk, :client)")
            .expression_attribute_values(":pk", text(keys::INTENTS))
            .expression_attribute_values(":client", text(client.as_str()))
            .consistent_read(true);
        let output = query.send().await.map_err(|error| BackendError::aws(OP, &error))?;
        let all = output.items.unwrap_or_default().into_iter().map(|found| item::read::<Intent>(OP, found));
        let all: Vec<Intent> = all.collect::<Result<_, _>>()?;
        Ok(all.into_iter().filter(|intent| intent.client_id == *client).collect())
    }

    /// Restarts the time after which an abandoned intent is abandoned again. `false` if another sweep was faster.
    pub async fn renew(&self, intent: &Intent, now: Timestamp) -> Result<bool, BackendError> {
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&intent.key())))
            .update_expression("SET started_at = :now")
            .condition_expression("#operation = :operation AND started_at = :seen")
            .expression_attribute_names("#operation", "operation")
            .expression_attribute_values(":operation", text(&*intent.operation))
            .expression_attribute_values(":seen", text(keys::sortable(intent.started_at)))
            .expression_attribute_values(":now", text(keys::sortable(now)))
            .send()
            .await;
        item::updated("taking over abandoned work", sent).map(|renewed| renewed.is_some())
    }

    /// Removes an intent, unless another request has taken it over.
    pub async fn end(&self, intent: &Intent) -> Result<(), BackendError> {
        let sent = self
            .dynamodb
            .delete_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&intent.key())))
            .condition_expression("#operation = :operation")
            .expression_attribute_names("#operation", "operation")
            .expression_attribute_values(":operation", text(&*intent.operation))
            .send()
            .await;
        let operation = "recording the end of a change";
        ok_or_expected(operation, sent, DeleteItemError::is_conditional_check_failed_exception).map(|_| ())
    }

    /// All intents, a page at a time. Consistent.
    pub async fn list_intents(
        &self,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<Intent>, BackendError> {
        let listing = QuerySpec {
            operation: "listing unfinished work",
            table: &self.tables.grants,
            index: None,
            partition: keys::INTENTS.to_owned(),
            prefix: "",
            newest_first: false,
        };
        self.read_page(&listing, limit, after).await
    }
}
