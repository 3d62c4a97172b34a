//! Consents: one item for each person and client.

use super::item::{self, number};
use super::page::Listing;
use super::transaction::Condition;
use super::{Outcome, Page, Position, Record, Refused, Store, keys};
use crate::adapters::fault::Fault;
use crate::domain::consent::Consent;
use crate::domain::ids::ClientId;
use crate::domain::person::Subject;

pub(super) fn consent_item(consent: &Consent) -> Result<item::Item, Fault> {
    let mut entry = item::write(&keys::consent(&consent.client_id, &consent.sub), consent)?;
    entry.insert("purge_at".to_owned(), number(consent.expires_at.as_second()));
    Ok(entry)
}

impl Store {
    /// What a person lets a client do. Consistent: a withdrawal acts on the next request.
    pub async fn load_consent(&self, client: &ClientId, sub: &Subject) -> Result<Option<Consent>, Fault> {
        self.load_grant("reading a consent", &keys::consent(client, sub)).await
    }

    /// Withdraws a consent, if it is there.
    pub async fn withdraw_consent(&self, consent: &Consent, record: &Record<'_>) -> Result<Outcome, Fault> {
        let transaction = self.change("withdrawing a consent", record)?.delete(
            &self.tables.grants,
            &keys::consent(&consent.client_id, &consent.sub),
            &Condition::Present,
            Refused::Changed,
        )?;
        self.finish(transaction).await
    }

    /// The consents that a client was given, in the order of their subjects. Consistent. An expired one may still be
    /// among them.
    pub async fn list_consents(
        &self,
        client: &ClientId,
        limit: i32,
        after: Option<&Position>,
    ) -> Result<Page<Consent>, Fault> {
        let listing = Listing {
            doing: "listing consents",
            table: &self.tables.grants,
            index: None,
            partition: keys::consents_partition(client),
            prefix: "",
            newest_first: false,
        };
        self.read_page(&listing, limit, after).await
    }
}
