//! Pending sign-ins. A step is written only over the version that was read.

mod console_links;
mod console_sessions;
mod form_drafts;
mod known_sources;
mod rate_limits;

pub(super) use console_sessions::session_item;
pub use console_sessions::{SessionKey, StoredConsoleSession};

use crate::adapters::crypto::random::random_hex;
use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, number, text};
use crate::adapters::store::keys;
use crate::adapters::store::{Store, WriteConflict, WriteOutcome};
use crate::domain::sign_in::SignIn;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use jiff::{SignedDuration, Timestamp};

/// How long an expired sign-in is retained, so that a late request gets a message that says so.
const RETENTION: SignedDuration = SignedDuration::from_hours(1);

/// Attribute with the id of the write. It is part of no record ([`item::read`]).
const WRITE_ID: &str = "write_id";

/// The next state of a sign-in.
#[derive(Clone, Copy, Debug)]
pub struct SignInStep<'a> {
    /// The digest of the sign-in's id.
    pub digest: &'a str,
    /// The new state.
    pub sign_in: &'a SignIn,
    /// The `version` of the state that it replaces.
    pub expected_version: u64,
}

pub(super) fn sign_in_item(step: &SignInStep<'_>) -> Result<Item, BackendError> {
    let mut entry = item::write(&keys::sign_in(step.digest), step.sign_in)?;
    let end = step.sign_in.expires_at;
    let purge_at: Timestamp = end.saturating_add(RETENTION).unwrap_or(end);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    Ok(entry)
}

impl Store {
    /// Creates a sign-in. Its id is random, so that it overwrites no other.
    pub async fn begin_sign_in(&self, digest: &str, sign_in: &SignIn) -> Result<(), BackendError> {
        self.dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(sign_in_item(&SignInStep { digest, sign_in, expected_version: 0 })?))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("beginning a sign-in", &error))
    }

    /// A sign-in. Consistent. An expired one may still be returned.
    pub async fn load_sign_in(&self, digest: &str) -> Result<Option<SignIn>, BackendError> {
        self.load_grant("reading a sign-in", &keys::sign_in(digest)).await
    }

    /// Writes the next state, if the sign-in is unchanged since it was read.
    ///
    /// One conditional write, and no transaction, which costs twice as much.
    pub async fn advance_sign_in(&self, step: &SignInStep<'_>) -> Result<WriteOutcome, BackendError> {
        const OP: &str = "taking a sign-in further";
        // The SDK retries a request whose response was lost: the id tells this call's own first attempt from another
        // request that wrote the same state.
        let write_id = random_hex();
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(sign_in_item(step)?))
            .item(WRITE_ID, text(&*write_id))
            .condition_expression("#version = :version")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":version", number(step.expected_version))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(WriteOutcome::Committed) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(found)) => {
                let own = found.item().is_some_and(|item| item::string(item, WRITE_ID) == write_id);
                Ok(if own {
                    WriteOutcome::Committed
                } else {
                    WriteOutcome::Rejected(WriteConflict::Superseded)
                })
            }
            _ => Err(BackendError::aws(OP, &error)),
        }
    }
}
