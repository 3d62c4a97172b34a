//! DynamoDB, by access pattern. Each method says what it guarantees; the conditional writes are the
//! correctness, so there is no other implementation than this one.

mod accounts;
mod assertions;
mod audit;
mod authorizations;
mod clients;
mod codes;
mod consents;
mod families;
mod idempotency;
mod intents;
mod item;
mod keys;
mod ledger;
mod limits;
mod mandate;
mod members;
mod page;
mod reminders;
mod resources;
mod revocations;
mod secrets;
mod sign_ins;
mod single;
mod transaction;
mod updates;

pub use accounts::AccountChange;
pub use assertions::Spent;
pub use audit::audit_id;
pub use clients::{ClientAndSecrets, NewClient};
pub use codes::{NewCode, Redeemed};
pub use families::Rotated;
pub use idempotency::{Created, Receipt};
pub use intents::{Intent, IntentRefused};
pub use ledger::{Claimed, LEASE, LedgerPage, Told};
pub use limits::{Limit, Limited};
pub use mandate::{Mandate, RecognisedRequest};
pub use page::{Page, Position};
pub use reminders::EndingClients;
pub use resources::Catalogue;
pub use secrets::{SecretsChange, is_replaced_by};
pub use sign_ins::SignInStep;

use crate::adapters::fault::Fault;
use crate::domain::audit::AuditEntry;
use transaction::{Committed, Condition, Transaction, audit_item};

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
pub struct Record<'a> {
    /// Who did what.
    pub audit: &'a AuditEntry,
    /// What a repeat of the request is answered with, if the request can be recognised.
    pub receipt: Option<&'a Receipt>,
}

/// Whether a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It was, together with its record.
    Done,
    /// It was not, and nothing was written.
    Refused(Refused),
}

/// Why nothing was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The same request was carried out before: its receipt says what came of it.
    Replayed,
    /// There is one of that name already.
    Taken,
    /// There was one of that name, and names are not used again.
    Retired,
    /// It is not as it was read: changed, or gone.
    Changed,
    /// The account is not there, or disabled.
    AccountGone,
    /// Another attempt at the same thing, to make a client or to end a sign-in, has taken over; or a sweep has
    /// taken over the work that this belongs to.
    Superseded,
    /// Somebody else was writing at the same moment.
    Contended,
}

impl Store {
    /// A store over these tables.
    #[must_use]
    pub fn new(dynamodb: aws_sdk_dynamodb::Client, tables: Tables) -> Self {
        Self { dynamodb, tables }
    }

    /// Starts a change: what a repeat would meet comes first, so that it is the reason given.
    fn change(&self, doing: &'static str, record: &Record<'_>) -> Result<Transaction<Refused>, Fault> {
        let mut transaction = Transaction::new(doing);
        if let Some(receipt) = record.receipt {
            transaction = transaction.put(
                &self.tables.grants,
                idempotency::item(receipt)?,
                &Condition::AbsentOrPurged(receipt.received_at),
                Refused::Replayed,
            )?;
        }
        let audit = audit_item(record.audit)?;
        transaction.put(&self.tables.audit, audit, &Condition::Always, Refused::Contended)
    }

    /// Refuses the transaction once somebody has taken over, or ended, the work that it belongs to.
    fn while_ours(
        &self,
        transaction: Transaction<Refused>,
        intent: Option<&Intent>,
    ) -> Result<Transaction<Refused>, Fault> {
        let Some(intent) = intent else { return Ok(transaction) };
        let ours = Condition::Operation(&intent.operation);
        transaction.check(&self.tables.grants, &intent.key(), &ours, Refused::Superseded)
    }

    async fn finish(&self, transaction: Transaction<Refused>) -> Result<Outcome, Fault> {
        Ok(match transaction.commit(&self.dynamodb).await? {
            Committed::Yes => Outcome::Done,
            Committed::No(reason) => Outcome::Refused(reason),
            Committed::Contended => Outcome::Refused(Refused::Contended),
        })
    }
}
