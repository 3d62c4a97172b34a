//! Claim, send, confirm: one email at a time, so that a run that is killed has at most one whose result is not known.

use crate::reminders::recipients::PendingEmail;
use crate::reminders::record_outcomes::AccountEmails;
use crate::reminders::send_budget::SendBudget;
use crate::summary::DeferralReason;
use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::crypto::random::random_hex;
use shared::adapters::email::mailer::{DeliveryGuarantee, OutgoingEmail, SendResult};
use shared::adapters::email::reminder::ReminderEmail;
use shared::adapters::error::BackendError;
use shared::adapters::store::{AdmitOutcome, ClaimOutcome, RecipientKey, SentNotices};
use shared::domain::reminder::{CredentialKey, Notice};

/// Outcome of one email.
pub enum SendOutcome {
    /// The recipient has been sent every notice, now or before, except those of these credentials, which did not fit.
    Sent(Vec<CredentialKey>),
    /// Not attempted in this run.
    Deferred(DeferralReason),
    /// Attempted; due again in the next run.
    Failed,
    /// Rejected by SES for this recipient. If SES accepts another email in this run, before or after, this becomes the
    /// recipient's record.
    Rejected(SentNotices),
}

impl Job {
    /// Claims the recipient, sends the notices that the recipient has not been sent yet, and records them.
    pub(crate) async fn send_to_recipient(
        &self,
        email: &PendingEmail,
        holder: &str,
        emails: &mut AccountEmails,
        budget: &mut SendBudget,
        summary: &mut Summary,
    ) -> Result<SendOutcome, BackendError> {
        let (store, now) = (&self.management.app.store, self.now());
        let PendingEmail { account_id, recipient, notices: due, .. } = email;
        let key = RecipientKey { account_id, recipient, holder };
        let claimed = store.claim_recipient(key, now).await.inspect_err(|_| summary.due += 1)?;
        let ClaimOutcome::Claimed(sent_notices) = claimed else {
            summary.due += 1;
            return Ok(SendOutcome::Deferred(DeferralReason::OtherRun));
        };
        let mut unsent: Vec<Notice> =
            due.iter().filter(|notice| !sent_notices.contains(notice)).cloned().collect();
        if unsent.is_empty() {
            store.release_claim(key).await?;
            return Ok(SendOutcome::Sent(Vec::new()));
        }
        summary.due += 1;
        unsent.sort_by_key(|notice| notice.expires_at);
        let excess = unsent.split_off(unsent.len().min(self.notices_per_email).min(sent_notices.remaining()));
        if unsent.is_empty() {
            store.release_claim(key).await?;
            return Ok(SendOutcome::Deferred(DeferralReason::OtherRun));
        }
        if !self.admit(key, emails, now).await? {
            store.release_claim(key).await?;
            return Ok(SendOutcome::Deferred(DeferralReason::RecipientLimit));
        }
        let sent_notices = sent_notices.merge(&unsent, due);
        let mime = self.render(email, &unsent, now).await?;
        let mut outcome = self.send(key, mime, sent_notices, budget, summary).await?;
        if matches!(outcome, SendOutcome::Sent(_)) {
            summary.notices += unsent.len();
        }
        if let SendOutcome::Sent(except) = &mut outcome {
            except.extend(excess.iter().map(Notice::credential_key));
        }
        if matches!(outcome, SendOutcome::Deferred(_) | SendOutcome::Failed)
            && budget.consecutive_failures == 0
        {
            store.release_claim(key).await?;
        }
        Ok(outcome)
    }

    /// Counts the recipient against the account's number of the day. The operator, who gets what has no other recipient, is
    /// not counted.
    async fn admit(
        &self,
        key: RecipientKey<'_>,
        emails: &mut AccountEmails,
        now: Timestamp,
    ) -> Result<bool, BackendError> {
        if *key.recipient == self.mail.operator {
            return Ok(true);
        }
        let app = &self.management.app;
        let account = app.accounts.get(key.account_id, now).await?;
        let own = account.as_ref().map(|account| &account.limits);
        let deployment = app.config.account_limits;
        let limit = own.map_or(deployment, |own| deployment.with(own)).mail_recipients_per_day;
        match app.store.admit_recipient(key.account_id, key.recipient, limit, now).await? {
            AdmitOutcome::Admitted => Ok(true),
            AdmitOutcome::LimitReached(recipients) => {
                emails.recipients_today = Some(recipients);
                Ok(false)
            }
        }
    }

    async fn send(
        &self,
        key: RecipientKey<'_>,
        mime: Vec<u8>,
        sent_notices: SentNotices,
        budget: &mut SendBudget,
        summary: &mut Summary,
    ) -> Result<SendOutcome, BackendError> {
        let account_id = key.account_id.as_str();
        let email = OutgoingEmail {
            from: &self.mail.sender,
            to: key.recipient,
            account_id: Some(key.account_id),
            mime,
            delivery: DeliveryGuarantee::AtMostOnce,
        };
        budget.tick.tick().await;
        match self.mailer.send(email).await {
            SendResult::Accepted => {
                budget.remaining = budget.remaining.saturating_sub(1);
                // If another run has taken over the claim meanwhile, it has sent the same notices: none is lost.
                self.management.app.store.confirm_notices(key, &sent_notices, self.now()).await?;
                budget.consecutive_failures = 0;
                summary.sent += 1;
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
                Ok(SendOutcome::Deferred(DeferralReason::Quota))
            }
            SendResult::Unknown(error) => {
                budget.consecutive_failures += 1;
                tracing::warn!(account_id, cause = %error, "result of sending a reminder unknown");
                Ok(SendOutcome::Failed)
            }
        }
    }

    async fn render(
        &self,
        email: &PendingEmail,
        notices: &[Notice],
        now: Timestamp,
    ) -> Result<Vec<u8>, BackendError> {
        let (message_id, logo) = (random_hex(), self.logo().await);
        let email = ReminderEmail {
            frame: self.mail_frame(email.language, logo.as_deref()),
            from: &self.mail.sender,
            to: &email.recipient,
            account_id: &email.account_id,
            notices,
            link: &self.mail.link,
            certificate_link: &self.mail.certificate_link,
            now,
            message_id: &message_id,
            stop_link: email.stop_link.as_deref(),
        };
        email.mime()
    }
}
