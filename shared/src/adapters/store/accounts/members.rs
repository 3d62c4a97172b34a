//! Access patterns of members.

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome};
use crate::domain::account::{ExternalSubject, Member};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use jiff::Timestamp;

impl Store {
    /// Adds a member, unless it exists or the account is not active.
    pub async fn add_member(
        &self,
        member: &Member,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let directory = &self.tables.directory;
        let item = item::write(&keys::member(&member.account_id, &member.email), member)?;
        let transaction = self
            .change("adding a member", record)?
            .put(directory, item, &Condition::Absent, WriteConflict::AlreadyExists)?
            .check(
                directory,
                &keys::account(&member.account_id),
                &Condition::ActiveAccount,
                WriteConflict::AccountInactive,
            )?;
        self.finish(transaction).await
    }

    /// Replaces a member if it is as it was read.
    pub async fn update_member(
        &self,
        member: &Member,
        expected_version: u64,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let item = item::write(&keys::member(&member.account_id, &member.email), member)?;
        let transaction = self.change("changing a member", record)?.put(
            &self.tables.directory,
            item,
            &Condition::Version(expected_version),
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }

    /// Stores a member's identity at the upstream provider, unless one is stored. `false` if one is, or the member was removed.
    pub async fn pin_external_identity(
        &self,
        member: &Member,
        identity: &ExternalSubject,
        now: Timestamp,
    ) -> Result<bool, BackendError> {
        const OP: &str = "pinning a member's identity";
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::member(&member.account_id, &member.email))))
            .update_expression("SET external_identity = :identity, updated_at = :now ADD version :one")
            .condition_expression("created_at = :created AND attribute_not_exists(external_identity)")
            .expression_attribute_values(":identity", item::value(OP, identity)?)
            .expression_attribute_values(":now", text(now.to_string()))
            .expression_attribute_values(":created", text(member.created_at.to_string()))
            .expression_attribute_values(":one", number(1))
            .send()
            .await;
        item::updated(OP, sent).map(|written| written.is_some())
    }

    /// Removes a member if it is as it was read.
    pub async fn remove_member(
        &self,
        member: &Member,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = self.change("removing a member", record)?.delete(
            &self.tables.directory,
            &keys::member(&member.account_id, &member.email),
            &Condition::Version(member.version),
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }

    /// One member. Consistent.
    pub async fn load_member(
        &self,
        account: &AccountId,
        email: &EmailAddress,
    ) -> Result<Option<Member>, BackendError> {
        self.load_item("reading a member", &keys::member(account, email)).await
    }

    /// An account's members in the order of their addresses. Consistent.
    pub async fn list_members(
        &self,
        account: &AccountId,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<Member>, BackendError> {
        let listing = QuerySpec {
            operation: "listing members",
            table: &self.tables.directory,
            index: None,
            partition: keys::account_partition(account),
            prefix: keys::MEMBER_PREFIX,
            newest_first: false,
        };
        self.read_page(&listing, limit, after).await
    }
}
