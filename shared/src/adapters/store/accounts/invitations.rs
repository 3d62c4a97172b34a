//! Members who have to prove a mailbox: invitations, first sign-ins, and new addresses.

use crate::adapters::error::BackendError;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::sign_ins::session_item;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::adapters::store::{AuditRecord, SessionKey, Store, WriteConflict, WriteOutcome};
use crate::domain::account::Member;
use crate::domain::account::invitation::Invitation;
use crate::domain::audit::AuditEntry;
use crate::domain::console::session::ConsoleSession;
use jiff::Timestamp;

/// The most invitations that are read at a time.
const BATCH: i32 = 100;

fn invitation_key(invitation: &Invitation) -> keys::Key {
    keys::invitation(invitation.until, &invitation.account_id, &invitation.email)
}

impl Store {
    /// Adds to a change of a member the record by which the job finds the invitation, if the member is invited.
    pub(super) fn record_invitation(
        &self,
        transaction: Transaction<WriteConflict>,
        member: &Member,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        let Some(until) = member.invited_until else { return Ok(transaction) };
        let (account_id, email) = (member.account_id.clone(), member.email.clone());
        let invitation = Invitation { account_id, email, until };
        transaction.put(
            &self.tables.directory,
            item::write(&invitation_key(&invitation), &invitation)?,
            &Condition::Always,
            WriteConflict::VersionMismatch,
        )
    }

    /// Invitations that end by this time, the earliest first; at most a hundred. Consistent.
    pub async fn ended_invitations(&self, now: Timestamp) -> Result<Vec<Invitation>, BackendError> {
        let listing = QuerySpec {
            operation: "listing invitations",
            table: &self.tables.directory,
            index: None,
            partition: keys::INVITATIONS.to_owned(),
            prefix: "",
            newest_first: false,
        };
        let mut found = self.read_page::<Invitation>(&listing, BATCH, None).await?.items;
        found.retain(|invitation| invitation.until <= now);
        Ok(found)
    }

    /// Deletes the record of an invitation that has ended.
    pub async fn finish_invitation(&self, invitation: &Invitation) -> Result<(), BackendError> {
        let delete = self.dynamodb.delete_item().table_name(&self.tables.directory);
        let sent = delete.set_key(Some(item::key(&invitation_key(invitation)))).send().await;
        sent.map(|_| ()).map_err(|error| BackendError::aws("ending an invitation", &error))
    }

    /// Ends the invitation of a member who signs in, if the member is as it was read, together with the entry of the audit
    /// trail that says so and with the session, if that is of the console.
    pub async fn join_member(
        &self,
        member: &Member,
        entry: &AuditEntry,
        session: Option<(SessionKey<'_>, &ConsoleSession)>,
    ) -> Result<WriteOutcome, BackendError> {
        let record = AuditRecord { audit: entry, idempotency_record: None };
        let attributes = [
            ("last_signed_in_at", Some(item::text(entry.at.to_string()))),
            ("invited_until", None),
            ("version", Some(item::number(member.version + 1))),
        ];
        let mut transaction = self.change("ending an invitation", &record)?.set_attributes(
            &self.tables.directory,
            &keys::member(&member.account_id, &member.email),
            &attributes,
            &Condition::Version(member.version),
            WriteConflict::VersionMismatch,
        )?;
        if let Some((key, session)) = session {
            let session = session_item(key, session)?;
            transaction = transaction.put(
                &self.tables.grants,
                session,
                &Condition::Absent,
                WriteConflict::AlreadyExists,
            )?;
        }
        self.finish(transaction).await
    }

    /// Records that a member has signed in, and that they are no longer invited, unless they were removed meanwhile. Only the
    /// end of an invitation is another version of the member, so that what was read before it is not written over it.
    pub async fn note_member_sign_in(&self, member: &Member, now: Timestamp) -> Result<(), BackendError> {
        const OP: &str = "recording the sign-in of a member";
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::member(&member.account_id, &member.email))))
            .update_expression("SET #at = :now REMOVE #invited ADD #version :more")
            .condition_expression("#created = :created")
            .expression_attribute_names("#at", "last_signed_in_at")
            .expression_attribute_names("#invited", "invited_until")
            .expression_attribute_names("#version", "version")
            .expression_attribute_names("#created", "created_at")
            .expression_attribute_values(":now", item::text(now.to_string()))
            .expression_attribute_values(":created", item::text(member.created_at.to_string()))
            .expression_attribute_values(":more", item::number(u8::from(member.invited_until.is_some())))
            .send()
            .await;
        item::updated(OP, sent).map(|_| ())
    }

    /// Moves a member to another address, if it is as it was read, no other member has the address, and the account is
    /// active. The job forgets the former address.
    pub async fn move_member(
        &self,
        before: &Member,
        after: &Member,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let directory = &self.tables.directory;
        let transaction = self
            .change("changing the address of a member", record)?
            .check(
                directory,
                &keys::account(&before.account_id),
                &Condition::ActiveAccount,
                WriteConflict::AccountInactive,
            )?
            .delete(
                directory,
                &keys::member(&before.account_id, &before.email),
                &Condition::Version(before.version),
                WriteConflict::VersionMismatch,
            )?
            .put(
                directory,
                item::write(&keys::member(&after.account_id, &after.email), after)?,
                &Condition::Absent,
                WriteConflict::AlreadyExists,
            )?;
        self.finish(self.record_removal(transaction, before, Some(&after.email))?).await
    }
}
