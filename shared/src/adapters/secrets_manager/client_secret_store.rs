//! Client secrets in Secrets Manager: one secret per client, one version per client secret.
//!
//! Each version of a live client secret has its `secret_id` as a staging label, so that it can be found by it and is
//! never pruned. `AWSCURRENT` is the newest live one, `AWSPREVIOUS` the other. Only the management API, the bootstrap
//! and the scheduled job have a `ClientSecretStore`, and IAM lets only the first of them read a value.

pub use crate::adapters::secrets_manager::client_secret_error::{RevealError, StoreSecretError};
pub use crate::adapters::secrets_manager::versions::{CURRENT, PREVIOUS, Version};

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::retry::backoff;
use crate::adapters::secrets_manager::scheduled_deletion::{
    BeingDeleted, DELETION_ATTEMPTS, PutConflict, is_scheduled_for_deletion,
};
use crate::adapters::secrets_manager::tags::ExtraTags;
use crate::adapters::secrets_manager::versions::{VersionSelector, Versions};
use crate::domain::client::client_secret::ClientSecret;
use crate::domain::primitives::ids::{AccountId, ClientId, SecretId};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::error::SdkError;
use aws_sdk_secretsmanager::operation::create_secret::{CreateSecretError, CreateSecretOutput};
use aws_sdk_secretsmanager::operation::delete_secret::DeleteSecretError;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use aws_sdk_secretsmanager::types::Tag;
use jiff::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

/// Stores client secrets so that they can be read back.
#[derive(Clone, Debug)]
pub struct ClientSecretStore {
    client: Client,
    stage: String,
    token_endpoint: String,
    extra_tags: ExtraTags,
    kms_key: Option<String>,
}

impl ClientSecretStore {
    /// The store of one stage of Latchkey. New secrets are encrypted with `kms_key`, or with Secrets Manager's own.
    #[must_use]
    pub fn new(
        client: Client,
        stage: String,
        issuer: &str,
        extra_tags: ExtraTags,
        kms_key: Option<String>,
    ) -> Self {
        Self { client, stage, token_endpoint: format!("{issuer}/oauth/token"), extra_tags, kms_key }
    }

    /// The name of the secret from which a workload on AWS reads the client's credentials.
    #[must_use]
    pub fn name(&self, client: &ClientId) -> String {
        format!("latchkey/{}/clients/{client}", self.stage)
    }

    /// Stores a client secret under a staging label of its own. It is not `AWSCURRENT` yet, unless it is the first one
    /// of a client, which no workload reads yet.
    ///
    /// Safe to repeat: the name is the client's, and the request token is the secret's id.
    pub async fn stage(
        &self,
        account: &AccountId,
        client: &ClientId,
        id: &SecretId,
        secret: &ClientSecret,
        expires_at: Timestamp,
    ) -> Result<(), StoreSecretError> {
        self.ensure(account, client).await?;
        let value = self.value(client, Some((id, secret, expires_at)));
        self.put(client, id.as_str(), id.as_str(), &value).await
    }

    /// Makes the client's secret if it does not exist. One that is scheduled for deletion is restored, because a workload
    /// reads its credentials there. A forced deletion, which cannot be taken back, is waited for.
    async fn ensure(&self, account: &AccountId, client: &ClientId) -> Result<(), BackendError> {
        const OP: &str = "making room for a client secret";
        let name = self.name(client);
        let mut pauses = backoff(DELETION_ATTEMPTS);
        loop {
            let sent = self.create(&name, account, client).await;
            let Err(error) = sent else { return Ok(()) };
            match error.as_service_error() {
                Some(error) if error.is_resource_exists_exception() => return Ok(()),
                Some(error) if is_scheduled_for_deletion(error) => {
                    if self.versions_of(&name).restore(OP).await? {
                        return Ok(());
                    }
                }
                _ => return Err(BackendError::aws(OP, &error)),
            }
            let Some(pause) = pauses.next() else { return Err(BackendError::new(OP, BeingDeleted(name))) };
            tokio::time::sleep(pause).await;
        }
    }

