//! The ledger of letters: what each recipient of an account was told. It is claimed before a letter is
//! sent and confirmed after it, so that two jobs at once, or a job that was killed, tell nobody twice
//! and forget nobody.

use super::item::{self, number, text};
use super::{Store, keys, updates};
use crate::adapters::fault::Fault;
use crate::domain::email::EmailAddress;
use crate::domain::ids::AccountId;
use crate::domain::reminder::{Notice, NoticeKind};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// How long a claim keeps others away: longer than a letter takes.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// How long after a secret's end it is remembered that it was spoken of.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24 * 60);

/// A recipient's page of the ledger.
#[derive(Clone, Copy, Debug)]
pub struct LedgerPage<'a> {
    /// The account.
    pub account_id: &'a AccountId,
    /// The recipient.
    pub recipient: &'a EmailAddress,
    /// Who writes on it: unique to the run.
    pub holder: &'a str,
}

/// What a recipient was told: one entry per secret, end and kind of notice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told(BTreeSet<String>);

fn entry(notice: &Notice) -> String {
    let kind = match notice.kind {
        NoticeKind::Expiring(days) => days,
        NoticeKind::Expired => 0,
    };
    format!("{}:{}:{kind}", notice.expires_at.as_second(), notice.secret_id)
}

impl Told {
    /// Whether they were told this.
    #[must_use]
    pub fn knows(&self, notice: &Notice) -> bool {
        self.0.contains(&entry(notice))
    }

    /// From now on they were; what ended long ago is forgotten.
    pub fn add(&mut self, notices: &[Notice], now: Timestamp) {
        self.0.extend(notices.iter().map(entry));
        let forgotten = now.saturating_sub(REMEMBERED_FOR).unwrap_or(Timestamp::MIN).as_second();
        self.0.retain(|entry| {
            let end = entry.split(':').next().and_then(|second| second.parse::<i64>().ok());
            end.is_some_and(|end| end > forgotten)
        });
    }
}

/// Somebody else is writing to this recipient at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed;

impl Store {
    /// Claims a recipient's page, and reads it.
    pub async fn claim_page(
        &self,
        page: LedgerPage<'_>,
        now: Timestamp,
    ) -> Result<Result<Told, Claimed>, Fault> {
        let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::ledger_page(page.account_id, page.recipient))))
            .update_expression(
                "SET held_by = :holder, held_until = :until, purge_at = if_not_exists(purge_at, :purge)",
            )
            .condition_expression(
                "attribute_not_exists(held_until) OR held_until <= :now OR held_by = :holder",
            )
            .expression_attribute_values(":holder", text(page.holder))
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":purge", number(purge_at(now)))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .send()
            .await;
        let Some(output) = updates::outcome("claiming a letter", sent)? else { return Ok(Err(Claimed)) };
        let told = output.attributes.as_ref().map(|found| item::strings(found, "told"));
        Ok(Ok(Told(told.unwrap_or_default())))
    }

    /// Writes down what the recipient has been told, and lets go. `false` if the claim had been lost.
    pub async fn confirm_page(
        &self,
        page: LedgerPage<'_>,
        told: &Told,
        now: Timestamp,
    ) -> Result<bool, Fault> {
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
    pub async fn release_page(&self, page: LedgerPage<'_>) -> Result<bool, Fault> {
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

/// A page outlives every end that it speaks of.
fn purge_at(now: Timestamp) -> i64 {
    now.as_second() + 3 * REMEMBERED_FOR.as_secs()
}
