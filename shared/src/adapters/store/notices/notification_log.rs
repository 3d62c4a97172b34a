//! The notices sent to each recipient of an account. A recipient is claimed before an e-mail is sent, and the notices are
//! confirmed after it, so that concurrent or interrupted runs send each notice once.

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::{ExpiringCredential, Notice, NoticeKind};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// How long a claim excludes other runs: longer than sending an e-mail takes. A claim that ends further in the future was
/// made by a clock that has been set back since, and is ignored.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long a recipient's notices are retained after the last e-mail: longer than any of them can be due.
const RETENTION_PERIOD: SignedDuration = SignedDuration::from_hours(24 * 180);
/// The most notices of one recipient: at 46 bytes each, they stay below the 400 KB of an item.
const MAX_ENTRIES: usize = 8_000;

/// A recipient in the log, and the run that claims them.
#[derive(Clone, Copy, Debug)]
pub struct RecipientKey<'a> {
    /// The account.
    pub account_id: &'a AccountId,
    /// The recipient.
    pub recipient: &'a EmailAddress,
    /// The run: a unique id.
    pub holder: &'a str,
}

/// The notices that a recipient has got: one entry per credential, expiry and kind of notice.
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
    /// Whether this notice is among them.
    #[must_use]
    pub fn contains(&self, notice: &Notice) -> bool {
        self.0.contains(&entry(notice))
    }

    /// The number of entries that can be added.
    #[must_use]
    pub fn remaining(&self) -> usize {
        MAX_ENTRIES.saturating_sub(self.0.len())
    }

    /// The sent notices that are still `due`, and the `news`. Notices that are no longer due are dropped.
    #[must_use]
    pub fn merge(&self, news: &[Notice], due: &[Notice]) -> Self {
        let known = due.iter().filter(|notice| self.contains(notice));
        Self(known.chain(news).map(entry).collect())
    }
}

/// Whether a recipient was claimed by this call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum ClaimOutcome {
    /// It was; these are the notices that the recipient has got.
    Claimed(SentNotices),
    /// Another run is sending to this recipient.
    AlreadyClaimed,
}

impl Store {
    /// Claims a recipient, and reads the notices that they have got.
    pub async fn claim_recipient(
        &self,
        key: RecipientKey<'_>,
        now: Timestamp,
    ) -> Result<ClaimOutcome, BackendError> {
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let latest_end = until.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::notification_log(key.account_id, key.recipient))))
            .update_expression(
                "SET held_by = :holder, held_until = :until, purge_at = if_not_exists(purge_at, :purge)",
            )
            .condition_expression(
                "attribute_not_exists(held_until) OR held_until <= :now OR held_until > :latest_end \
                 OR held_by = :holder",
            )
            .expression_attribute_values(":holder", text(key.holder))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":latest_end", number(latest_end.as_millisecond()))
            .expression_attribute_values(":purge", number(purge_at(now)))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .send()
            .await;
        let Some(output) = item::updated("claiming a recipient", sent)? else {
            return Ok(ClaimOutcome::AlreadyClaimed);
        };
        let sent = output.attributes.as_ref().map(|found| item::strings(found, "told"));
        Ok(ClaimOutcome::Claimed(SentNotices(sent.unwrap_or_default())))
    }

    /// Stores the notices that the recipient has got, and releases the claim. `false` if the claim had been lost.
    pub async fn confirm_notices(
        &self,
        key: RecipientKey<'_>,
        notices: &SentNotices,
        now: Timestamp,
    ) -> Result<bool, BackendError> {
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::notification_log(key.account_id, key.recipient))))
            .update_expression("SET told = :told, purge_at = :purge REMOVE held_by, held_until")
            .condition_expression("held_by = :holder")
            .expression_attribute_values(":holder", text(key.holder))
            .expression_attribute_values(":told", item::string_set(&notices.0))
            .expression_attribute_values(":purge", number(purge_at(now)))
            .send()
            .await;
        item::updated("confirming sent notices", sent).map(|written| written.is_some())
    }

    /// Releases a claim without a change. `false` if it had been lost.
    pub async fn release_claim(&self, key: RecipientKey<'_>) -> Result<bool, BackendError> {
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::notification_log(key.account_id, key.recipient))))
            .update_expression("REMOVE held_by, held_until")
            .condition_expression("held_by = :holder")
            .expression_attribute_values(":holder", text(key.holder))
            .send()
            .await;
        item::updated("releasing a recipient", sent).map(|written| written.is_some())
    }
}

fn purge_at(now: Timestamp) -> i64 {
    now.as_second() + RETENTION_PERIOD.as_secs()
}
