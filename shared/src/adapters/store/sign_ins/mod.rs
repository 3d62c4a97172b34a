//! Sign-ins: each step is written over the one that was read, or not at all.

mod rate_limits;

pub use rate_limits::{RateLimit, RateLimitDecision};

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, number};
use crate::adapters::store::keys;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::adapters::store::{Store, WriteConflict, WriteOutcome};
use crate::domain::sign_in::SignIn;
use jiff::{SignedDuration, Timestamp};

/// How long a sign-in is remembered after it has ended, so that a page that comes late is told so.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// A sign-in as it is to be.
#[derive(Clone, Copy, Debug)]
pub struct SignInStep<'a> {
    /// Digest of its id.
    pub digest: &'a str,
    /// The new state.
    pub sign_in: &'a SignIn,
    /// `version` of the state that it replaces.
    pub read_version: u64,
}

pub(super) fn sign_in_item(step: &SignInStep<'_>) -> Result<Item, BackendError> {
    let mut entry = item::write(&keys::sign_in(step.digest), step.sign_in)?;
    let end = step.sign_in.expires_at;
    let purge_at: Timestamp = end.saturating_add(REMEMBERED_FOR).unwrap_or(end);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    Ok(entry)
}

impl Store {
    /// Keeps a sign-in that begins. Its id is random, so it replaces no other.
    pub async fn begin_sign_in(&self, digest: &str, sign_in: &SignIn) -> Result<(), BackendError> {
        self.dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(sign_in_item(&SignInStep { digest, sign_in, read_version: 0 })?))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("beginning a sign-in", &error))
    }

    /// A sign-in. Consistent. One past its end may still be there.
    pub async fn load_sign_in(&self, digest: &str) -> Result<Option<SignIn>, BackendError> {
        self.load_grant("reading a sign-in", &keys::sign_in(digest)).await
    }

    /// Takes a sign-in a step further, if nobody has since it was read. A transaction of one write, because its retries
    /// by the SDK carry the same token: an answer that got lost is no step of somebody else's.
    pub async fn advance_sign_in(&self, step: &SignInStep<'_>) -> Result<WriteOutcome, BackendError> {
        let transaction = Transaction::new("taking a sign-in further").put(
            &self.tables.grants,
            sign_in_item(step)?,
            &Condition::Version(step.read_version),
            WriteConflict::Superseded,
        )?;
        self.finish(transaction).await
    }
}
