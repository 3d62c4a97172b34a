//! Telling owners, once, that the stored value of a live secret is gone.

use crate::send_budget::SendBudget;
use crate::{Job, Summary};
use shared::adapters::crypto::random::random_hex;
use shared::adapters::email::mailer::{DeliveryGuarantee, SendResult};
use shared::adapters::email::stored_secret_missing::StoredSecretEmail;
use shared::adapters::error::BackendError;
use shared::domain::primitives::email::EmailAddress;
use shared::services::client_lifecycle::MissingValues;

impl Job {
    /// Mails the owners of each client. The work that found the loss ends once one of them was told; until then each run
    /// tries again.
    pub(crate) async fn report_missing_values(
        &self,
        all: Vec<MissingValues>,
        limits: &mut SendBudget,
        summary: &mut Summary,
    ) {
        for missing in all {
            if let Err(fault) = self.report(&missing, limits, summary).await {
                let client_id = missing.client.client_id.as_str();
                tracing::warn!(client_id, cause = %fault, "owners could not be told of a missing stored secret");
                summary.unsettled += 1;
            }
        }
    }

    async fn report(
        &self,
        missing: &MissingValues,
        limits: &mut SendBudget,
        summary: &mut Summary,
    ) -> Result<(), BackendError> {
        let client = &missing.client;
        tracing::warn!(client_id = client.client_id.as_str(), "stored secret missing");
        let mut recipients = self.client_managers(&client.account_id).await?;
        recipients.extend(client.contacts.iter().cloned());
        recipients.sort();
        recipients.dedup();
        if recipients.is_empty() {
            recipients.push(self.mail.operator.clone());
            summary.without_recipient += 1;
        }
        let (mut told, mut refused) = (false, false);
        for recipient in recipients {
            summary.due += 1;
            if limits.is_over(self.now()) {
                summary.left += 1;
                continue;
            }
            limits.tick.tick().await;
            let mime = self.missing_value_email(missing, &recipient)?;
            let guarantee = DeliveryGuarantee::AtMostOnce;
            match self.mailer.send(&self.mail.sender, &recipient, mime, guarantee).await {
                SendResult::Accepted => {
                    limits.left = limits.left.saturating_sub(1);
                    (limits.unknown, told) = (0, true);
                    summary.sent += 1;
                }
                SendResult::Rejected(reason) => {
                    tracing::warn!(reason, "a mail about a missing stored secret was refused");
                    refused = true;
                    summary.failed += 1;
                }
                SendResult::AllRejected(reason) => {
                    tracing::warn!(reason, "SES refuses every mail");
                    limits.unknown += 1;
                    summary.failed += 1;
                }
                SendResult::QuotaExceeded => {
                    limits.left = 0;
                    summary.left += 1;
                }
                SendResult::Unknown(fault) => {
                    tracing::warn!(cause = %fault, "what became of a mail is not known");
                    limits.unknown += 1;
                    summary.failed += 1;
                }
            }
        }
        // Where SES refuses one recipient and takes mails to others, another attempt would be refused as well.
        let is_done = told || (refused && summary.sent > 0);
        if is_done { self.management.app.store.end(&missing.intent).await } else { Ok(()) }
    }

    fn missing_value_email(
        &self,
        missing: &MissingValues,
        to: &EmailAddress,
    ) -> Result<Vec<u8>, BackendError> {
        let client = &missing.client;
        let hints: Vec<String> = missing.secrets.iter().map(|secret| secret.hint.clone()).collect();
        let email = StoredSecretEmail {
            from: &self.mail.sender,
            to,
            account_id: &client.account_id,
            client_id: &client.client_id,
            client_name: &client.client_name,
            hints: &hints,
            link: &self.mail.link,
            now: self.now(),
            message_id: &random_hex(),
        };
        email.mime()
    }
}
