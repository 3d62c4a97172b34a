//! The emails of a run, in an order that is fair between accounts.

use crate::reminders::find_due::DueClient;
use crate::reminders::recipients::PendingEmail;
use crate::reminders::record_outcomes::{AccountEmails, RejectedEmail};
use crate::reminders::send_budget::SendBudget;
use crate::reminders::send_email::SendOutcome;
use crate::summary::DeferralReason;
use crate::{Job, Summary};
use shared::adapters::crypto::peppers::Peppers;
use shared::domain::primitives::ids::AccountId;
use shared::domain::reminder::{Notice, fair_order};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

impl Job {
    /// Sends what is due, in an order that is fair between accounts. Accounts with rejected emails are recorded once SES has
    /// accepted an email, so that the order of sending makes no difference.
    pub(crate) async fn send_reminders(
        &self,
        due: BTreeMap<AccountId, Vec<DueClient>>,
        holder: &str,
        mut budget: SendBudget,
        summary: &mut Summary,
    ) {
        if due.is_empty() {
            return;
        }
        let peppers = match self.management.app.peppers(self.now()).await {
            Ok(peppers) => peppers,
            Err(error) => {
                // Without a link by which they can be stopped, no e-mail goes to a contact.
                tracing::warn!(cause = %error, "pepper could not be read, no reminder is sent in this run");
                summary.unreadable += 1;
                return;
            }
        };
        let (mut accounts, pending) = self.pending_emails(due, &peppers, summary).await;
        let mut waiting: Vec<AccountEmails> = Vec::new();
        for email in fair_order(pending, |email| email.account_id.clone(), PendingEmail::urgency) {
            let Entry::Occupied(mut entry) = accounts.entry(email.account_id.clone()) else { continue };
            self.process(entry.get_mut(), email, holder, &mut budget, summary).await;
            if entry.get().open == 0 {
                let emails = entry.remove();
                self.report_deferrals(&emails, summary).await;
                if emails.rejected.is_empty() {
                    self.record_outcomes(emails, holder, summary.sent > 0).await;
                } else {
                    waiting.push(emails);
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

    /// The emails of all accounts, with the number of each account's.
    async fn pending_emails(
        &self,
        due: BTreeMap<AccountId, Vec<DueClient>>,
        peppers: &Peppers,
        summary: &mut Summary,
    ) -> (BTreeMap<AccountId, AccountEmails>, Vec<PendingEmail>) {
        let (mut accounts, mut pending) = (BTreeMap::new(), Vec::new());
        for (account_id, clients) in due {
            match self.load_recipients(&account_id).await {
                Ok(recipients) => {
                    let by_recipient = self.group_by_recipient(&recipients, &clients, summary);
                    let emails = AccountEmails {
                        had_deferred: recipients.mail().has_deferred(),
                        ..AccountEmails::new(account_id.clone(), by_recipient.len())
                    };
                    accounts.insert(account_id.clone(), emails);
                    pending.extend(by_recipient.into_iter().map(|(recipient, notices)| PendingEmail {
                        account_id: account_id.clone(),
                        stop_link: self.stop_link(&recipients, &recipient, peppers),
                        language: recipients.language_of(&recipient),
                        recipient,
                        notices,
                    }));
                }
                Err(error) => {
                    tracing::warn!(account_id = account_id.as_str(), cause = %error, "members could not be read");
                    summary.unreadable += 1;
                }
            }
        }
        (accounts, pending)
    }

    async fn process(
        &self,
        emails: &mut AccountEmails,
        email: PendingEmail,
        holder: &str,
        budget: &mut SendBudget,
        summary: &mut Summary,
    ) {
        emails.open -= 1;
        let outcome = if budget.is_exhausted(self.now()) {
            summary.due += 1;
            SendOutcome::Deferred(DeferralReason::Quota)
        } else if emails.is_beyond_limit(&email.recipient) {
            summary.due += 1;
            SendOutcome::Deferred(DeferralReason::RecipientLimit)
        } else {
            let sent = self.send_to_recipient(&email, holder, emails, budget, summary).await;
            sent.unwrap_or_else(|error| {
                // Sending on without recording would send notices twice.
                budget.consecutive_failures += 1;
                tracing::warn!(account_id = email.account_id.as_str(), cause = %error, "reminder could not be recorded");
                SendOutcome::Failed
            })
        };
        let PendingEmail { recipient, notices: due, .. } = email;
        let all = || due.iter().map(Notice::credential_key);
        match outcome {
            SendOutcome::Sent(except) => {
                for credential in all().filter(|credential| !except.contains(credential)) {
                    *emails.reached.entry(credential).or_default() += 1;
                }
                emails.unsent.extend(except);
            }
            SendOutcome::Deferred(reason) => {
                summary.defer(reason);
                *emails.deferred.entry(reason).or_default() += 1;
                if reason != DeferralReason::OtherRun {
                    emails.deferred_clients.extend(due.iter().map(|notice| notice.client_id.clone()));
                }
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
}
