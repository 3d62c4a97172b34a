//! Access patterns of members.

use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::store::accounts::Counted;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome};
use crate::domain::account::{ExternalSubject, Member};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::sign_in::end_user::Subject;
use jiff::Timestamp;

const PAGE_SIZE: i32 = 200;

impl Store {
    /// Adds a member, unless it exists, the account is not active, or it has `limit` members already.
    pub async fn add_member(
        &self,
        member: &Member,
        limit: u32,
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
        let transaction = self.count_creation(transaction, &member.account_id, Counted::Members, limit)?;
        self.finish(self.record_invitation(transaction, member)?).await
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
        self.finish(self.record_invitation(transaction, member)?).await
    }

    /// Stores a member's identity at the upstream provider, unless one is stored or the member was removed: then the outcome
    /// is [`WriteConflict::VersionMismatch`].
    pub async fn pin_external_identity(
        &self,
        member: &Member,
        identity: &ExternalSubject,
        now: Timestamp,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        const OP: &str = "pinning a member's identity";
        let transaction = self.change(OP, record)?.set(
            &self.tables.directory,
            &keys::member(&member.account_id, &member.email),
            ("external_identity", item::value(OP, identity)?),
            now,
            &Condition::WithoutExternalIdentity { created_at: member.created_at },
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }

    /// Removes a member if it is as it was read. The job forgets what else is known of the person.
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
        let transaction = self.count_deletion(transaction, &member.account_id, Counted::Members)?;
        self.finish(self.record_removal(transaction, member, None)?).await
    }

    /// One member. Consistent.
    pub async fn load_member(
        &self,
        account: &AccountId,
        email: &EmailAddress,
    ) -> Result<Option<Member>, BackendError> {
        self.load_item("reading a member", &keys::member(account, email)).await
    }

    /// The member with this `sub`. Consistent.
    pub async fn find_member(
        &self,
        account: &AccountId,
        sub: &Subject,
    ) -> Result<Option<Member>, BackendError> {
        let mut after = None;
        loop {
            let page = self.list_members(account, PAGE_SIZE, after.as_ref()).await?;
            let mut members = page.items.into_iter();
            if let Some(member) = members.find(|member| subject_of_member(member).sub == *sub) {
                return Ok(Some(member));
            }
            after = page.next;
            if after.is_none() {
                return Ok(None);
            }
        }
    }

    /// All members of an account. Consistent.
    pub async fn load_members(&self, account: &AccountId) -> Result<Vec<Member>, BackendError> {
        let (mut members, mut after) = (Vec::new(), None);
        loop {
            let page = self.list_members(account, PAGE_SIZE, after.as_ref()).await?;
            members.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(members);
            }
        }
    }

    /// Writes down the `sub` of a member that an earlier version added, unless the member has changed since. It is no
    /// change of the member: version and audit trail stay.
    pub async fn store_subject(&self, member: &Member) -> Result<(), BackendError> {
        const OP: &str = "storing the subject of a member";
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::member(&member.account_id, &member.email))))
            .update_expression("SET #sub = :sub")
            .condition_expression("#version = :version AND attribute_not_exists(#sub)")
            .expression_attribute_names("#sub", "sub")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":sub", item::value(OP, &subject_of_member(member).sub)?)
            .expression_attribute_values(":version", item::number(member.version))
            .send()
            .await;
        item::updated(OP, sent).map(|_| ())
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
