//! The ledger of letters: what each recipient of an account was told. It is claimed before a letter is
//! sent and confirmed after it, so that two jobs at once, or a job that was killed, tell nobody twice
//! and forget nobody.

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::adapters::store::updates;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::{ExpiringCredential, Notice, NoticeKind};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// How long a claim keeps others away: longer than a letter takes. One that was made further ahead than that was
/// made by a clock that has been set back since, and keeps nobody away.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long a page is kept after the last letter: longer than anything in it can be due.
const RETENTION_PERIOD: SignedDuration = SignedDuration::from_hours(24 * 180);
/// The most entries on one page: at 46 bytes each, it stays below the 400 KB of an item.
const MAX_ENTRIES: usize = 8_000;

/// A recipient's page of the ledger.
#[derive(Clone, Copy, Debug)]
pub struct RecipientKey<'a> {
    /// The account.
    pub account_id: &'a AccountId,
    /// The recipient.
    pub recipient: &'a EmailAddress,
    /// Who writes on it: unique to the run.
    pub holder: &'a str,
}

/// What a recipient was told: one entry per credential, end and kind of notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentNotices(BTreeSet<String>);

fn entry(notice: &Notice) -> String {
    let kind = match notice.kind {
        NoticeKind::Expiring(days) => days,
        NoticeKind::Expired => 0,
    };
    let id = match &notice.ending {
        ExpiringCredential::Secret { secret_id, .. } => secret_id.to_string(),
        // As long as a secret's id; with the client's, because two clients may have the same certificate.
        ExpiringCredential::Certificate { thumbprint } => {
            let mut digest = sha256_hex(&[notice.client_id.as_str().as_bytes(), thumbprint.as_bytes()]);
            digest.truncate(32);
            digest
        }
    };
    format!("{}:{id}:{kind}", notice.expires_at.as_second())
}

impl SentNotices {
    /// Whether they were told this.
    #[must_use]
    pub fn knows(&self, notice: &Notice) -> bool {
        self.0.contains(&entry(notice))
    }

    /// How many more entries fit.
    #[must_use]
    pub fn room(&self) -> usize {
        MAX_ENTRIES.saturating_sub(self.0.len())
    }

    /// What is still `due` and known, and the `news`: the rest is due no more, and can be forgotten.
    #[must_use]
    pub fn and(&self, news: &[Notice], due: &[Notice]) -> Self {
        let known = due.iter().filter(|notice| self.knows(notice));
        Self(known.chain(news).map(entry).collect())
    }
}

/// Somebody else is writing to this recipient at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlreadyClaimed;

impl Store {
    /// Claims a recipient's page, and reads it.
    pub async fn claim_recipient(
        &self,
        page: RecipientKey<'_>,
        now: Timestamp,
    ) -> Result<Result<SentNotices, AlreadyClaimed>, BackendError> {
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let latest_end = until.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::ledger_page(page.account_id, page.recipient))))
            .update_expression(
                "SET held_by = :holder, held_until = :until, purge_at = if_not_exists(purge_at, :purge)",
            )
            .condition_expression(
                "attribute_not_exists(held_until) OR held_until <= :now OR held_until > :latest_end \
                 OR held_by = :holder",
            )
            .expression_attribute_values(":holder", text(page.holder))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":latest_end", number(latest_end.as_millisecond()))
            .expression_attribute_values(":purge", number(purge_at(now)))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .send()
            .await;
        let Some(output) = updates::outcome("claiming a letter", sent)? else {
            return Ok(Err(AlreadyClaimed));
        };
        let told = output.attributes.as_ref().map(|found| item::strings(found, "told"));
        Ok(Ok(SentNotices(told.unwrap_or_default())))
    }

    /// Writes down what the recipient has been told, and lets go. `false` if the claim had been lost.
    pub async fn confirm_notices(
        &self,
        page: RecipientKey<'_>,
        told: &SentNotices,
        now: Timestamp,
    ) -> Result<bool, BackendError> {
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::ledger_page(page.account_id, page.recipient))))
            .update_expression("SET told = :told, purge_at = :purge REMOVE held_by, held_until")
            .condition_expression("held_by = :holder")
            .expression_attribute_values(":holder", text(page.holder))
            .expression_attribute_values(":told", item::string_set(&told.0))
            .expression_attribute_values(":purge", number(purge_at(now)))
            .send()
            .await;
        updates::outcome("confirming a letter", sent).map(|written| written.is_some())
    }

    /// Lets go of a page on which nothing was written.
    pub async fn release_claim(&self, page: RecipientKey<'_>) -> Result<bool, BackendError> {
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::ledger_page(page.account_id, page.recipient))))
            .update_expression("REMOVE held_by, held_until")
            .condition_expression("held_by = :holder")
            .expression_attribute_values(":holder", text(page.holder))
            .send()
            .await;
        updates::outcome("letting go of a letter", sent).map(|written| written.is_some())
    }
}

fn purge_at(now: Timestamp) -> i64 {
    now.as_second() + RETENTION_PERIOD.as_secs()
}
