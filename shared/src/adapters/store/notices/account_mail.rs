//! What is known of the e-mails of an account: who stopped them, which addresses they did not reach, and which of them wait.

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, Item, number, text};
use crate::adapters::store::keys::{self, DEFERRED, STOPPED_PREFIX, SUPPRESSED_PREFIX};
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::account::mail::{DEFERRAL_VALID_FOR, MailRecipient, Suppression, SuppressionReason};
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

const OP: &str = "reading the mails of an account";
/// The most items that are read at a time.
const BATCH: i32 = 1_000;
/// The most clients that a record of deferred e-mails names: with ids of 64 characters it stays below 32 KB.
const MAX_DEFERRED_CLIENTS: usize = 500;

/// What is known of the e-mails of an account. Addresses are digests.
#[derive(Clone, Debug, Default)]
pub struct AccountMail {
    stopped: BTreeMap<String, Suppression>,
    suppressed: BTreeMap<String, Suppression>,
    deferred: Option<DeferredMail>,
}

/// Clients whose reminders wait.
#[derive(Clone, Debug)]
struct DeferredMail {
    at: Timestamp,
    clients: BTreeSet<String>,
}

fn digest(email: &EmailAddress) -> String {
    sha256_hex(&[email.as_str().as_bytes()])
}

impl AccountMail {
    /// Why the account's reminders do not go to this address; `None` if they do.
    #[must_use]
    pub fn suppression(&self, email: &EmailAddress, now: Timestamp) -> Option<Suppression> {
        let digest = digest(email);
        let found = self.stopped.get(&digest).or_else(|| self.suppressed.get(&digest));
        found.copied().filter(|suppression| suppression.is_active(now))
    }

    /// Whether reminders of this client wait.
    #[must_use]
    pub fn is_deferred(&self, client: &ClientId, now: Timestamp) -> bool {
        let valid = |deferred: &&DeferredMail| now.duration_since(deferred.at) < DEFERRAL_VALID_FOR;
        self.deferred
            .as_ref()
            .filter(valid)
            .is_some_and(|deferred| deferred.clients.contains(client.as_str()))
    }

    /// Whether a record says that e-mails wait, however old it is.
    #[must_use]
    pub fn has_deferred(&self) -> bool {
        self.deferred.is_some()
    }

    /// Adds what an item says that is known of the e-mails.
    pub(super) fn add(&mut self, found: &Item) -> Result<(), BackendError> {
        let instant = |name| {
            let parsed = item::string(found, name).parse::<Timestamp>();
            parsed.map_err(|error| BackendError::new(OP, format!("an item is not as written: {error}")))
        };
        let sort_key = item::string(found, "sk");
        if let Some(digest) = sort_key.strip_prefix(STOPPED_PREFIX) {
            let suppression = Suppression { reason: SuppressionReason::Stopped, since: instant("since")? };
            self.stopped.insert(digest.to_owned(), suppression);
        } else if let Some(digest) = sort_key.strip_prefix(SUPPRESSED_PREFIX) {
            // A later version may know more reasons. Each is one not to write to the address.
            let reason = item::string(found, "reason").parse().unwrap_or(SuppressionReason::Bounced);
            let suppression = Suppression { reason, since: instant("since")? };
            self.suppressed.insert(digest.to_owned(), suppression);
        } else if sort_key == DEFERRED {
            let clients = item::strings(found, "clients");
            self.deferred = Some(DeferredMail { at: instant("at")?, clients });
        }
        Ok(())
    }
}

impl Store {
    /// What is known of the e-mails of an account. Consistent.
    pub async fn load_account_mail(&self, account: &AccountId) -> Result<AccountMail, BackendError> {
        let mut mail = AccountMail::default();
        let found = self.read_mail_items(account, DEFERRED.to_owned()).await?;
        found.iter().try_for_each(|found| mail.add(found))?;
        Ok(mail)
    }

    /// The items about the e-mails of an account from this sort key on.
    pub(super) async fn read_mail_items(
        &self,
        account: &AccountId,
        first: String,
    ) -> Result<Vec<Item>, BackendError> {
        let pages = self
            .dynamodb
            .query()
            .table_name(&self.tables.grants)
            .key_condition_expression("pk = :pk AND sk >= :first")
            .expression_attribute_values(":pk", text(keys::mail_partition(account)))
            .expression_attribute_values(":first", text(first))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        pages.collect::<Result<_, _>>().await.map_err(|error| BackendError::aws(OP, &error))
    }

