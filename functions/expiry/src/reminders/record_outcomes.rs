//! Records the results of one account's emails: rejections are confirmed or released, events sent, and credentials marked.

use crate::summary::DeferralReason;
use crate::{Job, Summary};
use shared::adapters::store::{
    AuditRecord, DailyRecipients, RecipientKey, SentNotices, WriteConflict, WriteOutcome,
};
use shared::domain::audit::event::DomainEvent;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::{AccountId, ClientId};
use shared::domain::reminder::{CredentialKey, LastNotice, Notice, SentReminder};
use shared::services::audit::AuditContext;
use std::collections::{BTreeMap, BTreeSet};

/// The emails of one account, after each was sent or not.
pub struct AccountEmails {
    pub account_id: AccountId,
    /// Emails that are not processed yet.
    pub open: usize,
    /// The recipients of the day, once there may be no others.
    pub recipients_today: Option<DailyRecipients>,
    /// Emails that were deferred.
    pub deferred: BTreeMap<DeferralReason, usize>,
    /// Clients with reminders that wait for quota, for time, or for the next day.
    pub deferred_clients: BTreeSet<ClientId>,
    /// Whether reminders waited in an earlier run.
    pub had_deferred: bool,
    /// All notices that were due.
    pub notices: BTreeMap<CredentialKey, Notice>,
    /// How many recipients have been sent the notices about each credential, now or before.
    pub reached: BTreeMap<CredentialKey, usize>,
    /// Credentials of which at least one recipient was not notified.
    pub unsent: BTreeSet<CredentialKey>,
    /// Emails that SES rejected. The claims on their recipients are still held.
    pub rejected: Vec<RejectedEmail>,
}

/// An email that SES rejected.
pub struct RejectedEmail {
    pub recipient: EmailAddress,
    /// The recipient's record if no further attempt is to be made before the next reminder.
    pub sent_notices: SentNotices,
    pub credentials: Vec<CredentialKey>,
}

impl AccountEmails {
    pub fn new(account_id: AccountId, open: usize) -> Self {
        Self {
            account_id,
            open,
            recipients_today: None,
            deferred: BTreeMap::new(),
            deferred_clients: BTreeSet::new(),
            had_deferred: false,
            notices: BTreeMap::new(),
            reached: BTreeMap::new(),
            unsent: BTreeSet::new(),
            rejected: Vec::new(),
        }
    }

    /// Whether the account has reached its number of recipients today, and this is not one of them.
    pub fn is_beyond_limit(&self, recipient: &EmailAddress) -> bool {
        self.recipients_today.as_ref().is_some_and(|today| !today.contains(recipient))
    }
}

impl Job {
    /// Logs how many emails of the account were deferred, and why, and records whose: the management API shows it.
    pub(crate) async fn report_deferrals(&self, emails: &AccountEmails, summary: &mut Summary) {
        for (reason, number) in &emails.deferred {
            summary.report_deferral(&emails.account_id, *reason, *number);
        }
        if emails.deferred_clients.is_empty() && !emails.had_deferred {
            return;
        }
        let store = &self.management.app.store;
        let recorded =
            store.record_deferred_mail(&emails.account_id, &emails.deferred_clients, self.now()).await;
        if let Err(error) = recorded {
            // It is shown later or longer, and nothing else depends on it.
            tracing::warn!(account_id = emails.account_id.as_str(), cause = %error, "deferral could not be recorded");
        }
    }

    /// Marks the credentials of which every recipient was notified. A recipient rejected by SES is treated as notified
    /// if SES has accepted another email in this run. Otherwise it may reject all, because the sender is not verified, and
    /// the notices stay due.
    pub(crate) async fn record_outcomes(
        &self,
        emails: AccountEmails,
        holder: &str,
        is_another_accepted: bool,
    ) {
        let AccountEmails { account_id, mut notices, reached, mut unsent, rejected, .. } = emails;
        for email in rejected {
            let key = RecipientKey { account_id: &account_id, recipient: &email.recipient, holder };
            let store = &self.management.app.store;
            let recorded = if is_another_accepted {
                store.confirm_notices(key, &email.sent_notices, self.now()).await
            } else {
                store.release_claim(key).await
            };
            let recorded = recorded.unwrap_or_else(|error| {
                tracing::warn!(account_id = account_id.as_str(), cause = %error, "rejected reminder could not be recorded");
                false
            });
            if !(is_another_accepted && recorded) {
                unsent.extend(email.credentials);
            }
        }
        notices.retain(|credential, _| !unsent.contains(credential));
        // The events first: after a crash in between they are sent again, and none is lost.
        let at = self.now();
        let events: Vec<_> =
            notices.values().map(|notice| DomainEvent::notice(notice, &account_id, at)).collect();
        self.management.events.send(&events).await;
        for (credential, notice) in &notices {
            let recipients = reached.get(credential).copied().unwrap_or_default();
            self.record_sent(&account_id, &SentReminder::new(notice, recipients, at)).await;
            self.record_notice(notice).await;
        }
    }

    /// Records for the account's people, in its audit trail too, that all recipients were notified.
    async fn record_sent(&self, account_id: &AccountId, sent: &SentReminder) {
        let store = &self.management.app.store;
        let recorded = async {
            let audit = AuditContext::of_job(account_id, sent.sent_at)?.reminder_sent(account_id, sent);
            store
                .record_sent_reminder(
                    account_id,
                    sent,
                    &AuditRecord { audit: &audit, idempotency_record: None },
                )
                .await
        };
        match recorded.await {
            Ok(WriteOutcome::Committed | WriteOutcome::Rejected(WriteConflict::AlreadyExists)) => {}
            Ok(WriteOutcome::Rejected(_)) => {
                tracing::warn!(account_id = account_id.as_str(), "sent reminder not recorded");
            }
            Err(error) => {
                tracing::warn!(account_id = account_id.as_str(), cause = %error, "sent reminder not recorded");
            }
        }
    }

    /// Records at the credential itself that all recipients were notified, so that later runs need not read their records.
    async fn record_notice(&self, notice: &Notice) {
        let last_notice = LastNotice { kind: notice.kind, expires_at: notice.expires_at };
        let store = &self.management.app.store;
        if let Err(error) = store.record_notice(&notice.client_id, &notice.ending, last_notice).await {
            // The recipients' records have it too: the next run only reads them once more.
            tracing::warn!(cause = %error, "notice could not be recorded at its credential");
        }
    }
}
