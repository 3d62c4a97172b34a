//! Sessions of the console, in the grants table: those of one person in one partition.

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::item::{self, Item, number, text};
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::audit::AuditEntry;
use crate::domain::console::session::ConsoleSession;
use crate::domain::primitives::ids::AccountId;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use jiff::Timestamp;

/// The place of a session: the digests of its person and of its cookie.
#[derive(Clone, Copy, Debug)]
pub struct SessionKey<'a> {
    /// The digest of the person's address.
    pub person: &'a str,
    /// The digest of the cookie.
    pub digest: &'a str,
}

/// A session, and the digest of its cookie.
#[derive(Clone, Debug)]
pub struct StoredConsoleSession {
    /// The digest of its cookie.
    pub digest: String,
    /// The session.
    pub session: ConsoleSession,
}

/// The item of a session, with the time at which DynamoDB may delete it.
pub(in crate::adapters::store) fn session_item(
    key: SessionKey<'_>,
    session: &ConsoleSession,
) -> Result<Item, BackendError> {
    let mut written = item::write(&keys::console_session(key.person, key.digest), session)?;
    written.insert("purge_at".to_owned(), number(session.expires_at.as_second()));
    Ok(written)
}

impl Store {
    /// Stores a new session.
    pub async fn create_console_session(
        &self,
        key: SessionKey<'_>,
        session: &ConsoleSession,
    ) -> Result<(), BackendError> {
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.grants)
            .set_item(Some(session_item(key, session)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        // The SDK retries a request whose response was lost, and the digest is random.
        ok_or_expected(
            "starting a console session",
            sent,
            PutItemError::is_conditional_check_failed_exception,
        )
        .map(|_| ())
    }

    /// A session, consistently. One that has ended may still be returned.
    pub async fn load_console_session(
        &self,
        key: SessionKey<'_>,
    ) -> Result<Option<ConsoleSession>, BackendError> {
        self.load_grant("reading a console session", &keys::console_session(key.person, key.digest)).await
    }

    /// At most `limit` sessions of a person, in no particular order. Those that have ended are among them until DynamoDB
    /// deletes them.
    pub async fn list_console_sessions(
        &self,
        person: &str,
        limit: i32,
    ) -> Result<Vec<StoredConsoleSession>, BackendError> {
        let listing = QuerySpec {
            operation: "listing console sessions",
            table: &self.tables.grants,
            index: None,
            partition: keys::console_sessions(person),
            prefix: "",
            newest_first: false,
        };
        let batch = self.read_batch(&listing, limit, None).await?;
        let stored = batch.items.into_iter().map(|found| {
            let digest = item::string(&found, "sk").to_owned();
            Ok(StoredConsoleSession { digest, session: item::read(listing.operation, found)? })
        });
        stored.collect()
    }

    /// Notes that a session is used, unless it has ended.
    pub async fn note_console_session(
        &self,
        key: SessionKey<'_>,
        now: Timestamp,
    ) -> Result<(), BackendError> {
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::console_session(key.person, key.digest))))
            .update_expression("SET seen_at = :now")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":now", text(now.to_string()))
            .send()
            .await;
        ok_or_expected(
            "noting the use of a console session",
            sent,
            UpdateItemError::is_conditional_check_failed_exception,
        )
        .map(|_| ())
    }

    /// Stores the accounts that the person of a session has looked into, with an entry in the trail of the last one. Rejected if
    /// that account is among them already, or the session has ended.
    pub async fn record_look(
        &self,
        key: SessionKey<'_>,
        session: &ConsoleSession,
        account: &AccountId,
        entry: &AuditEntry,
    ) -> Result<WriteOutcome, BackendError> {
        const ENTERED: &str = "entered";
        let at = keys::console_session(key.person, key.digest);
        let entered = item::write(&at, session)?.remove(ENTERED);
        let record = AuditRecord { audit: entry, idempotency_record: None };
        let transaction = self.change("recording a look into an account", &record)?.set_attributes(
            &self.tables.grants,
            &at,
            &[(ENTERED, entered)],
            &Condition::ListLacks(ENTERED, text(account.as_str())),
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }

    /// Ends a session. One that has ended already is no error.
    pub async fn end_console_session(&self, key: SessionKey<'_>) -> Result<(), BackendError> {
        self.dynamodb
            .delete_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::console_session(key.person, key.digest))))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| BackendError::aws("ending a console session", &error))
    }
}
