//! Console links: issued for a member, and used once.

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, number};
use crate::adapters::store::keys;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::account::Member;
use crate::domain::console::link::ConsoleLink;
use jiff::SignedDuration;

/// How long an expired link is retained, so that a late request gets a message that says so.
const RETENTION: SignedDuration = SignedDuration::from_hours(1);

fn link_item(digest: &str, link: &ConsoleLink) -> Result<Item, BackendError> {
    let mut entry = item::write(&keys::console_link(digest), link)?;
    let purge_at = link.expires_at.saturating_add(RETENTION).unwrap_or(link.expires_at);
    entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
    Ok(entry)
}

impl Store {
    /// Stores a link under the digest of its token, if the member is as it was read and its account is active.
    pub async fn issue_console_link(
        &self,
        digest: &str,
        link: &ConsoleLink,
        member: &Member,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = self.change("issuing a console link", record)?.put(
            &self.tables.grants,
            link_item(digest, link)?,
            &Condition::Absent,
            WriteConflict::AlreadyExists,
        )?;
        self.finish(self.while_member(transaction, member)?).await
    }

    /// A link. Consistent. An expired one may still be returned.
    pub async fn load_console_link(&self, digest: &str) -> Result<Option<ConsoleLink>, BackendError> {
        self.load_grant("reading a console link", &keys::console_link(digest)).await
    }

    /// Records that a link was used, if it was not before, the member is as it was read, and its account is active. Of
    /// concurrent calls one succeeds, and the others get `Superseded`.
    pub async fn redeem_console_link_once(
        &self,
        digest: &str,
        used: &ConsoleLink,
        member: &Member,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = self.change("using a console link", record)?.put(
            &self.tables.grants,
            link_item(digest, used)?,
            &Condition::AttributeMissing("used_at"),
            WriteConflict::Superseded,
        )?;
        self.finish(self.while_member(transaction, member)?).await
    }

    /// Makes the transaction fail if the member has changed since it was read, or its account is not active.
    fn while_member(
        &self,
        transaction: Transaction<WriteConflict>,
        member: &Member,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        let directory = &self.tables.directory;
        let unchanged = Condition::Version(member.version);
        transaction
            .check(
                directory,
                &keys::member(&member.account_id, &member.email),
                &unchanged,
                WriteConflict::VersionMismatch,
            )?
            .check(
                directory,
                &keys::account(&member.account_id),
                &Condition::ActiveAccount,
                WriteConflict::AccountInactive,
            )
    }
}
