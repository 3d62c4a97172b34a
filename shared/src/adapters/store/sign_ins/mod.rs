//! Pending sign-ins. A step is written only over the version that was read.

mod rate_limits;

pub use rate_limits::{RateLimit, RateLimitDecision};

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, number};
use crate::adapters::store::keys;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::adapters::store::{Store, WriteConflict, WriteOutcome};
use crate::domain::sign_in::SignIn;
use jiff::{SignedDuration, Timestamp};

/// How long an expired sign-in is retained, so that a late request gets a message that says so.
const RETENTION: SignedDuration = SignedDuration::from_hours(1);

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

    /// Writes the next state, if the sign-in is unchanged since it was read. A transaction of one write, because the SDK's
    /// retries of a transaction have the same token: a retry after a lost response is no conflict.
    pub async fn advance_sign_in(&self, step: &SignInStep<'_>) -> Result<WriteOutcome, BackendError> {
        let transaction = Transaction::new("taking a sign-in further").put(
            &self.tables.grants,
            sign_in_item(step)?,
            &Condition::Version(step.expected_version),
            WriteConflict::Superseded,
        )?;
        self.finish(transaction).await
    }
}
