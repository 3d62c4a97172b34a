//! What the scheduled job asks for and remembers about credentials that end.

mod notification_log;

pub use notification_log::{AlreadyClaimed, LEASE, RecipientKey, SentNotices};

use crate::adapters::error::BackendError;
use crate::adapters::store::Store;
use crate::adapters::store::item;
use crate::adapters::store::keys;
use crate::adapters::store::updates;
use crate::domain::primitives::ids::{ClientId, SecretId};
use crate::domain::reminder::{CertificateLastNotice, ExpiringCredential, LastNotice};
use jiff::civil::Date;
use std::collections::BTreeSet;

const REMEMBERING: &str = "remembering a reminder";

/// One answer of the index: whose credentials end on a date.
#[derive(Debug, Default)]
pub struct ExpiringClients {
    /// The clients.
    pub clients: BTreeSet<ClientId>,
    /// Keys in the index that are neither a secret's nor a client's.
    pub unreadable: usize,
}

impl Store {
    /// The clients of whom a secret or the certificate ends on this date (UTC). Eventually consistent; costs what
    /// there is on that date.
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

    /// Remembers what was said about a credential's end, unless it is gone, replaced, or its end has moved since.
    /// The client's version stays.
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
            .expression_attribute_values(":said", item::value(REMEMBERING, &said)?)
            .expression_attribute_values(":end", item::text(said.expires_at.to_string()))
            .send()
            .await;
        updates::outcome(REMEMBERING, sent).map(|_| ())
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
            .expression_attribute_values(":said", item::value(REMEMBERING, &known)?)
            .expression_attribute_values(":thumbprint", item::text(thumbprint))
            .send()
            .await;
        updates::outcome(REMEMBERING, sent).map(|_| ())
    }
}
