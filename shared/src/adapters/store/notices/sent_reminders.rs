//! The notices that were sent about the credentials of an account, for those who want to know.

use super::AccountMail;
use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys::{self, SENT_PREFIX};
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Store, WriteConflict, WriteOutcome};
use crate::domain::primitives::ids::AccountId;
use crate::domain::reminder::SentReminder;
use jiff::SignedDuration;
use jiff::civil::Date;

const OP: &str = "reading sent reminders";

/// How long they are kept after the expiry that they named: a little longer than the year that is shown.
const RETENTION_PERIOD: SignedDuration = SignedDuration::from_hours(24 * 400);

/// The e-mails of an account: what is known of its recipients, and the notices that were sent.
#[derive(Clone, Debug, Default)]
pub struct MailHistory {
    /// What is known of its recipients.
    pub mail: AccountMail,
    /// The notices that were sent about credentials which end, or ended, from a date on.
    pub sent: Vec<SentReminder>,
}

impl Store {
    /// Records that a notice was sent to all of its recipients, together with its audit entry.
    /// [`WriteConflict::AlreadyExists`] if that is recorded: a run that was interrupted has done it.
    pub async fn record_sent_reminder(
        &self,
        account: &AccountId,
        sent: &SentReminder,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let mut entry = item::write(&keys::sent_reminder(account, sent), sent)?;
        let purge_at = sent.expires_at.saturating_add(RETENTION_PERIOD).unwrap_or(sent.expires_at);
        entry.insert("purge_at".to_owned(), number(purge_at.as_second()));
        let transaction = self.change("recording a sent reminder", record)?;
        let (grants, exists) = (&self.tables.grants, WriteConflict::AlreadyExists);
        self.finish(transaction.put(grants, entry, &Condition::Absent, exists)?).await
    }

    /// What is known of the e-mails of an account, with the notices that were sent about credentials which end, or ended, on
    /// this date (UTC) or later. Consistent.
    pub async fn load_mail_history(
        &self,
        account: &AccountId,
        first: Date,
    ) -> Result<MailHistory, BackendError> {
        let mut history = MailHistory::default();
        for found in self.read_mail_items(account, keys::sent_reminders_of(first)).await? {
            if item::string(&found, "sk").starts_with(SENT_PREFIX) {
                history.sent.push(item::read(OP, found)?);
            } else {
                history.mail.add(&found)?;
            }
        }
        Ok(history)
    }
}
