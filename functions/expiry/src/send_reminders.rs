//! Claim, send, confirm: one email at a time, so that a run that is killed has at most one whose result is not known.

use crate::find_due::DueClient;
use crate::recipients::NoticesByRecipient;
use crate::record_outcomes::{AccountEmails, RejectedEmail};
use crate::send_budget::SendBudget;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::crypto::random::random_hex;
use shared::adapters::email::mailer::{DeliveryGuarantee, SendResult};
use shared::adapters::email::reminder::ReminderEmail;
use shared::adapters::error::BackendError;
use shared::adapters::store::{ClaimOutcome, RecipientKey, SentNotices};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::domain::reminder::{CredentialKey, Notice};
use std::collections::BTreeMap;

/// Maximum number of notices in one email: at their longest they take about 3 MB of the 10 that SES accepts.
const MAX_NOTICES_PER_EMAIL: usize = 5_000;

/// Outcome of one email.
enum SendOutcome {
    /// The recipient has been sent every notice, now or before, except those of these credentials, which did not fit.
    Sent(Vec<CredentialKey>),
    /// Not attempted in this run.
    Deferred,
    /// Attempted; due again in the next run.
    Failed,
    /// Rejected by SES for this recipient. If SES accepts another email in this run, before or after, this becomes the
    /// recipient's record.
    Rejected(SentNotices),
}

impl Job {
    /// Sends what is due, account by account. Accounts with rejected emails are recorded once SES has accepted an email,
    /// so that the order of sending makes no difference.
    pub(crate) async fn send_reminders(
        &self,
        due: BTreeMap<AccountId, Vec<DueClient>>,
        holder: &str,
        mut budget: SendBudget,
        summary: &mut Summary,
    ) {
        let mut waiting: Vec<AccountEmails> = Vec::new();
        for (account, clients) in due {
            match self.resolve_recipients(&account, &clients, summary).await {
                Ok(by_recipient) => {
                    let emails =
                        self.send_to_account(account, by_recipient, holder, &mut budget, summary).await;
                    if emails.rejected.is_empty() {
                        self.record_outcomes(emails, holder, summary.sent > 0).await;
                    } else {
                        waiting.push(emails);
                    }
                }
                Err(error) => {
                    tracing::warn!(account_id = account.as_str(), cause = %error, "members could not be read");
                    summary.unreadable += 1;
                }
            }
            if summary.sent > 0 {
                for emails in waiting.drain(..) {
                    self.record_outcomes(emails, holder, true).await;
                }
            }
        }
        for emails in waiting {
            self.record_outcomes(emails, holder, false).await;
        }
    }

    async fn send_to_account(
        &self,
        account_id: AccountId,
        by_recipient: NoticesByRecipient,
        holder: &str,
        budget: &mut SendBudget,
        summary: &mut Summary,
    ) -> AccountEmails {
        let mut emails = AccountEmails::new(account_id);
        for (recipient, due) in by_recipient {
            let account_id = &emails.account_id;
            let key = RecipientKey { account_id, recipient: &recipient, holder };
            let outcome = if budget.is_exhausted(self.now()) {
                summary.due += 1;
                SendOutcome::Deferred
            } else {
                self.send_to_recipient(key, &due, budget, summary).await.unwrap_or_else(|error| {
                    // Sending on without recording would send notices twice.
                    budget.consecutive_failures += 1;
                    tracing::warn!(account_id = account_id.as_str(), cause = %error, "reminder could not be recorded");
                    SendOutcome::Failed
                })
            };
            let all = || due.iter().map(Notice::credential_key);
            match outcome {
                SendOutcome::Sent(except) => emails.unsent.extend(except),
                SendOutcome::Deferred => {
                    summary.deferred += 1;
                    emails.unsent.extend(all());
                }
                SendOutcome::Failed => {
                    summary.failed += 1;
                    emails.unsent.extend(all());
                }
                SendOutcome::Rejected(sent_notices) => {
                    summary.failed += 1;
                    let credentials = all().collect();
                    emails.rejected.push(RejectedEmail { recipient, sent_notices, credentials });
                }
            }
            emails.notices.extend(due.into_iter().map(|notice| (notice.credential_key(), notice)));
        }
        emails
    }

