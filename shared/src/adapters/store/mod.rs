//! DynamoDB, by access pattern. Each method documents its guarantee. Correctness rests on conditional writes, therefore
//! this is the only implementation.

mod accounts;
mod audit;
mod catalogue;
mod clients;
mod failures;
mod grants;
mod idempotency;
mod intents;
mod item;
mod keys;
mod notices;
mod query;
mod sign_ins;
mod transaction;

pub use accounts::{
    AccountDeletion, AccountRow, AccountWalk, Holders, MAX_MEMBERSHIPS, MAX_ROWS, Membership, Memberships,
    PersonRemoval, UpdateAccount,
};
pub use audit::audit_id;
pub use catalogue::{CatalogueState, ResourceCatalog};
pub use clients::{
    ClientWithSecrets, NewClient, UpdateSecret, UpdateSecrets, is_replaced_by, position_after_client,
};
pub use grants::{ConsentStatus, JtiOutcome, NewCode, RedeemOutcome, RotateOutcome, StartOutcome};
pub use idempotency::{Created, IdempotencyRecord};
pub use intents::{BeginOutcome, Intent};
pub use notices::{
    AccountMail, AdmitOutcome, ClaimOutcome, DailyRecipients, ExpiringClients, LEASE, MailHistory,
    RecipientKey, SentNotices,
};
pub use query::{Cursor, Page};
pub use sign_ins::{SessionKey, SignInStep, StoredConsoleSession};

use crate::adapters::error::BackendError;
use crate::domain::audit::AuditEntry;
use jiff::SignedDuration;
use transaction::{CommitOutcome, Condition, Transaction, audit_item};

/// The names of the three tables.
#[derive(Clone, Debug)]
pub struct Tables {
    /// Clients, secrets, accounts, members, resources.
    pub directory: String,
    /// What expires: idempotency records, intents, grants, sign-ins, revoked tokens.
    pub grants: String,
    /// The audit trail.
    pub audit: String,
}

/// The three tables.
#[derive(Clone, Debug)]
pub struct Store {
    dynamodb: aws_sdk_dynamodb::Client,
    tables: Tables,
    audit_retention: Option<SignedDuration>,
}

/// The records that every change writes in the same transaction.
#[derive(Debug)]
pub struct AuditRecord<'a> {
    /// The audit entry.
    pub audit: &'a AuditEntry,
    /// The idempotency record, if the request has an `Idempotency-Key`.
    pub idempotency_record: Option<&'a IdempotencyRecord>,
}

/// Whether a change was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum WriteOutcome {
    /// It was, together with its audit record.
    Committed,
    /// It was not, and nothing was written.
    Rejected(WriteConflict),
}

/// Why nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteConflict {
    /// The same request was committed before: its idempotency record has the result.
    IdempotentReplay,
    /// The id is in use.
    AlreadyExists,
    /// The id was in use, and ids are not reused.
    IdRetired,
    /// The item was changed or deleted since it was read.
    VersionMismatch,
    /// The account does not exist or is disabled.
    AccountInactive,
    /// The account has as many as it may have.
    LimitReached,
    /// Another attempt to create the client or to complete the sign-in has taken over, or a sweep has taken over the
    /// intent.
    Superseded,
    /// A concurrent transaction was writing one of the items.
    TransactionConflict,
}

impl Store {
    /// A store over these tables. Entries of the audit trail are kept for `audit_retention`; `None` keeps them for ever.
    #[must_use]
    pub fn new(
        dynamodb: aws_sdk_dynamodb::Client,
        tables: Tables,
        audit_retention: Option<SignedDuration>,
    ) -> Self {
        Self { dynamodb, tables, audit_retention }
    }

    /// Starts a change. The idempotency record comes first, so that a replay is the conflict that is reported.
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
        let audit = audit_item(record.audit, self.audit_retention)?;
        transaction.put(&self.tables.audit, audit, &Condition::Absent, WriteConflict::TransactionConflict)
    }

    /// Makes the transaction fail if its intent was taken over or ended.
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
