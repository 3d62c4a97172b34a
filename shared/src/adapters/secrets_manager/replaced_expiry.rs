//! Storing a client secret again with another expiry.

use crate::adapters::secrets_manager::client_secret_store::{ClientSecretStore, StoreSecretError};
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::primitives::ids::{ClientId, SecretId};
use jiff::Timestamp;

impl ClientSecretStore {
    /// Stores a client secret that is stored already with another expiry, and moves its own label to the new version. Other
    /// labels stay where they are until they are moved.
    ///
    /// Safe to repeat: the request token, which is the id of the version, is made of the secret's id and the expiry.
    pub async fn replace_expiry(
        &self,
        client: &ClientId,
        id: &SecretId,
        secret: &ClientSecret,
        expires_at: Timestamp,
    ) -> Result<(), StoreSecretError> {
        let value = self.value(client, Some((id, secret, expires_at)));
        let token = format!("{id}-until-{}", expires_at.as_second());
        // A label of its own first: the secret's must never be on no version.
        self.put(client, &token, &token, &value).await?;
        let versions = self.versions(client).await?.unwrap_or_default();
        let has_label = |labels: &[String]| labels.iter().any(|label| label == id.as_str());
        let present = versions.iter().find(|version| has_label(&version.labels));
        let from = present.map(|version| version.version_id.as_str()).filter(|from| *from != token);
        Ok(self.move_stage(client, id.as_str(), from, Some(&token)).await?)
    }
}
