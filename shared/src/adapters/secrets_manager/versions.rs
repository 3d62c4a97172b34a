//! The requests to Secrets Manager that concern the versions of one secret and their staging labels.

use crate::adapters::error::{BackendError, ok_or_expected};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::list_secret_version_ids::ListSecretVersionIdsError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use aws_sdk_secretsmanager::operation::update_secret_version_stage::UpdateSecretVersionStageError;
use zeroize::Zeroizing;

/// The staging label of the current version. For client secrets: the newest live one.
pub const CURRENT: &str = "AWSCURRENT";
/// The staging label of the version before the current one. For client secrets: the other live one.
pub const PREVIOUS: &str = "AWSPREVIOUS";
/// The staging label of the version that a rotation is preparing.
pub const PENDING: &str = "AWSPENDING";

/// A version and its staging labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The version's id.
    pub version_id: String,
    /// Its staging labels: `AWSCURRENT`, `AWSPREVIOUS`, or others of Latchkey's own.
    pub labels: Vec<String>,
}

/// A version and its value.
#[derive(Debug)]
pub(super) struct VersionValue {
    pub(super) version_id: Option<String>,
    /// `None` if the version has no text, or an empty one: emulators have a version without a value where none was
    /// ever stored.
    pub(super) text: Option<Zeroizing<String>>,
}

/// The version that is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum VersionSelector<'a> {
    Current,
    Stage(&'a str),
    Id(&'a str),
}

/// The versions of one secret.
#[derive(Clone, Copy, Debug)]
pub(super) struct Versions<'a> {
    pub(super) client: &'a Client,
    /// Name or ARN.
    pub(super) secret_id: &'a str,
}

impl Versions<'_> {
    /// Takes back the deletion of the secret (`RestoreSecret`). `false` if that is not possible: it is being deleted
    /// without recovery, or gone.
    pub(super) async fn restore(&self, operation: &'static str) -> Result<bool, BackendError> {
        let sent = self.client.restore_secret().secret_id(self.secret_id).send().await;
        let restored = ok_or_expected(operation, sent, |error| {
            error.is_resource_not_found_exception() || error.is_invalid_request_exception()
        })?;
        if restored.is_some() {
            tracing::warn!(secret = self.secret_id, "a secret that was scheduled for deletion is restored");
        }
        Ok(restored.is_some())
    }

    /// The value of a version (`GetSecretValue`), or `None` if the service answers with an error that `expected`
    /// accepts.
    pub(super) async fn value(
        &self,
        operation: &'static str,
        version: VersionSelector<'_>,
        expected: impl FnOnce(&GetSecretValueError) -> bool,
    ) -> Result<Option<VersionValue>, BackendError> {
        let get = self.client.get_secret_value().secret_id(self.secret_id);
        let get = match version {
            // Named, because the functions' roles allow this label only.
            VersionSelector::Current => get.version_stage(CURRENT),
            VersionSelector::Stage(stage) => get.version_stage(stage),
            VersionSelector::Id(id) => get.version_id(id),
        };
        // Boxed, because the compiler limits how deeply futures are nested in each other.
        let sent = Box::pin(get.send()).await;
        let found = ok_or_expected(operation, sent, expected)?;
        Ok(found.map(|output| VersionValue {
            version_id: output.version_id,
            text: output.secret_string.filter(|text| !text.is_empty()).map(Zeroizing::new),
        }))
    }

    /// Stores a value as the version with the id `token` (`PutSecretValue`), so that a repeat changes nothing, and
    /// returns the version's id. `None` if the service answers with an error that `expected` accepts.
    pub(super) async fn put(
        &self,
        operation: &'static str,
        token: &str,
        stage: &str,
        text: &str,
        expected: impl FnOnce(&PutSecretValueError) -> bool,
    ) -> Result<Option<String>, BackendError> {
        let put = self.client.put_secret_value().secret_id(self.secret_id);
        let sent = put.client_request_token(token).version_stages(stage).secret_string(text).send().await;
        let stored = ok_or_expected(operation, sent, expected)?;
        Ok(stored.map(|output| output.version_id.unwrap_or_else(|| token.to_owned())))
    }

    /// Moves a staging label off one version, onto another, or both (`UpdateSecretVersionStage`). `false`, and nothing
    /// is moved, if the label is not on `from`, or a version does not exist.
    pub(super) async fn move_stage(
        &self,
        operation: &'static str,
        stage: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<bool, BackendError> {
        let sent = self
            .client
            .update_secret_version_stage()
            .secret_id(self.secret_id)
            .version_stage(stage)
            .set_remove_from_version_id(from.map(str::to_owned))
            .set_move_to_version_id(to.map(str::to_owned))
            .send()
            .await;
        ok_or_expected(operation, sent, is_stage_conflict).map(|moved| moved.is_some())
    }

    /// The versions that have a staging label (`ListSecretVersionIds`); `None` if the secret does not exist.
    pub(super) async fn list(&self, operation: &'static str) -> Result<Option<Vec<Version>>, BackendError> {
        let list = self.client.list_secret_version_ids().secret_id(self.secret_id);
        let mut pages = list.into_paginator().send();
        let mut versions = Vec::new();
        while let Some(page) = pages.next().await {
            let is_missing = ListSecretVersionIdsError::is_resource_not_found_exception;
            let Some(output) = ok_or_expected(operation, page, is_missing)? else { return Ok(None) };
            versions.extend(output.versions.unwrap_or_default().into_iter().filter_map(|entry| {
                let version = Version { version_id: entry.version_id?, labels: entry.version_stages? };
                Some(version).filter(|version| !version.labels.is_empty())
            }));
        }
        Ok(Some(versions))
    }
}

/// Whether a label was not where the request said that it is, or a version is gone: a concurrent request moved it.
fn is_stage_conflict(error: &UpdateSecretVersionStageError) -> bool {
    error.is_invalid_parameter_exception()
        || error.is_invalid_request_exception()
        || error.is_resource_not_found_exception()
}
