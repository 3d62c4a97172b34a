//! Client secrets in Secrets Manager: one secret per client, one version per client secret.
//!
//! Each version of a live client secret carries the `secret_id` as a staging label of its own, so it can
//! be found again, is never pruned, and needs no version id to be remembered. `AWSCURRENT` is the newest
//! live one, `AWSPREVIOUS` the other. Only the functions that manage clients and tidy up
//! are given a `ClientSecretStore`, and IAM lets only the first of them read a value.

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::primitives::ids::{AccountId, ClientId, SecretId};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use aws_sdk_secretsmanager::operation::delete_secret::DeleteSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::operation::list_secret_version_ids::ListSecretVersionIdsError;
use aws_sdk_secretsmanager::operation::put_secret_value::PutSecretValueError;
use aws_sdk_secretsmanager::operation::update_secret_version_stage::UpdateSecretVersionStageError;
use aws_sdk_secretsmanager::types::Tag;
use jiff::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// The label of the newest live client secret.
pub const CURRENT: &str = "AWSCURRENT";
/// The label of the other live one.
pub const PREVIOUS: &str = "AWSPREVIOUS";

/// Client secrets, recoverable.
#[derive(Clone, Debug)]
pub struct ClientSecretStore {
    client: Client,
    stage: String,
    token_endpoint: String,
}

/// A version and its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Secrets Manager's own id.
    pub version_id: String,
    /// `AWSCURRENT`, `AWSPREVIOUS`, and the `secret_id` of the client secret in it.
    pub labels: Vec<String>,
}

/// Secrets Manager allows one secret 20 labels, and so many additions are under way that they are used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretBusy;

/// The client has no secret in the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotStored;

impl ClientSecretStore {
    /// A vault for one stage of Latchkey.
    #[must_use]
    pub fn new(client: Client, stage: String, issuer: &str) -> Self {
        Self { client, stage, token_endpoint: format!("{issuer}/oauth/token") }
    }

    /// The name under which a workload on AWS reads its credentials.
    #[must_use]
    pub fn name(&self, client: &ClientId) -> String {
        format!("latchkey/{}/clients/{client}", self.stage)
    }

    /// Stores a client secret under a label of its own. It is not `AWSCURRENT` yet, unless it is the first
    /// one of a client, whom no workload knows.
    ///
    /// Safe to repeat: the name is the client's, and the request token is the secret's id.
    pub async fn stage(
        &self,
        account: &AccountId,
        client: &ClientId,
        id: &SecretId,
        secret: &ClientSecret,
        expires_at: Timestamp,
    ) -> Result<Result<(), SecretBusy>, BackendError> {
        self.ensure(account, client).await?;
        let value = self.value(client, Some((id, secret, expires_at)));
        self.put(client, id.as_str(), id.as_str(), value).await
    }

    async fn ensure(&self, account: &AccountId, client: &ClientId) -> Result<(), BackendError> {
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
        let sent = self
            .client
            .create_secret()
            .name(self.name(client))
            .description("Credentials of an API client, kept by Latchkey")
            .tags(tag("latchkey:stage", &self.stage))
            .tags(tag("latchkey:account_id", account.as_str()))
            .tags(tag("latchkey:client_id", client.as_str()))
            .send()
            .await;
        ok_or_expected(
            "making room for a client secret",
            sent,
            CreateSecretError::is_resource_exists_exception,
        )
        .map(|_| ())
    }

    async fn put(
        &self,
        client: &ClientId,
        token: &str,
        label: &str,
        value: Zeroizing<String>,
    ) -> Result<Result<(), SecretBusy>, BackendError> {
        let sent = self
            .client
            .put_secret_value()
            .secret_id(self.name(client))
            .client_request_token(token)
            .version_stages(label)
            .secret_string(value.as_str())
            .send()
            .await;
        let stored = ok_or_expected(
            "storing a client secret",
            sent,
            PutSecretValueError::is_limit_exceeded_exception,
        )?;
        Ok(stored.map(|_| ()).ok_or(SecretBusy))
    }

    /// Stores a value that says that there is no secret, for the time in which no client secret is live.
    /// It becomes `AWSCURRENT`.
    pub async fn store_tombstone(&self, client: &ClientId, token: &str) -> Result<(), BackendError> {
        let stored = self.put(client, token, CURRENT, self.value(client, None)).await?;
        stored.map_err(|SecretBusy| {
            BackendError::new("storing that there is no client secret", "too many labels are in use")
        })
    }

