//! A secret of the deployment itself, version by version: the signing keys, the pepper, the client secret for the
//! sign-in provider.
//!
//! The label `AWSCURRENT` is its lock: a request that moves it names the version that it moves the label away from, and
//! Secrets Manager rejects it if the label is no longer there. Of several requests that replace the same version, one
//! succeeds, and the others read what it stored. The request tokens of `PutSecretValue` are no such lock everywhere:
//! emulators accept the same token with another value.

mod replace;

pub use crate::adapters::secrets_manager::versions::PENDING;
pub use replace::ReplaceError;

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::versions::{VersionSelector, Versions};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use aws_sdk_secretsmanager::primitives::DateTime;
use jiff::Timestamp;
use std::collections::HashMap;
use zeroize::Zeroizing;

/// One secret of the deployment.
#[derive(Clone, Debug)]
pub struct DeploymentSecret {
    client: Client,
    id: String,
}

/// A version and its value.
#[derive(Debug)]
pub struct SecretVersion {
    /// The version's id.
    pub version_id: String,
    /// The value.
    pub text: Zeroizing<String>,
}

/// The current version.
#[derive(Debug)]
pub enum Current {
    /// It has a value.
    Value(SecretVersion),
    /// There is no secret, or no value in it. Emulators have a version without a value then, whose id this is.
    Missing(Option<String>),
}

/// The staging labels of each version.
#[derive(Clone, Debug, Default)]
pub struct VersionStages {
    by_version: HashMap<String, Vec<String>>,
    /// When a rotation finished last, if one ever did.
    pub rotated_at: Option<Timestamp>,
    /// When Secrets Manager rotates it next, if it does.
    pub next_rotation_at: Option<Timestamp>,
}

impl VersionStages {
    /// The version with this label.
    #[must_use]
    pub fn version_with(&self, label: &str) -> Option<&str> {
        let mut all = self.by_version.iter();
        all.find(|(_, labels)| labels.iter().any(|own| own == label)).map(|(version, _)| version.as_str())
    }

    /// Whether a version has this label; `None` if there is no such version.
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

    fn versions(&self) -> Versions<'_> {
        Versions { client: &self.client, secret_id: &self.id }
    }

    /// The current value. A secret that does not exist, or has no text, is an error.
    pub async fn read(&self, operation: &'static str) -> Result<Zeroizing<String>, BackendError> {
        let found = self.versions().value(operation, VersionSelector::Current, |_| false).await?;
        let text = found.and_then(|current| current.text);
        text.ok_or_else(|| BackendError::new(operation, format!("{} holds no text", self.id)))
    }

    /// The current version. Only "not found" means that there is none: every other failure is an error.
    pub async fn current(&self) -> Result<Current, BackendError> {
        const OP: &str = "reading a secret of the deployment";
        let is_missing = GetSecretValueError::is_resource_not_found_exception;
        let found = self.versions().value(OP, VersionSelector::Current, is_missing).await?;
        let Some(current) = found else { return Ok(Current::Missing(None)) };
        Ok(match (current.version_id, current.text) {
            (Some(version_id), Some(text)) => Current::Value(SecretVersion { version_id, text }),
            (version_id, _) => Current::Missing(version_id),
        })
    }

    /// The value of one version; `None` if it has none yet.
    pub async fn value_of(&self, version_id: &str) -> Result<Option<Zeroizing<String>>, BackendError> {
        const OP: &str = "reading a version of a secret of the deployment";
        let is_missing = GetSecretValueError::is_resource_not_found_exception;
        let found = self.versions().value(OP, VersionSelector::Id(version_id), is_missing).await?;
        Ok(found.and_then(|version| version.text))
    }

    /// The staging labels of each version.
    pub async fn labels(&self) -> Result<VersionStages, BackendError> {
        let sent = self.client.describe_secret().secret_id(&self.id).send().await;
        let output = sent.map_err(|error| BackendError::aws("reading the labels of a secret", &error))?;
        let instant = |at: Option<DateTime>| at.and_then(|at| Timestamp::from_second(at.secs()).ok());
        Ok(VersionStages {
            rotated_at: instant(output.last_rotated_date),
            next_rotation_at: instant(output.next_rotation_date),
            by_version: output.version_ids_to_stages.unwrap_or_default(),
        })
    }

    /// Stores a value as the version of this request token, labelled `AWSPENDING`. `false` if that version has another
    /// value already.
    pub async fn put_pending(&self, token: &str, text: &str) -> Result<bool, BackendError> {
        const OP: &str = "storing a pending secret";
        let exists = PutSecretValueError::is_resource_exists_exception;
        self.versions().put(OP, token, PENDING, text, exists).await.map(|stored| stored.is_some())
    }

    /// Moves a label off one version, onto another, or both. `false` if it was no longer where `from` says.
    pub async fn move_stage(
        &self,
        label: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<bool, BackendError> {
        self.versions().move_stage("labelling a secret of the deployment", label, from, to).await
    }
}
