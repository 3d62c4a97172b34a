//! Emails owners, once, that the stored value of a live secret is missing in Secrets Manager.

use crate::reminders::send_budget::SendBudget;
use crate::summary::DeferralReason;
use crate::{Job, Summary};
use shared::adapters::crypto::random::random_hex;
use shared::adapters::email::mailer::{DeliveryGuarantee, OutgoingEmail, SendResult};
use shared::adapters::email::stored_secret_missing::StoredSecretEmail;
use shared::adapters::error::BackendError;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::language::Language;
use shared::services::clients::MissingValues;

impl Job {
    /// Emails the owners of each client. The intent that led to the discovery ends once an owner was notified; until then
    /// each run tries again.
    pub(crate) async fn report_missing_values(
        &self,
        all: Vec<MissingValues>,
        budget: &mut SendBudget,
        summary: &mut Summary,
    ) {
        for missing in all {
            if let Err(error) = self.report(&missing, budget, summary).await {
                let client_id = missing.client.client_id.as_str();
                tracing::warn!(client_id, cause = %error, "stored secret missing: owners not notified");
                summary.cleanup_failed += 1;
            }
        }
    }

    async fn report(
        &self,
        missing: &MissingValues,
        budget: &mut SendBudget,
        summary: &mut Summary,
    ) -> Result<(), BackendError> {
        let client = &missing.client;
        tracing::warn!(client_id = client.client_id.as_str(), "stored secret missing");
        let account = self.load_recipients(&client.account_id).await?;
        let mut recipients = self.recipients_of(&account, &client.contacts);
        if recipients.is_empty() {
            recipients.insert(self.mail.operator.clone());
            summary.without_recipient += 1;
        }
        let peppers = self.management.app.peppers(self.now()).await?;
        let (mut notified, mut rejected) = (false, false);
        for recipient in recipients {
            summary.due += 1;
            if budget.is_exhausted(self.now()) {
                summary.defer(DeferralReason::Quota);
                continue;
            }
            budget.tick.tick().await;
            let stop_link = self.stop_link(&account, &recipient, &peppers);
            let email = OutgoingEmail {
                from: &self.mail.sender,
                to: &recipient,
                account_id: Some(&client.account_id),
                mime: self
                    .missing_value_email(
                        missing,
                        &recipient,
                        account.language_of(&recipient),
                        stop_link.as_deref(),
                    )
                    .await?,
                delivery: DeliveryGuarantee::AtMostOnce,
            };
            match self.mailer.send(email).await {
                SendResult::Accepted => {
                    budget.remaining = budget.remaining.saturating_sub(1);
                    (budget.consecutive_failures, notified) = (0, true);
                    summary.sent += 1;
                }
                SendResult::Rejected(reason) => {
                    tracing::warn!(reason, "stored secret missing: email rejected");
                    rejected = true;
                    summary.failed += 1;
                }
                SendResult::AllRejected(reason) => {
                    tracing::warn!(reason, "SES rejects every email");
                    budget.consecutive_failures += 1;
                    summary.failed += 1;
                }
                SendResult::QuotaExceeded => {
                    budget.remaining = 0;
                    summary.defer(DeferralReason::Quota);
                }
                SendResult::Unknown(error) => {
                    tracing::warn!(cause = %error, "stored secret missing: result of sending the email unknown");
                    budget.consecutive_failures += 1;
                    summary.failed += 1;
                }
            }
        }
        // Where SES rejects one recipient and accepts emails to others, another attempt would be rejected as well.
        let is_done = notified || (rejected && summary.sent > 0);
        if is_done { self.management.app.store.end(&missing.intent).await } else { Ok(()) }
    }

    async fn missing_value_email(
        &self,
        missing: &MissingValues,
        to: &EmailAddress,
        language: Language,
        stop_link: Option<&str>,
    ) -> Result<Vec<u8>, BackendError> {
        let (client, logo) = (&missing.client, self.logo().await);
        let hints: Vec<String> = missing.secrets.iter().map(|secret| secret.hint.clone()).collect();
        let email = StoredSecretEmail {
            frame: self.mail_frame(language, logo.as_deref()),
            from: &self.mail.sender,
            to,
            account_id: &client.account_id,
            client_id: &client.client_id,
            client_name: &client.client_name,
            hints: &hints,
            link: &self.mail.link,
            now: self.now(),
            message_id: &random_hex(),
            stop_link,
        };
        email.mime()
    }
}
