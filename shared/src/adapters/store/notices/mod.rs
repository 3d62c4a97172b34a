//! Expiring credentials, and the notices that the scheduled job has sent about them.

mod account_mail;
mod daily_recipients;
mod notification_log;
mod sent_reminders;

pub use account_mail::AccountMail;
pub use daily_recipients::{AdmitOutcome, DailyRecipients};
pub use notification_log::{ClaimOutcome, LEASE, RecipientKey, SentNotices};
pub use sent_reminders::MailHistory;

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::domain::reminder::{CertificateLastNotice, ExpiringCredential, LastNotice};
use jiff::civil::Date;
use std::collections::BTreeSet;

const RECORD_OP: &str = "recording a reminder";

/// The clients with a credential that expires on one date.
#[derive(Debug, Default)]
pub struct ExpiringClients {
    /// The clients.
    pub clients: BTreeSet<ClientId>,
    /// The number of index entries that are neither a secret's nor a client's.
    pub unreadable: usize,
}

impl Store {
    /// The clients with a secret or a certificate that expires on this date (UTC). Eventually consistent. Reads only the
    /// entries of that date.
    pub async fn clients_expiring_on(&self, date: Date) -> Result<ExpiringClients, BackendError> {
        let pages = self
            .dynamodb
            .query()
            .table_name(&self.tables.directory)
            .index_name(keys::BY_EXPIRY)
            .key_condition_expression("expires_on = :date")
            .expression_attribute_values(":date", item::text(date.to_string()))
            .into_paginator()
            .items()
            .send();
        let items: Vec<item::Item> = pages
            .collect::<Result<_, _>>()
            .await
            .map_err(|error| BackendError::aws("looking for credentials that end", &error))?;
        let mut ending = ExpiringClients::default();
        for found in items {
            match keys::parse_client(item::string(&found, "pk"), item::string(&found, "sk")) {
                Some(client) => {
                    ending.clients.insert(client);
                }
                None => ending.unreadable += 1,
            }
        }
        Ok(ending)
    }

    /// Records the last notice about a credential, unless it was deleted or replaced, or its expiry has changed. The
    /// client's version is unchanged.
    pub async fn record_notice(
        &self,
        client: &ClientId,
        ending: &ExpiringCredential,
        said: LastNotice,
    ) -> Result<(), BackendError> {
        match ending {
            ExpiringCredential::Secret { secret_id, .. } => {
                self.record_secret_notice(client, secret_id, said).await
            }
            ExpiringCredential::Certificate { thumbprint } => {
                self.record_certificate_notice(client, thumbprint, said).await
            }
        }
    }

    async fn record_secret_notice(
        &self,
        client: &ClientId,
        secret: &SecretId,
        said: LastNotice,
    ) -> Result<(), BackendError> {
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::secret(client, secret))))
            .update_expression("SET said = :said")
            .condition_expression("attribute_exists(pk) AND expires_at = :end")
            .expression_attribute_values(":said", item::value(RECORD_OP, &said)?)
            .expression_attribute_values(":end", item::text(said.expires_at.to_string()))
            .send()
            .await;
        item::updated(RECORD_OP, sent).map(|_| ())
    }

    async fn record_certificate_notice(
        &self,
        client: &ClientId,
        thumbprint: &str,
        said: LastNotice,
    ) -> Result<(), BackendError> {
        let known = CertificateLastNotice { thumbprint: thumbprint.to_owned(), said };
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::client(client))))
            .update_expression("SET certificate_said = :said")
            .condition_expression("key_source.public_key_pem.certificate.thumbprint = :thumbprint")
            .expression_attribute_values(":said", item::value(RECORD_OP, &known)?)
            .expression_attribute_values(":thumbprint", item::text(thumbprint))
            .send()
            .await;
        item::updated(RECORD_OP, sent).map(|_| ())
    }
}