    fn value(
        &self,
        client: &ClientId,
        content: Option<(&SecretId, &ClientSecret, Timestamp)>,
    ) -> Zeroizing<String> {
        let mut value = json!({
            "client_id": client,
            "client_secret": content.map(|(_, secret, _)| secret.expose()),
            "secret_id": content.map(|(id, _, _)| id.as_str()),
            "token_endpoint": self.token_endpoint,
            "expires_at": content.map(|(_, _, at)| at.to_string()),
        });
        let text = Zeroizing::new(value.to_string());
        wipe(&mut value);
        text
    }

    /// The versions that carry labels; `None` if the client has nothing here.
    pub async fn versions(&self, client: &ClientId) -> Result<Option<Vec<Version>>, BackendError> {
        const OP: &str = "reading the labels of a client's secrets";
        let list = self.client.list_secret_version_ids().secret_id(self.name(client));
        let mut pages = list.into_paginator().send();
        let mut versions = Vec::new();
        while let Some(page) = pages.next().await {
            let found = ok_or_expected(OP, page, ListSecretVersionIdsError::is_resource_not_found_exception)?;
            let Some(output) = found else { return Ok(None) };
            versions.extend(output.versions.unwrap_or_default().into_iter().filter_map(|entry| {
                let version = Version { version_id: entry.version_id?, labels: entry.version_stages? };
                Some(version).filter(|version| !version.labels.is_empty())
            }));
        }
        Ok(Some(versions))
    }

    /// Moves a label: off one version, onto another, or both.
    ///
    /// Does nothing where the label is not on `from` any more, or a version is gone: somebody else was
    /// faster, and whoever moves labels reads them again afterwards.
    pub async fn move_stage(
        &self,
        client: &ClientId,
        label: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(), BackendError> {
        let sent = self
            .client
            .update_secret_version_stage()
            .secret_id(self.name(client))
            .version_stage(label)
            .set_remove_from_version_id(from.map(str::to_owned))
            .set_move_to_version_id(to.map(str::to_owned))
            .send()
            .await;
        ok_or_expected("labelling a client's secrets", sent, is_stage_conflict).map(|_| ())
    }

    /// Reads a client secret back.
    pub async fn reveal(
        &self,
        client: &ClientId,
        id: &SecretId,
    ) -> Result<Result<ClientSecret, NotStored>, BackendError> {
        const OP: &str = "reading a client secret";
        let get = self.client.get_secret_value().secret_id(self.name(client)).version_stage(id.as_str());
        let sent = get.send().await;
        let found = ok_or_expected(OP, sent, GetSecretValueError::is_resource_not_found_exception)?;
        let Some(output) = found else { return Ok(Err(NotStored)) };
        let text = Zeroizing::new(output.secret_string.unwrap_or_default());
        let unreadable = || BackendError::new(OP, "the stored value is not as it was written");
        let mut value: Value = serde_json::from_str(&text).map_err(|_| unreadable())?;
        let secret = value.get("client_secret").and_then(Value::as_str).map(ClientSecret::parse);
        wipe(&mut value);
        secret.and_then(Result::ok).map(Ok).ok_or_else(unreadable)
    }

    /// Removes everything of a client, at once and for good. Safe to repeat.
    pub async fn delete(&self, client: &ClientId) -> Result<(), BackendError> {
        let delete =
            self.client.delete_secret().secret_id(self.name(client)).force_delete_without_recovery(true);
        // Not repeated by the SDK: where the answer was lost, what is there by then may have been stored since.
        let once = aws_sdk_secretsmanager::Config::builder().retry_config(RetryConfig::disabled());
        let sent = delete.customize().config_override(once).send().await;
        ok_or_expected(
            "deleting a client's secrets",
            sent,
            DeleteSecretError::is_resource_not_found_exception,
        )
        .map(|_| ())
    }
}

/// A label is not where it was said to be, or a version is gone: somebody else was faster.
pub(super) fn is_stage_conflict(error: &UpdateSecretVersionStageError) -> bool {
    error.is_invalid_parameter_exception()
        || error.is_invalid_request_exception()
        || error.is_resource_not_found_exception()
}

/// Overwrites the secret in a JSON value that is no longer needed.
fn wipe(value: &mut Value) {
    if let Some(Value::String(secret)) = value.get_mut("client_secret") {
        zeroize::Zeroize::zeroize(secret);
    }
}
