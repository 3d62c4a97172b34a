//! Changing a secret whose value may be stored in Secrets Manager.

use crate::adapters::secrets_manager::client_secret_store::{RevealError, StoreSecretError};
use crate::adapters::store::{AuditRecord, UpdateSecret, WriteOutcome};
use crate::services::clients::provisioning::provisioner::ClientProvisioner;
use crate::services::clients::provisioning::value_source::NoValue;

impl ClientProvisioner<'_> {
    /// Replaces what people change of a secret, and moves the labels of stored values to the secrets that are not paused.
    ///
    /// An earlier expiry is stored beside the value first: if the change in DynamoDB does not follow, the workload that reads
    /// it expects the end too early, and never too late.
    pub async fn update_secret(
        &self,
        change: &UpdateSecret<'_>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, StoreSecretError> {
        let intent = self.begin(change.read, None).await?;
        if intent.is_some() && ends_earlier(change) {
            self.store_expiry(change).await?;
        }
        let change = UpdateSecret { intent: intent.as_ref(), ..*change };
        let outcome = self.store.update_secret(&change, record).await?;
        self.finish_intent(intent, &NoValue).await;
        Ok(outcome)
    }

    async fn store_expiry(&self, change: &UpdateSecret<'_>) -> Result<(), StoreSecretError> {
        let (client, secret) = (&change.client.client_id, change.secret);
        match self.client_secrets.reveal(client, &secret.secret_id).await {
            Ok(value) => {
                self.client_secrets.replace_expiry(client, &secret.secret_id, &value, secret.expires_at).await
            }
            Err(RevealError::NotStored) => Ok(()),
            Err(RevealError::Backend(fault)) => Err(fault.into()),
        }
    }
}

fn ends_earlier(change: &UpdateSecret<'_>) -> bool {
    let mut summaries = change.read.secrets.iter();
    let before = summaries.find(|summary| summary.secret_id == change.secret.secret_id);
    before.is_some_and(|before| change.secret.expires_at < before.expires_at)
}