    /// Claims the recipient, sends the notices that the recipient has not been sent yet, and records them.
    async fn send_to_recipient(
        &self,
        key: RecipientKey<'_>,
        due: &[Notice],
        budget: &mut SendBudget,
        summary: &mut Summary,
    ) -> Result<SendOutcome, BackendError> {
        let (store, now) = (&self.management.app.store, self.now());
        let claimed = store.claim_recipient(key, now).await.inspect_err(|_| summary.due += 1)?;
        let ClaimOutcome::Claimed(sent_notices) = claimed else {
            summary.due += 1;
            return Ok(SendOutcome::Deferred);
        };
        let mut unsent: Vec<Notice> =
            due.iter().filter(|notice| !sent_notices.contains(notice)).cloned().collect();
        if unsent.is_empty() {
            store.release_claim(key).await?;
            return Ok(SendOutcome::Sent(Vec::new()));
        }
        summary.due += 1;
        unsent.sort_by_key(|notice| notice.expires_at);
        let excess = unsent.split_off(unsent.len().min(MAX_NOTICES_PER_EMAIL).min(sent_notices.remaining()));
        if unsent.is_empty() {
            store.release_claim(key).await?;
            return Ok(SendOutcome::Deferred);
        }
        let sent_notices = sent_notices.merge(&unsent, due);
        let mut outcome = self.send(key, &unsent, sent_notices, now, budget, summary).await?;
        if let SendOutcome::Sent(except) = &mut outcome {
            except.extend(excess.iter().map(Notice::credential_key));
        }
        if matches!(outcome, SendOutcome::Deferred | SendOutcome::Failed) && budget.consecutive_failures == 0
        {
            store.release_claim(key).await?;
        }
        Ok(outcome)
    }

    async fn send(
        &self,
        key: RecipientKey<'_>,
        notices: &[Notice],
        sent_notices: SentNotices,
        now: Timestamp,
        budget: &mut SendBudget,
        summary: &mut Summary,
    ) -> Result<SendOutcome, BackendError> {
        let mime = self.render(key.account_id, key.recipient, notices, now)?;
        let account_id = key.account_id.as_str();
        budget.tick.tick().await;
        match self.mailer.send(&self.mail.sender, key.recipient, mime, DeliveryGuarantee::AtMostOnce).await {
            SendResult::Accepted => {
                budget.remaining = budget.remaining.saturating_sub(1);
                // If another run has taken over the claim meanwhile, it has sent the same notices: none is lost.
                self.management.app.store.confirm_notices(key, &sent_notices, now).await?;
                budget.consecutive_failures = 0;
                summary.sent += 1;
                summary.notices += notices.len();
                Ok(SendOutcome::Sent(Vec::new()))
            }
            SendResult::Rejected(reason) => {
                budget.consecutive_failures = 0;
                tracing::warn!(account_id, cause = reason, "reminder rejected");
                Ok(SendOutcome::Rejected(sent_notices))
            }
            SendResult::AllRejected(reason) => {
                budget.consecutive_failures += 1;
                tracing::warn!(account_id, cause = reason, "SES rejects every email");
                self.management.app.store.release_claim(key).await?;
                Ok(SendOutcome::Failed)
            }
            SendResult::QuotaExceeded => {
                (budget.consecutive_failures, budget.remaining) = (0, 0);
                tracing::warn!("SES quota exceeded");
                Ok(SendOutcome::Deferred)
            }
            SendResult::Unknown(error) => {
                budget.consecutive_failures += 1;
                tracing::warn!(account_id, cause = %error, "result of sending a reminder unknown");
                Ok(SendOutcome::Failed)
            }
        }
    }

    fn render(
        &self,
        account_id: &AccountId,
        to: &EmailAddress,
        notices: &[Notice],
        now: Timestamp,
    ) -> Result<Vec<u8>, BackendError> {
        let message_id = random_hex();
        let email = ReminderEmail {
            from: &self.mail.sender,
            to,
            account_id,
            notices,
            link: &self.mail.link,
            now,
            message_id: &message_id,
        };
        email.mime()
    }
}
