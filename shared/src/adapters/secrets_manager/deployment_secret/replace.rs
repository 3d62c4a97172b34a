//! Putting a value in the place of another one, or of none, so that of many who do so one succeeds.

use crate::adapters::crypto::random::random_hex;
use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::secrets_manager::client_secret_store::CURRENT;
use crate::adapters::secrets_manager::deployment_secret::{Current, DeploymentSecret};
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use std::time::Duration;
use zeroize::Zeroizing;

/// How often a value is read again that somebody else has just put there.
const ATTEMPTS: u32 = 8;

/// There is no such secret.
struct NoSuchSecret;

impl DeploymentSecret {
    /// Puts a value in the place of the current version, or of none. `false` if another one is there.
    pub async fn replace(&self, current: Option<&str>, text: &str) -> Result<bool, BackendError> {
        match self.offer(current, text).await? {
            Ok(replaced) => Ok(replaced),
            Err(NoSuchSecret) => {
                Err(BackendError::new("storing a secret of the deployment", "there is no such secret"))
            }
        }
    }

    async fn offer(
        &self,
        current: Option<&str>,
        text: &str,
    ) -> Result<Result<bool, NoSuchSecret>, BackendError> {
        let token = random_hex();
        // A version needs some label until it is current; one of its own, so that it is nobody else's.
        let label = format!("offer-{token}");
        let sent = self.put(&token, &label, text).await;
        let operation = "storing a secret of the deployment";
        let found = ok_or_expected(operation, sent, PutSecretValueError::is_resource_not_found_exception)?;
        let Some(output) = found else { return Ok(Err(NoSuchSecret)) };
        let version = output.version_id.unwrap_or(token);
        let replaced = self.move_stage(CURRENT, current, Some(&version)).await?;
        self.move_stage(&label, Some(&version), None).await?;
        Ok(Ok(replaced))
    }

    /// Gives the secret its first value, and makes the secret where there is none. Of many that do so at
    /// once one succeeds, and all agree on its value. What is there stays.
    pub async fn ensure(
        &self,
        make: impl Fn() -> Result<Zeroizing<String>, BackendError>,
    ) -> Result<(), BackendError> {
        for attempt in 0..ATTEMPTS {
            let Current::Missing(version) = self.current().await? else { return Ok(()) };
            if attempt > 0 {
                // It was put there a moment ago, and reads may lag behind.
                tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
            }
            let value = make()?;
            if self.offer(version.as_deref(), &value).await?.is_err() {
                self.create(&value).await?;
            }
        }
        Err(BackendError::new("making a secret of the deployment", "it has no value after being given one"))
    }

    async fn create(&self, value: &str) -> Result<(), BackendError> {
        let sent = self.client.create_secret().name(&self.id).secret_string(value).send().await;
        let operation = "making a secret of the deployment";
        ok_or_expected(operation, sent, CreateSecretError::is_resource_exists_exception).map(|_| ())
    }
}
