//! A secret of the deployment itself, version by version: the signing keys, the pepper.
//!
//! Its lock is the label `AWSCURRENT`: whoever moves it names the version that it is moved away from, and
//! Secrets Manager refuses if it is not there any more. So of several that put a value in the place of the
//! same one, one succeeds, and the others read what it put there. The request tokens of `PutSecretValue`
//! are no such lock everywhere: emulators take the same token with another value.

mod replace;

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::secrets_manager::client_secret_store::is_stage_conflict;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::put_secret_value::{PutSecretValueError, PutSecretValueOutput};
use jiff::Timestamp;
use std::collections::HashMap;
use zeroize::Zeroizing;

/// The label of a version that is being worked out.
pub const PENDING: &str = "AWSPENDING";

/// One secret of the deployment.
#[derive(Clone, Debug)]
pub struct DeploymentSecret {
    client: Client,
    id: String,
}

/// A version and its value.
#[derive(Debug)]
pub struct SecretVersion {
    /// Secrets Manager's own id.
    pub version_id: String,
    /// The value.
    pub text: Zeroizing<String>,
}

/// What is current.
#[derive(Debug)]
pub enum Current {
    /// A value.
    Value(SecretVersion),
    /// None: there is no secret, or no value in it. Emulators have a version without a value then.
    Missing(Option<String>),
}

/// Which version carries which labels.
#[derive(Clone, Debug, Default)]
pub struct VersionStages {
    by_version: HashMap<String, Vec<String>>,
    /// When Secrets Manager saw a rotation end, if it ever did.
    pub rotated_at: Option<Timestamp>,
}

impl VersionStages {
    /// The version with this label.
    #[must_use]
    pub fn version_with(&self, label: &str) -> Option<&str> {
        let mut all = self.by_version.iter();
        all.find(|(_, labels)| labels.iter().any(|own| own == label)).map(|(version, _)| version.as_str())
    }

    /// Whether a version carries this label; `None` if there is no such version.
    #[must_use]
    pub fn has_stage(&self, version: &str, label: &str) -> Option<bool> {
        self.by_version.get(version).map(|labels| labels.iter().any(|own| own == label))
    }
}

impl DeploymentSecret {
    /// The secret of this name or ARN.
    #[must_use]
    pub fn new(client: Client, id: String) -> Self {
        Self { client, id }
    }

    /// Its name or ARN.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is current. Only "not found" counts as nothing: whatever else goes wrong is a fault.
    pub async fn current(&self) -> Result<Current, BackendError> {
        let sent = self.client.get_secret_value().secret_id(&self.id).send().await;
        let operation = "reading a secret of the deployment";
        let found = ok_or_expected(operation, sent, GetSecretValueError::is_resource_not_found_exception)?;
        let Some(output) = found else { return Ok(Current::Missing(None)) };
        let text = output.secret_string.filter(|text| !text.is_empty()).map(Zeroizing::new);
        Ok(match (output.version_id, text) {
            (Some(version_id), Some(text)) => Current::Value(SecretVersion { version_id, text }),
            (version_id, _) => Current::Missing(version_id),
        })
    }

    /// The value of one version; `None` if it has none yet.
    pub async fn value_of(&self, version_id: &str) -> Result<Option<Zeroizing<String>>, BackendError> {
        let operation = "reading a version of a secret of the deployment";
        let sent = self.client.get_secret_value().secret_id(&self.id).version_id(version_id).send().await;
        let found = ok_or_expected(operation, sent, GetSecretValueError::is_resource_not_found_exception)?;
        let text = found.and_then(|output| output.secret_string);
        Ok(text.filter(|text| !text.is_empty()).map(Zeroizing::new))
    }

    /// Which version carries which labels.
    pub async fn labels(&self) -> Result<VersionStages, BackendError> {
        let sent = self.client.describe_secret().secret_id(&self.id).send().await;
        let output = sent.map_err(|error| BackendError::aws("reading the labels of a secret", &error))?;
        let rotated_at = output.last_rotated_date.and_then(|at| Timestamp::from_second(at.secs()).ok());
        Ok(VersionStages { by_version: output.version_ids_to_stages.unwrap_or_default(), rotated_at })
    }

    /// Stores a value as the version of this request token, pending. `false` if that version has another
    /// value already.
    pub async fn put_pending(&self, token: &str, text: &str) -> Result<bool, BackendError> {
        let sent = self.put(token, PENDING, text).await;
        let stored = ok_or_expected(
            "storing a pending secret",
            sent,
            PutSecretValueError::is_resource_exists_exception,
        )?;
        Ok(stored.is_some())
    }

    async fn put(
        &self,
        token: &str,
        label: &str,
        text: &str,
    ) -> Result<PutSecretValueOutput, SdkError<PutSecretValueError>> {
        let put = self.client.put_secret_value().secret_id(&self.id);
        put.client_request_token(token).version_stages(label).secret_string(text).send().await
    }

    /// Moves a label off one version, onto another, or both. `false` if it was not where it was said to be:
    /// somebody else was faster.
    pub async fn move_stage(
        &self,
        label: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<bool, BackendError> {
        let sent = self
            .client
            .update_secret_version_stage()
            .secret_id(&self.id)
            .version_stage(label)
            .set_remove_from_version_id(from.map(str::to_owned))
            .set_move_to_version_id(to.map(str::to_owned))
            .send()
            .await;
        let moved = ok_or_expected("labelling a secret of the deployment", sent, is_stage_conflict)?;
        Ok(moved.is_some())
    }
}
