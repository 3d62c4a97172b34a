//! What the scheduled job asks for and remembers about secrets.

use super::{Store, item, keys, updates};
use crate::adapters::fault::Fault;
use crate::domain::ids::{ClientId, SecretId};
use crate::domain::reminder::Said;
use jiff::civil::Date;

/// One answer of the index: the secrets that end on a date.
#[derive(Debug, Default)]
pub struct EndingSecrets {
    /// Which, by client.
    pub secrets: Vec<(ClientId, SecretId)>,
    /// Keys in the index that are not a secret's.
    pub unreadable: usize,
}

impl Store {
    /// The secrets that end on this date (UTC). Eventually consistent; costs what there is on that date.
    pub async fn secrets_ending_on(&self, date: Date) -> Result<EndingSecrets, Fault> {
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
            .map_err(|error| Fault::aws("looking for secrets that end", &error))?;
        let mut ending = EndingSecrets::default();
        for found in items {
            match keys::parse_secret(item::string(&found, "pk"), item::string(&found, "sk")) {
                Some(ids) => ending.secrets.push(ids),
                None => ending.unreadable += 1,
            }
        }
        Ok(ending)
    }

    /// Remembers what was said about a secret's end, unless it is gone or its end has moved since.
    pub async fn note_said(&self, client: &ClientId, secret: &SecretId, said: &Said) -> Result<(), Fault> {
        let said_item = item::value("remembering a reminder", said)?;
        let sent = self
            .dynamodb
            .update_item()
            .table_name(&self.tables.directory)
            .set_key(Some(item::key(&keys::secret(client, secret))))
            .update_expression("SET said = :said")
            .condition_expression("attribute_exists(pk) AND expires_at = :end")
            .expression_attribute_values(":said", said_item)
            .expression_attribute_values(":end", item::text(said.expires_at.to_string()))
            .send()
            .await;
        updates::outcome("remembering a reminder", sent).map(|_| ())
    }
}
