//! The different recipients that an account's e-mails go to on one day (UTC).

use crate::adapters::crypto::digest::sha256_hex;
use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item::{self, number, text};
use crate::adapters::store::keys;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::AccountId;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// How long the item of a day is kept after the day has begun, in seconds.
const RETENTION_SECONDS: i64 = 2 * 24 * 60 * 60;
/// The hexadecimal digits of an address's digest that are kept: at 10,000 recipients, the item stays below 200 KB.
const DIGITS: usize = 16;

/// Recipients of one day, by digest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DailyRecipients(BTreeSet<String>);

/// Whether a recipient may be written to today.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum AdmitOutcome {
    /// They may, and are counted: now, or earlier on this day.
    Admitted,
    /// The account has had as many recipients today as it may: these.
    LimitReached(DailyRecipients),
}

impl DailyRecipients {
    /// Whether this recipient is one of them.
    #[must_use]
    pub fn contains(&self, recipient: &EmailAddress) -> bool {
        self.0.contains(&digest(recipient))
    }
}

fn digest(recipient: &EmailAddress) -> String {
    let mut digest = sha256_hex(&[recipient.as_str().as_bytes()]);
    digest.truncate(DIGITS);
    digest
}

impl Store {
    /// How many recipients of an account are counted on this day. Consistent.
    pub async fn count_recipients(&self, account: &AccountId, now: Timestamp) -> Result<u64, BackendError> {
        const OP: &str = "reading the recipients of a day";
        let date = now.to_zoned(TimeZone::UTC).date();
        let sent = self
            .dynamodb
            .get_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::daily_recipients(account, date))))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| BackendError::aws(OP, &error))?;
        Ok(sent.item.map_or(0, |found| item::strings(&found, "recipients").len() as u64))
    }

    /// Counts a recipient of an account, unless it has had `limit` others on this day. A recipient counts once a day. The
    /// condition is the lock: of concurrent runs, no more than the limit are admitted.
    pub async fn admit_recipient(
        &self,
        account: &AccountId,
        recipient: &EmailAddress,
        limit: u32,
        now: Timestamp,
    ) -> Result<AdmitOutcome, BackendError> {
        const OP: &str = "counting a recipient";
        if limit == 0 {
            return Ok(AdmitOutcome::LimitReached(DailyRecipients::default()));
        }
        let (digest, date) = (digest(recipient), now.to_zoned(TimeZone::UTC).date());
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.grants)
            .set_key(Some(item::key(&keys::daily_recipients(account, date))))
            .update_expression("SET purge_at = :purge ADD recipients :one")
            .condition_expression(
                "attribute_not_exists(recipients) OR contains(recipients, :digest) OR size(recipients) < :limit",
            )
            .expression_attribute_values(":purge", number(now.as_second() + RETENTION_SECONDS))
            .expression_attribute_values(":one", item::string_set(&BTreeSet::from([digest.clone()])))
            .expression_attribute_values(":digest", text(digest))
            .expression_attribute_values(":limit", number(limit))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(AdmitOutcome::Admitted) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                let known = failed.item().map(|found| item::strings(found, "recipients")).unwrap_or_default();
                Ok(AdmitOutcome::LimitReached(DailyRecipients(known)))
            }
            _ => Err(BackendError::aws(OP, &error)),
        }
    }
}
