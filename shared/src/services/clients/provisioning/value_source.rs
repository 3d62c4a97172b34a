//! Sources of a secret's value, which store it again if Secrets Manager lacks it.
//!
//! A type parameter and no option, so that the scheduled job, which has no values, contains no code that stores one: its
//! role does not allow it.

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::{ClientSecretStore, StoreSecretError};
use crate::adapters::store::ClientWithSecrets;
use crate::domain::client::secret::Secret;
use crate::services::clients::provisioning::new_secret::NewSecret;

/// Has the value of one secret, or of none.
pub(super) trait ValueSource: Sync {
    /// Stores the value of this secret again; `false` if it is not the one that the source has.
    fn restore(
        &self,
        client_secrets: &ClientSecretStore,
        known: &ClientWithSecrets,
        secret: &Secret,
    ) -> impl Future<Output = Result<bool, BackendError>> + Send;
}

/// Has no value.
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
            client_secrets.stage(account, client, &secret.secret_id, &self.value, secret.expires_at).await;
        match stored {
            Ok(()) => Ok(true),
            Err(StoreSecretError::Backend(fault)) => Err(fault),
            Err(busy @ StoreSecretError::Busy) => {
                Err(BackendError::new("storing a client secret again", busy))
            }
        }
    }
}
