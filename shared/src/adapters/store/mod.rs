//! DynamoDB, by access pattern. Each method says what it guarantees; the conditional writes are the
//! correctness, so there is no other implementation than this one.

mod accounts;
mod audit;
mod audit_context;
mod clients;
mod get;
mod grants;
mod idempotency;
mod intents;
mod item;
mod keys;
mod notices;
mod query;
mod resources;
mod sign_ins;
mod transaction;
mod updates;

pub use accounts::UpdateAccount;
pub use audit::audit_id;
pub use audit_context::{AuditContext, IdempotencyKey};
pub use clients::{ClientWithSecrets, NewClient, UpdateSecrets, is_replaced_by};
pub use grants::{JtiOutcome, NewCode, RedeemOutcome, RotateOutcome};
pub use idempotency::{Created, IdempotencyRecord};
pub use intents::{Intent, IntentConflict};
pub use notices::{AlreadyClaimed, ExpiringClients, LEASE, RecipientKey, SentNotices};
pub use query::{Cursor, Page};
pub use resources::ResourceCatalog;
pub use sign_ins::{RateLimit, RateLimitDecision, SignInStep};

use crate::adapters::error::BackendError;
use crate::domain::audit::AuditEntry;
use transaction::{CommitOutcome, Condition, Transaction, audit_item};

/// The names of the three tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Clients, secrets, accounts, members, resources.
    pub directory: String,
    /// Short-lived things: idempotency keys, unfinished work, revoked tokens.
    pub grants: String,
    /// The audit trail.
    pub audit: String,
}

/// Everything that Latchkey remembers.
#[derive(Clone, Debug)]
pub struct Store {
    dynamodb: aws_sdk_dynamodb::Client,
    tables: Tables,
}

/// What every change leaves behind, in the same transaction as the change.
#[derive(Debug)]
pub struct AuditRecord<'a> {
    /// Who did what.
    pub audit: &'a AuditEntry,
    /// What a repeat of the request is answered with, if the request can be recognised.
    pub idempotency_record: Option<&'a IdempotencyRecord>,
}

/// Whether a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum WriteOutcome {
    /// It was, together with its record.
    Committed,
    /// It was not, and nothing was written.
    Rejected(WriteConflict),
}

/// Why nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteConflict {
    /// The same request was carried out before: its receipt says what came of it.
    IdempotentReplay,
    /// There is one of that name already.
    AlreadyExists,
    /// There was one of that name, and names are not used again.
    IdRetired,
    /// It is not as it was read: changed, or gone.
    VersionMismatch,
    /// The account is not there, or disabled.
    AccountInactive,
    /// Another attempt at the same thing, to make a client or to end a sign-in, has taken over; or a sweep has
    /// taken over the work that this belongs to.
    Superseded,
    /// Somebody else was writing at the same moment.
    TransactionConflict,
}

impl Store {
    /// A store over these tables.
    #[must_use]
    pub fn new(dynamodb: aws_sdk_dynamodb::Client, tables: Tables) -> Self {
        Self { dynamodb, tables }
    }

    /// Starts a change: what a repeat would meet comes first, so that it is the reason given.
    fn change(
        &self,
        operation: &'static str,
        record: &AuditRecord<'_>,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        let mut transaction = Transaction::new(operation);
        if let Some(idempotency_record) = record.idempotency_record {
            transaction = transaction.put(
                &self.tables.grants,
                idempotency::item(idempotency_record)?,
                &Condition::AbsentOrExpired(idempotency_record.received_at),
                WriteConflict::IdempotentReplay,
            )?;
        }
        let audit = audit_item(record.audit)?;
        transaction.put(&self.tables.audit, audit, &Condition::Always, WriteConflict::TransactionConflict)
    }

    /// Refuses the transaction once somebody has taken over, or ended, the work that it belongs to.
    fn while_ours(
        &self,
        transaction: Transaction<WriteConflict>,
        intent: Option<&Intent>,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        let Some(intent) = intent else { return Ok(transaction) };
        let ours = Condition::OwnedBy(&intent.operation);
        transaction.check(&self.tables.grants, &intent.key(), &ours, WriteConflict::Superseded)
    }

    async fn finish(&self, transaction: Transaction<WriteConflict>) -> Result<WriteOutcome, BackendError> {
        Ok(match transaction.commit(&self.dynamodb).await? {
            CommitOutcome::Committed => WriteOutcome::Committed,
            CommitOutcome::Rejected(reason) => WriteOutcome::Rejected(reason),
            CommitOutcome::Conflict => WriteOutcome::Rejected(WriteConflict::TransactionConflict),
        })
    }
}
