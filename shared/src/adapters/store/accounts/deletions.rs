//! Deletions that take longer than a request: of an account with all that it has, and of what else is known of a person
//! who was removed. The request records them, the job completes them.

use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::store::item;
use crate::adapters::store::keys::{self, Key};
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::adapters::store::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome};
use crate::domain::account::{Account, Member};
use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::domain::sign_in::end_user::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An account whose things are to be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountDeletion {
    /// The account.
    pub account_id: AccountId,
    /// When it was deleted.
    pub deleted_at: Timestamp,
}

/// A person who is no member any more, or has another address, and whose former address is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRemoval {
    /// The account of which the person was a member.
    pub account_id: AccountId,
    /// The person's address.
    pub address: EmailAddress,
    /// The person in tokens.
    pub sub: Subject,
    /// The address that the person has now, if they are a member still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<EmailAddress>,
    /// The change of address, until the former one has got its notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_id: Option<String>,
}

impl PersonRemoval {
    /// What is to be forgotten of a member who is removed, or has another address from now on.
    #[must_use]
    pub fn of(member: &Member, moved_to: Option<&EmailAddress>) -> Self {
        let person = subject_of_member(member);
        let pending = member.pending_email.as_ref().filter(|pending| moved_to == Some(&pending.email));
        Self {
            account_id: member.account_id.clone(),
            address: person.email,
            sub: person.sub,
            moved_to: moved_to.cloned(),
            change_id: pending.map(|pending| pending.change_id.clone()),
        }
    }
}

impl Store {
    /// Deletes an account if it is as it was read; `deleted` is what is left of it. It is in no list any more, its
    /// clients get no tokens, and the job deletes them.
    pub async fn delete_account(
        &self,
        deleted: &Account,
        expected_version: u64,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (id, directory) = (&deleted.account_id, &self.tables.directory);
        let deletion = AccountDeletion { account_id: id.clone(), deleted_at: deleted.updated_at };
        let transaction = self
            .change("deleting an account", record)?
            .put(
                directory,
                item::write(&keys::account(id), deleted)?,
                &Condition::Version(expected_version),
                WriteConflict::VersionMismatch,
            )?
            .put(
                directory,
                item::key(&keys::suspended_account(id)),
                &Condition::Always,
                WriteConflict::VersionMismatch,
            )?
            .put(
                directory,
                item::write(&keys::account_deletion(id), &deletion)?,
                &Condition::Always,
                WriteConflict::VersionMismatch,
            )?;
        self.finish(transaction).await
    }

    /// Accounts whose deletion is not complete. Consistent.
    pub async fn account_deletions(
        &self,
        after: Option<&Cursor>,
    ) -> Result<Page<AccountDeletion>, BackendError> {
        self.deletions("ACCOUNT#", after).await
    }

    /// Persons who are not forgotten yet. Consistent.
    pub async fn person_removals(&self, after: Option<&Cursor>) -> Result<Page<PersonRemoval>, BackendError> {
        self.deletions("PERSON#", after).await
    }

    async fn deletions<T: serde::de::DeserializeOwned>(
        &self,
        prefix: &'static str,
        after: Option<&Cursor>,
    ) -> Result<Page<T>, BackendError> {
        let listing = QuerySpec {
            operation: "listing deletions",
            table: &self.tables.directory,
            index: None,
            partition: keys::DELETIONS.to_owned(),
            prefix,
            newest_first: false,
        };
        self.read_page(&listing, 100, after).await
    }

    /// Records that the deletion of an account is complete: only its own item stays.
    pub async fn finish_account_deletion(&self, id: &AccountId) -> Result<(), BackendError> {
        self.delete_from_directory(&keys::usage(id)).await?;
        self.delete_account_index(id).await?;
        self.delete_from_directory(&keys::suspended_account(id)).await?;
        self.delete_from_directory(&keys::account_deletion(id)).await
    }

    /// What is to be forgotten of a person. Consistent.
    pub async fn person_removal(
        &self,
        account: &AccountId,
        sub: &Subject,
    ) -> Result<Option<PersonRemoval>, BackendError> {
        self.load_item("reading a deletion", &keys::person_removal(account, sub)).await
    }

    /// Records that the former address of a person has got its notice.
    pub async fn note_former_address_told(&self, removal: &PersonRemoval) -> Result<(), BackendError> {
        const OP: &str = "recording a notice to a former address";
        let Some(change_id) = &removal.change_id else { return Ok(()) };
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::person_removal(&removal.account_id, &removal.sub))))
            .update_expression("REMOVE change_id")
            .condition_expression("change_id = :change")
            .expression_attribute_values(":change", item::text(change_id))
            .send()
            .await;
        item::updated(OP, sent).map(|_| ())
    }

    /// Records that a person is forgotten.
    pub async fn finish_person_removal(&self, removal: &PersonRemoval) -> Result<(), BackendError> {
        self.delete_from_directory(&keys::person_removal(&removal.account_id, &removal.sub)).await
    }

    /// Deletes the consent of a person who is to be forgotten.
    pub async fn forget_consent(&self, client: &ClientId, sub: &Subject) -> Result<(), BackendError> {
        self.delete_grant(&keys::consent(client, sub)).await
    }

    /// Deletes the families that act for a person, all or those of one client: their tokens are no longer active.
    pub async fn forget_families(
        &self,
        sub: &Subject,
        client: Option<&ClientId>,
    ) -> Result<(), BackendError> {
        const OP: &str = "listing the families of a person";
        let query = self
            .dynamodb
            .query()
            .table_name(&self.tables.grants)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", item::text(keys::families_of_person(sub)))
            .consistent_read(true);
        let found = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        for entry in found.map_err(|error| BackendError::aws(OP, &error))? {
            let family = FamilyId::of_digest(item::string(&entry, "sk"));
            if let Some(client) = client
                && let Some(found) = self.load_family(&family).await?
                && found.authorization.client_id != *client
            {
                continue;
            }
            self.delete_grant(&keys::family(&family)).await?;
            self.delete_grant(&keys::family_of_person(sub, &family)).await?;
        }
        Ok(())
    }

    async fn delete_grant(&self, at: &Key) -> Result<(), BackendError> {
        self.delete_item(&self.tables.grants, at).await
    }

    async fn delete_from_directory(&self, at: &Key) -> Result<(), BackendError> {
        self.delete_item(&self.tables.directory, at).await
    }

    async fn delete_item(&self, table: &str, at: &Key) -> Result<(), BackendError> {
        let delete = self.dynamodb.delete_item().table_name(table).set_key(Some(item::key(at)));
        let sent = delete.send().await;
        sent.map(|_| ()).map_err(|error| BackendError::aws("completing a deletion", &error))
    }

    /// Adds to the removal of a member, or to the change of their address, that what else is known of the address is to be
    /// forgotten.
    pub(super) fn record_removal(
        &self,
        transaction: Transaction<WriteConflict>,
        member: &Member,
        moved_to: Option<&EmailAddress>,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        let removal = PersonRemoval::of(member, moved_to);
        let at = keys::person_removal(&removal.account_id, &removal.sub);
        transaction.put(
            &self.tables.directory,
            item::write(&at, &removal)?,
            &Condition::Always,
            WriteConflict::VersionMismatch,
        )
    }
}
