//! Replaces the current value of a secret, or gives it its first one. Of several that do so at once, one succeeds.

use crate::adapters::crypto::random::random_hex;
use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::retry::backoff;
use crate::adapters::secrets_manager::deployment_secret::{Current, DeploymentSecret};
use crate::adapters::secrets_manager::versions::CURRENT;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use zeroize::Zeroizing;

/// How often [`DeploymentSecret::ensure`] tries: reads may lag behind a value that was stored a moment ago.
const ATTEMPTS: usize = 12;
const OP: &str = "storing a secret of the deployment";
const CREATE_OP: &str = "making a secret of the deployment";

/// Error of replacing the value of a secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReplaceError {
    /// The secret does not exist.
    #[error("there is no such secret")]
    NoSuchSecret,
    /// Secrets Manager failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl From<ReplaceError> for BackendError {
    fn from(error: ReplaceError) -> Self {
        match error {
            ReplaceError::Backend(failure) => failure,
            ReplaceError::NoSuchSecret => Self::new(OP, error),
        }
    }
}

impl DeploymentSecret {
    /// Makes a value current if `current` is the current version, or `None` and there is none. `false` if another
    /// version is current.
    pub async fn replace(&self, current: Option<&str>, text: &str) -> Result<bool, ReplaceError> {
        let token = random_hex();
        // A version needs a label until it is current: one that no other request uses.
        let label = format!("offer-{token}");
        let is_missing = PutSecretValueError::is_resource_not_found_exception;
        let stored = self.versions().put(OP, &token, &label, text, is_missing).await?;
        let version = stored.ok_or(ReplaceError::NoSuchSecret)?;
        let replaced = self.move_stage(CURRENT, current, Some(&version)).await?;
        self.move_stage(&label, Some(&version), None).await?;
        Ok(replaced)
    }

    /// Gives the secret its first value, and creates the secret if it does not exist. A value that is there stays. Of
    /// several calls at once, one stores its value, and all agree on it.
    pub async fn ensure(
        &self,
        generate: impl Fn() -> Result<Zeroizing<String>, BackendError>,
    ) -> Result<(), BackendError> {
        let mut pauses = backoff(ATTEMPTS);
        loop {
            let Current::Missing(version) = self.current().await? else { return Ok(()) };
            let value = generate()?;
            match self.replace(version.as_deref(), &value).await {
                Ok(_) => {}
                Err(ReplaceError::NoSuchSecret) => self.create(&value).await?,
                Err(ReplaceError::Backend(failure)) => return Err(failure),
            }
            // Reading it back is the proof. Reads may lag behind.
            let Some(pause) = pauses.next() else { break };
            tokio::time::sleep(pause).await;
        }
        Err(BackendError::new(CREATE_OP, "it has no value after being given one"))
    }

    async fn create(&self, value: &str) -> Result<(), BackendError> {
        let sent = self.client.create_secret().name(&self.id).secret_string(value).send().await;
        ok_or_expected(CREATE_OP, sent, CreateSecretError::is_resource_exists_exception).map(|_| ())
    }
}
