//! Reads the deployment's own secrets: the signing keys and the peppers. It is given their names by the
//! configuration, and IAM allows no others.

use super::aws::Aws;
use super::fault::Fault;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueInput;
use zeroize::Zeroizing;

/// Reads secrets of the deployment.
#[derive(Clone, Debug)]
pub struct SecretReader {
    aws: Aws,
}

impl SecretReader {
    /// A reader over this connection.
    #[must_use]
    pub fn new(aws: Aws) -> Self {
        Self { aws }
    }

    /// The current value of a secret.
    pub async fn read(&self, doing: &'static str, name: &str) -> Result<Zeroizing<String>, Fault> {
        let get = GetSecretValueInput::builder().secret_id(name);
        let output = self.aws.send(get).await.map_err(|error| Fault::aws(doing, &error))?;
        output
            .secret_string
            .map(Zeroizing::new)
            .ok_or_else(|| Fault::new(doing, format!("{name} holds no text")))
    }
}
