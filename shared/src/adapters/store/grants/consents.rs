//! Consents: one item for each end user and client.

use crate::adapters::error::BackendError;
use crate::adapters::store::item::{self, number};
use crate::adapters::store::keys;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome};
use crate::domain::primitives::ids::ClientId;
use crate::domain::sign_in::consent::Consent;
use crate::domain::sign_in::end_user::Subject;

pub(super) fn consent_item(consent: &Consent) -> Result<item::Item, BackendError> {
    let mut entry = item::write(&keys::consent(&consent.client_id, &consent.sub), consent)?;
    entry.insert("purge_at".to_owned(), number(consent.expires_at.as_second()));
    Ok(entry)
}

impl Store {
    /// An end user's consent to a client. Consistent: a withdrawal acts on the next request.
    pub async fn load_consent(
        &self,
        client: &ClientId,
        sub: &Subject,
    ) -> Result<Option<Consent>, BackendError> {
        self.load_grant("reading a consent", &keys::consent(client, sub)).await
    }

    /// The consents of a person to these clients. Consistent. An expired one may still be among them.
    pub async fn consents_of(
        &self,
        sub: &Subject,
        clients: &[&ClientId],
    ) -> Result<Vec<Consent>, BackendError> {
        const OP: &str = "reading the consents of a person";
        let keys: Vec<_> = clients.iter().map(|client| keys::consent(client, sub)).collect();
        let found = self.load_batch(OP, &self.tables.grants, &keys).await?;
        found.into_iter().map(|consent| item::read(OP, consent)).collect()
    }

    /// Deletes a consent, if it exists.
    pub async fn withdraw_consent(
        &self,
        consent: &Consent,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let transaction = self.change("withdrawing a consent", record)?.delete(
            &self.tables.grants,
            &keys::consent(&consent.client_id, &consent.sub),
            &Condition::Present,
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }

    /// A client's consents, in the order of their subjects. Consistent. An expired one may still be among them.
    pub async fn list_consents(
        &self,
        client: &ClientId,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<Consent>, BackendError> {
        let listing = QuerySpec {
            operation: "listing consents",
            table: &self.tables.grants,
            index: None,
            partition: keys::consents_partition(client),
            prefix: "",
            newest_first: false,
        };
        self.read_page(&listing, limit, after).await
    }
}
