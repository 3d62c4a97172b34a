//! Claim, send, confirm: one letter at a time, so that whoever is killed has at most one in flight.

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
use shared::adapters::store::{RecipientKey, SentNotices};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::AccountId;
use shared::domain::reminder::{CredentialKey, Notice};
use std::collections::BTreeMap;

/// The most notices in one letter: at their longest they take about 3 MB of the 10 that SES takes.
const MAX_NOTICES_PER_EMAIL: usize = 5_000;

/// What became of one letter.
enum SendOutcome {
    /// They know it all, from now on or from before; all but these, which did not fit into one letter.
    SentNotices(Vec<CredentialKey>),
    /// Not this time.
    Deferred,
    /// It was tried, and is due again in the next run.
    Failed,
    /// SES refuses this one. If it takes another one in this run, before or after, this is what they count as told.
    Rejected(SentNotices),
}

impl Job {
    /// Tells everybody what is due, account by account. Accounts with refused letters wait until SES has taken one,
    /// so that the order of letters decides nothing.
    pub(crate) async fn deliver(
        &self,
        due: BTreeMap<AccountId, Vec<DueClient>>,
        holder: &str,
        mut limits: SendBudget,
        summary: &mut Summary,
    ) {
        let mut waiting: Vec<AccountEmails> = Vec::new();
        for (account, clients) in due {
            match self.resolve_recipients(&account, &clients, summary).await {
                Ok(letters) => {
                    let letters = self.deliver_in(account, letters, holder, &mut limits, summary).await;
                    if letters.refused.is_empty() {
                        self.conclude(letters, holder, summary.sent > 0).await;
                    } else {
                        waiting.push(letters);
                    }
                }
                Err(fault) => {
                    tracing::warn!(account_id = account.as_str(), cause = %fault, "an account's members are unknown");
                    summary.unreadable += 1;
                }
            }
            if summary.sent > 0 {
                for letters in waiting.drain(..) {
                    self.conclude(letters, holder, true).await;
                }
            }
        }
        for letters in waiting {
            self.conclude(letters, holder, false).await;
        }
    }

    async fn deliver_in(
        &self,
        account_id: AccountId,
        letters: NoticesByRecipient,
        holder: &str,
        limits: &mut SendBudget,
        summary: &mut Summary,
    ) -> AccountEmails {
        let mut done = AccountEmails::new(account_id);
        for (recipient, due) in letters {
            let account_id = &done.account_id;
            let page = RecipientKey { account_id, recipient: &recipient, holder };
            let delivery = if limits.is_over(self.now()) {
                summary.due += 1;
                SendOutcome::Deferred
            } else {
                self.send_to_recipient(page, &due, limits, summary).await.unwrap_or_else(|fault| {
                    // Sending on without writing down would tell people twice.
                    limits.unknown += 1;
                    tracing::warn!(account_id = account_id.as_str(), cause = %fault, "a letter was not written down");
                    SendOutcome::Failed
                })
            };
            let all = || due.iter().map(Notice::subject);
            match delivery {
                SendOutcome::SentNotices(but) => done.unsaid.extend(but),
                SendOutcome::Deferred => {
                    summary.left += 1;
                    done.unsaid.extend(all());
                }
                SendOutcome::Failed => {
                    summary.failed += 1;
                    done.unsaid.extend(all());
                }
                SendOutcome::Rejected(told) => {
                    summary.failed += 1;
                    done.refused.push(RejectedEmail { recipient, told, subjects: all().collect() });
                }
            }
            done.notices.extend(due.into_iter().map(|notice| (notice.subject(), notice)));
        }
        done
    }

    /// Claims the recipient's page, sends what they do not know yet, and writes down that they know it.
    async fn send_to_recipient(
        &self,
        page: RecipientKey<'_>,
        due: &[Notice],
        limits: &mut SendBudget,
        summary: &mut Summary,
    ) -> Result<SendOutcome, BackendError> {
        let (store, now) = (&self.management.app.store, self.now());
        let claimed = store.claim_recipient(page, now).await.inspect_err(|_| summary.due += 1)?;
        let Ok(told) = claimed else {
            summary.due += 1;
            return Ok(SendOutcome::Deferred);
        };
        let mut news: Vec<Notice> = due.iter().filter(|notice| !told.knows(notice)).cloned().collect();
        if news.is_empty() {
            store.release_claim(page).await?;
            return Ok(SendOutcome::SentNotices(Vec::new()));
        }
        summary.due += 1;
        news.sort_by_key(|notice| notice.expires_at);
        let rest = news.split_off(news.len().min(MAX_NOTICES_PER_EMAIL).min(told.room()));
        if news.is_empty() {
            store.release_claim(page).await?;
            return Ok(SendOutcome::Deferred);
        }
        let told = told.and(&news, due);
        let mut delivery = self.send(page, &news, told, now, limits, summary).await?;
        if let SendOutcome::SentNotices(but) = &mut delivery {
            but.extend(rest.iter().map(Notice::subject));
        }
        if matches!(delivery, SendOutcome::Deferred | SendOutcome::Failed) && limits.unknown == 0 {
            store.release_claim(page).await?;
        }
        Ok(delivery)
    }

    async fn send(
        &self,
        page: RecipientKey<'_>,
        news: &[Notice],
        told: SentNotices,
        now: Timestamp,
        limits: &mut SendBudget,
        summary: &mut Summary,
    ) -> Result<SendOutcome, BackendError> {
        let mime = self.render(page.account_id, page.recipient, news, now)?;
        limits.tick.tick().await;
        match self.mailer.send(&self.mail.sender, page.recipient, mime, DeliveryGuarantee::AtMostOnce).await {
            SendResult::Accepted => {
                limits.left = limits.left.saturating_sub(1);
                // If another run took over meanwhile, it has sent the same: nothing is lost.
                self.management.app.store.confirm_notices(page, &told, now).await?;
                limits.unknown = 0;
                summary.sent += 1;
                summary.notices += news.len();
                Ok(SendOutcome::SentNotices(Vec::new()))
            }
            SendResult::Rejected(why) => {
                limits.unknown = 0;
                tracing::warn!(account_id = page.account_id.as_str(), cause = why, "a letter was refused");
                Ok(SendOutcome::Rejected(told))
            }
            SendResult::AllRejected(why) => {
                limits.unknown += 1;
                tracing::warn!(
                    account_id = page.account_id.as_str(),
                    cause = why,
                    "SES refuses every letter"
                );
                self.management.app.store.release_claim(page).await?;
                Ok(SendOutcome::Failed)
            }
            SendResult::QuotaExceeded => {
                (limits.unknown, limits.left) = (0, 0);
                tracing::warn!("no more letters are taken for now");
                Ok(SendOutcome::Deferred)
            }
            SendResult::Unknown(fault) => {
                limits.unknown += 1;
                tracing::warn!(account_id = page.account_id.as_str(), cause = %fault, "what became of a letter is not known");
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
        let letter = ReminderEmail {
            from: &self.mail.sender,
            to,
            account_id,
            notices,
            link: &self.mail.link,
            now,
            message_id: &message_id,
        };
        letter.mime()
    }
}