    async fn create(
        &self,
        name: &str,
        account: &AccountId,
        client: &ClientId,
    ) -> Result<CreateSecretOutput, SdkError<CreateSecretError>> {
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
        let own = [
            tag("latchkey:stage", &self.stage),
            tag("latchkey:account_id", account.as_str()),
            tag("latchkey:client_id", client.as_str()),
        ];
        let tags = own.into_iter().chain(self.extra_tags.iter().map(|(key, value)| tag(key, value)));
        let create = self.client.create_secret().name(name).set_tags(Some(tags.collect()));
        let create = create.set_kms_key_id(self.kms_key.clone());
        create.description("Credentials of an API client, kept by Latchkey").send().await
    }

    /// Stores a value that says that there is no secret, for the time in which no client secret is live. It becomes
    /// `AWSCURRENT`.
    pub async fn store_tombstone(&self, client: &ClientId, token: &str) -> Result<(), BackendError> {
        const OP: &str = "storing that there is no client secret";
        match self.put(client, token, CURRENT, &self.value(client, None)).await {
            Err(StoreSecretError::Busy) => Err(BackendError::new(OP, StoreSecretError::Busy)),
            Err(StoreSecretError::Backend(failure)) => Err(failure),
            Ok(()) => Ok(()),
        }
    }

    pub(super) async fn put(
        &self,
        client: &ClientId,
        token: &str,
        label: &str,
        value: &str,
    ) -> Result<(), StoreSecretError> {
        const OP: &str = "storing a client secret";
        let name = self.name(client);
        let versions = self.versions_of(&name);
        // Tried again once: after the deletion of the secret was taken back.
        for _ in 0..2 {
            let mut conflict = None;
            let stored = versions.put(OP, token, label, value, |error| {
                conflict = PutConflict::of(error);
                conflict.is_some()
            });
            match (stored.await?, conflict) {
                (Some(_), _) => return Ok(()),
                (None, Some(PutConflict::ScheduledForDeletion)) => {
                    if !versions.restore(OP).await? {
                        break;
                    }
                }
                (None, _) => return Err(StoreSecretError::Busy),
            }
        }
        Err(BackendError::new(OP, BeingDeleted(name)).into())
    }

    pub(super) fn value(
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

    /// The versions that have staging labels; `None` if nothing is stored for the client.
    pub async fn versions(&self, client: &ClientId) -> Result<Option<Vec<Version>>, BackendError> {
        let name = self.name(client);
        self.versions_of(&name).list("reading the labels of a client's secrets").await
    }

    /// Moves a staging label: off one version, onto another, or both.
    ///
    /// Does nothing where the label is no longer on `from`, or a version is gone: the caller reads the labels again
    /// afterwards.
    pub async fn move_stage(
        &self,
        client: &ClientId,
        label: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(), BackendError> {
        let name = self.name(client);
        self.versions_of(&name).move_stage("labelling a client's secrets", label, from, to).await.map(|_| ())
    }

    /// Reads a client secret back.
    pub async fn reveal(&self, client: &ClientId, id: &SecretId) -> Result<ClientSecret, RevealError> {
        const OP: &str = "reading a client secret";
        let (name, stage) = (self.name(client), VersionSelector::Stage(id.as_str()));
        let is_missing = GetSecretValueError::is_resource_not_found_exception;
        let found = self.versions_of(&name).value(OP, stage, is_missing).await?;
        let text = found.ok_or(RevealError::NotStored)?.text.unwrap_or_default();
        let unreadable = || BackendError::new(OP, "the stored value is not as it was written");
        let mut value: Value = serde_json::from_str(&text).map_err(|_| unreadable())?;
        let secret = value.get("client_secret").and_then(Value::as_str).map(ClientSecret::parse);
        wipe(&mut value);
        Ok(secret.and_then(Result::ok).ok_or_else(unreadable)?)
    }

    fn versions_of<'a>(&'a self, name: &'a str) -> Versions<'a> {
        Versions { client: &self.client, secret_id: name }
    }

    /// Deletes all stored secrets of a client, at once and without recovery. Safe to repeat.
    pub async fn delete(&self, client: &ClientId) -> Result<(), BackendError> {
        let delete =
            self.client.delete_secret().secret_id(self.name(client)).force_delete_without_recovery(true);
        // Not retried by the SDK: after a lost response, a retry could delete what was stored since.
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

/// Overwrites the secret in a JSON value that is no longer needed.
fn wipe(value: &mut Value) {
    if let Some(Value::String(secret)) = value.get_mut("client_secret") {
        zeroize::Zeroize::zeroize(secret);
    }
}
