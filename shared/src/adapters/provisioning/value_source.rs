//! Who still holds the value of a secret, and can store it again.
//!
//! It is a type, so that the scheduled job, which holds none, contains no code that stores one: its role does not allow it.

use super::Minted;
use crate::adapters::fault::Fault;
use crate::adapters::store::ClientAndSecrets;
use crate::adapters::vault::{Vault, VaultBusy};
use crate::domain::secret::Secret;

/// Holds the value of one secret, or of none.
pub(super) trait ValueSource: Sync {
    /// Stores the value of this secret again. `false` if it is not known here.
    fn restore(
        &self,
        vault: &Vault,
        known: &ClientAndSecrets,
        secret: &Secret,
    ) -> impl Future<Output = Result<bool, Fault>> + Send;
}

/// No value is known.
pub(super) struct NoValue;

impl ValueSource for NoValue {
    async fn restore(&self, _: &Vault, _: &ClientAndSecrets, _: &Secret) -> Result<bool, Fault> {
        Ok(false)
    }
}

impl ValueSource for Minted {
    async fn restore(&self, vault: &Vault, known: &ClientAndSecrets, secret: &Secret) -> Result<bool, Fault> {
        if self.secret.secret_id != secret.secret_id {
            return Ok(false);
        }
        let (account, client) = (&known.client.account_id, &known.client.client_id);
        let stored = vault.stage(account, client, &secret.secret_id, &self.value, secret.expires_at).await?;
        let busy = |VaultBusy| Fault::new("storing a client secret again", "too many labels are in use");
        stored.map(|()| true).map_err(busy)
    }
}
