//! Reads the deployment's own secrets: the signing keys and the peppers. It is given their names by the
//! configuration, and IAM allows no others.

use super::fault::Fault;
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
    pub async fn read(&self, doing: &'static str, name: &str) -> Result<Zeroizing<String>, Fault> {
        let output =
            self.client.get_secret_value().secret_id(name).send().await.map_err(|e| Fault::aws(doing, &e))?;
        output
            .secret_string
            .map(Zeroizing::new)
            .ok_or_else(|| Fault::new(doing, format!("{name} holds no text")))
    }
}