    /// Deletes everything about the e-mails of an account that is deleted.
    pub async fn delete_account_mail(&self, account: &AccountId) -> Result<(), BackendError> {
        const OP: &str = "deleting the mails of an account";
        let listing = QuerySpec {
            operation: OP,
            table: &self.tables.grants,
            index: None,
            partition: keys::mail_partition(account),
            prefix: "",
            newest_first: false,
        };
        loop {
            let page = self.read_batch(&listing, BATCH, None).await?;
            if page.items.is_empty() {
                return Ok(());
            }
            for found in page.items {
                let key = found.into_iter().filter(|(name, _)| name == "pk" || name == "sk").collect();
                let sent = self.dynamodb.delete_item().table_name(listing.table).set_key(Some(key));
                sent.send().await.map_err(|error| BackendError::aws(OP, &error))?;
            }
        }
    }

    /// Whether this recipient stopped the e-mails of the account. Consistent.
    pub async fn is_mail_stopped(&self, recipient: &MailRecipient) -> Result<bool, BackendError> {
        let key = keys::account_mail(&recipient.account_id, STOPPED_PREFIX, &digest(&recipient.email));
        let sent = self.dynamodb.get_item().table_name(&self.tables.grants).set_key(Some(item::key(&key)));
        let found = sent.consistent_read(true).send().await.map_err(|error| BackendError::aws(OP, &error))?;
        Ok(found.item.is_some())
    }

    /// Records that an address gets no more reminders of the account. [`WriteConflict::AlreadyExists`] if it is recorded
    /// already, which keeps its reason and time.
    pub async fn suppress_mail(
        &self,
        recipient: &MailRecipient,
        suppression: &Suppression,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (account, digest) = (&recipient.account_id, digest(&recipient.email));
        let (key, condition) = match suppression.reason {
            SuppressionReason::Stopped => {
                (keys::account_mail(account, STOPPED_PREFIX, &digest), Condition::Absent)
            }
            SuppressionReason::Bounced | SuppressionReason::Complained => {
                let key = keys::account_mail(account, SUPPRESSED_PREFIX, &digest);
                (key, Condition::AbsentOrExpired(suppression.since))
            }
        };
        let mut entry = item::key(&key);
        entry.insert("since".to_owned(), text(suppression.since.to_string()));
        entry.insert("reason".to_owned(), text(suppression.reason.as_str()));
        entry.extend(suppression.ends_at().map(|end| ("purge_at".to_owned(), number(end.as_second()))));
        let transaction = self.change("suppressing mail", record)?;
        let grants = &self.tables.grants;
        self.finish(transaction.put(grants, entry, &condition, WriteConflict::AlreadyExists)?).await
    }

    /// Deletes the record that a recipient stopped the e-mails of the account. [`WriteConflict::VersionMismatch`] if there
    /// is none.
    pub async fn resume_stopped_mail(
        &self,
        recipient: &MailRecipient,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let key = keys::account_mail(&recipient.account_id, STOPPED_PREFIX, &digest(&recipient.email));
        let transaction = self.change("resuming mail", record)?;
        let (grants, gone) = (&self.tables.grants, WriteConflict::VersionMismatch);
        self.finish(transaction.delete(grants, &key, &Condition::Present, gone)?).await
    }

    /// Deletes every record that keeps the account's reminders from an address.
    pub async fn lift_suppression(
        &self,
        recipient: &MailRecipient,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (account, digest) = (&recipient.account_id, digest(&recipient.email));
        let (grants, gone) = (&self.tables.grants, WriteConflict::VersionMismatch);
        let mut transaction = self.change("lifting a suppression", record)?;
        for kind in [STOPPED_PREFIX, SUPPRESSED_PREFIX] {
            let key = keys::account_mail(account, kind, &digest);
            transaction = transaction.delete(grants, &key, &Condition::Always, gone)?;
        }
        self.finish(transaction).await
    }

    /// Records that reminders of these clients wait; of 500 at most. Without any, deletes the record.
    pub async fn record_deferred_mail(
        &self,
        account: &AccountId,
        clients: &BTreeSet<ClientId>,
        now: Timestamp,
    ) -> Result<(), BackendError> {
        const OP: &str = "recording deferred mail";
        let key = item::key(&keys::account_mail(account, DEFERRED, ""));
        let grants = &self.tables.grants;
        if clients.is_empty() {
            let sent = self.dynamodb.delete_item().table_name(grants).set_key(Some(key)).send().await;
            return sent.map(|_| ()).map_err(|error| BackendError::aws(OP, &error));
        }
        let named = clients.iter().take(MAX_DEFERRED_CLIENTS).map(ToString::to_string).collect();
        let purge_at = now.saturating_add(DEFERRAL_VALID_FOR).unwrap_or(now);
        let sent = self
            .dynamodb
            .put_item()
            .table_name(grants)
            .set_item(Some(key))
            .item("at", text(now.to_string()))
            .item("clients", item::string_set(&named))
            .item("purge_at", number(purge_at.as_second()))
            .send()
            .await;
        sent.map(|_| ()).map_err(|error| BackendError::aws(OP, &error))
    }
}
