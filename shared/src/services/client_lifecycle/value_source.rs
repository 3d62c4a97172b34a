//! Who still holds the value of a secret, and can store it again.
//!
//! It is a type, so that the scheduled job, which holds none, contains no code that stores one: its role does not allow it.

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::{ClientSecretStore, SecretBusy};
use crate::adapters::store::ClientWithSecrets;
use crate::domain::client::secret::Secret;
use crate::services::client_lifecycle::NewSecret;

/// Holds the value of one secret, or of none.
pub(super) trait ValueSource: Sync {
    /// Stores the value of this secret again. `false` if it is not known here.
    fn restore(
        &self,
        client_secrets: &ClientSecretStore,
        known: &ClientWithSecrets,
        secret: &Secret,
    ) -> impl Future<Output = Result<bool, BackendError>> + Send;
}

/// No value is known.
pub(super) struct NoValue;

impl ValueSource for NoValue {
    async fn restore(
        &self,
        _: &ClientSecretStore,
        _: &ClientWithSecrets,
        _: &Secret,
    ) -> Result<bool, BackendError> {
        Ok(false)
    }
}

impl ValueSource for NewSecret {
    async fn restore(
        &self,
        client_secrets: &ClientSecretStore,
        known: &ClientWithSecrets,
        secret: &Secret,
    ) -> Result<bool, BackendError> {
        if self.secret.secret_id != secret.secret_id {
            return Ok(false);
        }
        let (account, client) = (&known.client.account_id, &known.client.client_id);
        let stored =
            client_secrets.stage(account, client, &secret.secret_id, &self.value, secret.expires_at).await?;
        let busy =
            |SecretBusy| BackendError::new("storing a client secret again", "too many labels are in use");
        stored.map(|()| true).map_err(busy)
    }
}
