//! What the scheduled job asks for and remembers about credentials that end.

use super::{Store, item, keys, updates};
use crate::adapters::fault::Fault;
use crate::domain::ids::{ClientId, SecretId};
use crate::domain::reminder::{CertificateSaid, Ending, Said};
use jiff::civil::Date;
use std::collections::BTreeSet;

const REMEMBERING: &str = "remembering a reminder";

/// One answer of the index: whose credentials end on a date.
#[derive(Debug, Default)]
pub struct EndingClients {
    /// The clients.
    pub clients: BTreeSet<ClientId>,
    /// Keys in the index that are neither a secret's nor a client's.
    pub unreadable: usize,
}

impl Store {
    /// The clients of whom a secret or the certificate ends on this date (UTC). Eventually consistent; costs what
    /// there is on that date.
    pub async fn clients_with_an_end_on(&self, date: Date) -> Result<EndingClients, Fault> {
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
            .map_err(|error| Fault::aws("looking for credentials that end", &error))?;
        let mut ending = EndingClients::default();
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
    pub async fn note_said(&self, client: &ClientId, ending: &Ending, said: Said) -> Result<(), Fault> {
        match ending {
            Ending::Secret { secret_id, .. } => self.note_said_of_secret(client, secret_id, said).await,
            Ending::Certificate { thumbprint } => {
                self.note_said_of_certificate(client, thumbprint, said).await
            }
        }
    }

    async fn note_said_of_secret(
        &self,
        client: &ClientId,
        secret: &SecretId,
        said: Said,
    ) -> Result<(), Fault> {
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

    async fn note_said_of_certificate(
        &self,
        client: &ClientId,
        thumbprint: &str,
        said: Said,
    ) -> Result<(), Fault> {
        let known = CertificateSaid { thumbprint: thumbprint.to_owned(), said };
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
