//! Changing a secret whose value is stored in Secrets Manager.

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::{RevealError, StoreSecretError};
use crate::adapters::store::{AuditRecord, UpdateSecret, WriteOutcome};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::services::clients::provisioning::provisioner::{ClientProvisioner, uses_secrets_manager};
use crate::services::clients::provisioning::value_source::NoValue;
use crate::services::modify::Contention;

/// Why a secret was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateSecretError {
    /// Other requests store values of the same client.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl ClientProvisioner<'_> {
    /// Replaces what people change of a secret, and moves the labels of stored values to the secrets that are not paused.
    pub async fn update_secret(
        &self,
        change: &UpdateSecret<'_>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let intent = self.begin(change.read, None).await?;
        let outcome =
            self.store.update_secret(&UpdateSecret { intent: intent.as_ref(), ..*change }, record).await?;
        self.finish_intent(intent, &NoValue).await;
        Ok(outcome)
    }

    /// Stores the value of a secret again with an earlier expiry, for the workload that reads it. It comes before the change in
    /// DynamoDB: if that does not follow, the workload expects the end too early, and never too late.
    pub async fn store_earlier_expiry(
        &self,
        client: &Client,
        secret: &Secret,
    ) -> Result<(), UpdateSecretError> {
        if !uses_secrets_manager(client) {
            return Ok(());
        }
        let id = &secret.secret_id;
        let value = match self.client_secrets.reveal(&client.client_id, id).await {
            Ok(value) => value,
            Err(RevealError::NotStored) => return Ok(()),
            Err(RevealError::Backend(fault)) => return Err(fault.into()),
        };
        match self.client_secrets.replace_expiry(&client.client_id, id, &value, secret.expires_at).await {
            Ok(()) => Ok(()),
            Err(StoreSecretError::Busy) => Err(Contention.into()),
            Err(StoreSecretError::Backend(fault)) => Err(fault.into()),
        }
    }
}
