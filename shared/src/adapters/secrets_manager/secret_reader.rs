//! Reads the deployment's own secrets: the signing keys and the peppers. It is given their names by the
//! configuration, and IAM allows no others.

use crate::adapters::error::BackendError;
use zeroize::Zeroizing;

/// Reads secrets of the deployment.
#[derive(Clone, Debug)]
pub struct SecretReader {
    client: aws_sdk_secretsmanager::Client,
}

impl SecretReader {
    /// A reader over this connection.
    #[must_use]
    pub fn new(client: aws_sdk_secretsmanager::Client) -> Self {
        Self { client }
    }

    /// The current value of a secret.
    pub async fn read(&self, operation: &'static str, name: &str) -> Result<Zeroizing<String>, BackendError> {
        let output = self
            .client
            .get_secret_value()
            .secret_id(name)
            .send()
            .await
            .map_err(|e| BackendError::aws(operation, &e))?;
        output
            .secret_string
            .map(Zeroizing::new)
            .ok_or_else(|| BackendError::new(operation, format!("{name} holds no text")))
    }
}
