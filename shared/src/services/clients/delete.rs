//! Deleting a client.

use crate::adapters::store::{ClientWithSecrets, Page};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::domain::sign_in::consent::Consent;
use crate::services::clients::{ClientError, ClientManager, DeleteError};
use crate::services::modify::VersionPredicate;

/// What is deleted with a client.
#[derive(Debug)]
pub struct Dependents {
    /// Its secrets, oldest first, expired ones too.
    pub secrets: Vec<Secret>,
    /// How many people let it act for them, as far as they were counted.
    pub people: u64,
    /// Whether there are more.
    pub has_more_people: bool,
}

impl From<DeleteError> for ClientError {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::NotFound => Self::NotFound,
            DeleteError::VersionMismatch(mismatch) => Self::VersionMismatch(mismatch),
            DeleteError::Contention(contention) => Self::Contention(contention),
            DeleteError::Backend(fault) => Self::Backend(fault),
        }
    }
}

impl ClientManager<'_> {
    /// A client, and what is deleted with it. At most `limit` people are counted.
    pub async fn with_dependents(
        &self,
        client_id: &str,
        limit: i32,
    ) -> Result<(Client, Dependents), ClientError> {
        let ClientWithSecrets { client, secrets } = self.load(client_id).await?;
        let Page { items, next } = self.ctx.store().list_consents(&client.client_id, limit, None).await?;
        let is_live = |consent: &&Consent| consent.is_live(self.ctx.now());
        let people = items.iter().filter(is_live).count() as u64;
        Ok((client, Dependents { secrets, people, has_more_people: next.is_some() }))
    }

    /// Deletes a client with all its secrets, if it is at an expected version. Its id is never used again.
    pub async fn delete(&self, client_id: &str, expected: VersionPredicate<'_>) -> Result<(), ClientError> {
        let client = self.load_changeable(client_id).await?;
        Self::ensure_not_operators(&client)?;
        let audit = self.provisioner().delete_client(&self.account_id, &client.client_id, expected).await?;
        self.ctx.publish(&audit).await;
        Ok(())
    }
}
