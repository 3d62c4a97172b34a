//! Adding a secret to a client in both stores, in the place of others or beside them.

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::StoreSecretError;
use crate::adapters::store::{
    AuditRecord, ClientWithSecrets, Created, Intent, UpdateSecrets, WriteConflict, WriteOutcome,
};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::Client;
use crate::domain::client::active_credentials::active_last_uses;
use crate::domain::client::secret_rotation::{ReplacePolicy, RotationError, secrets_to_remove};
use crate::domain::primitives::ids::{AccountId, ClientId, SecretId};
use crate::services::clients::provisioning::new_secret::{NewSecret, SecretOptions, generate_secret};
use crate::services::clients::provisioning::provisioner::ClientProvisioner;
use crate::services::clients::provisioning::value_source::NoValue;
use crate::services::modify::{Attempt, Contention, modify};
use jiff::{Timestamp, ToSpan};

/// How often an addition starts again that a sweep has taken over, because it seemed abandoned by the clock.
const STARTS: usize = 2;

/// A secret to add.
#[derive(Debug)]
pub struct AddSecretInput<'a> {
    /// The account that the client must belong to.
    pub account_id: &'a AccountId,
    /// The client.
    pub client_id: &'a ClientId,
    /// The options of the new secret.
    pub terms: SecretOptions,
    /// The secrets that it replaces.
    pub replace: Option<&'a ReplacePolicy>,
}

/// A secret that was added.
#[derive(Debug)]
pub struct AddSecretOutput {
    /// The client with the secret.
    pub client: Client,
    /// The new secret.
    pub new_secret: NewSecret,
    /// The audit entry.
    pub audit: AuditEntry,
}

/// Why a secret was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddSecretError {
    /// The account has no such client.
    #[error("the client does not exist")]
    NotFound,
    /// Two secrets are live and none is to be replaced, or the one to replace does not exist.
    #[error("the secrets do not allow it")]
    Rotation(RotationError),
    /// The same request was carried out before.
    #[error("the request was carried out before")]
    Replayed,
    /// Other requests kept changing the client.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed. The secret may exist.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl From<StoreSecretError> for AddSecretError {
    fn from(error: StoreSecretError) -> Self {
        match error {
            StoreSecretError::Busy => Self::Contention(Contention),
            StoreSecretError::Backend(fault) => Self::Backend(fault),
        }
    }
}

impl ClientProvisioner<'_> {
    /// Adds a secret. The client's version is the lock: of several requests at once, each sees the secrets of the one
    /// before it.
    pub async fn add_secret(
        &self,
        input: &AddSecretInput<'_>,
        peppers: &Peppers,
    ) -> Result<AddSecretOutput, AddSecretError> {
        for _ in 0..STARTS {
            if let Some(output) = self.try_to_add(input, peppers).await? {
                return Ok(output);
            }
        }
        Err(Contention.into())
    }

    /// One attempt with a secret of its own; `None` if a sweep has taken it over.
    async fn try_to_add(
        &self,
        input: &AddSecretInput<'_>,
        peppers: &Peppers,
    ) -> Result<Option<AddSecretOutput>, AddSecretError> {
        let now = self.audit_context.now;
        let known = self.load_for_addition(input).await?;
        secrets_to_remove(&known.secrets, input.replace, now).map_err(AddSecretError::Rotation)?;
        let new_secret =
            generate_secret(&known.client, input.terms.clone(), peppers, after_the_newest(&known, now));
        let intent = self.begin(&known.client, Some(&new_secret.secret.secret_id)).await?;
        if intent.is_some()
            && let Err(error) = self.stage(input, &new_secret).await
        {
            if matches!(error, AddSecretError::Contention(_)) {
                self.finish_intent(intent, &NoValue).await;
            }
            return Err(error);
        }
        let inserted = self.insert_secret(input, &new_secret, known, intent.as_ref()).await;
        // After a fault the outcome is unknown: the intent stays for the sweep.
        if !matches!(inserted, Err(AddSecretError::Backend(_))) {
            self.finish_intent(intent, &new_secret).await;
        }
        Ok(inserted?.map(|(client, audit)| AddSecretOutput { client, new_secret, audit }))
    }

    async fn stage(&self, input: &AddSecretInput<'_>, new: &NewSecret) -> Result<(), AddSecretError> {
        let (account, client) = (input.account_id, input.client_id);
        let NewSecret { secret, value } = new;
        Ok(self.client_secrets.stage(account, client, &secret.secret_id, value, secret.expires_at).await?)
    }

    async fn load_for_addition(
        &self,
        input: &AddSecretInput<'_>,
    ) -> Result<ClientWithSecrets, AddSecretError> {
        let known = self.store.load_client(input.client_id).await?;
        known.filter(|known| known.client.account_id == *input.account_id).ok_or(AddSecretError::NotFound)
    }

    /// The transaction; `None` if a sweep has taken the intent over: nothing was added, and the staged value is deleted.
    async fn insert_secret(
        &self,
        input: &AddSecretInput<'_>,
        new_secret: &NewSecret,
        known: ClientWithSecrets,
        intent: Option<&Intent>,
    ) -> Result<Option<(Client, AuditEntry)>, AddSecretError> {
        let secret_id = &new_secret.secret.secret_id;
        let created = Created::Secret { client_id: input.client_id.clone(), secret_id: secret_id.clone() };
        let idempotency_record = self.audit_context.idempotency_record(created);
        let storage = known.client.secret_storage;
        let mut first = Some(known);
        modify(|| {
            let read_before = first.take();
            let idempotency_record = idempotency_record.as_ref();
            async move {
                let known = match read_before {
                    Some(known) => known,
                    None => self.load_for_addition(input).await?,
                };
                // The storage decided what was done so far; a change of it in between starts over.
                if known.client.secret_storage != storage {
                    return Err(Contention.into());
                }
                let removed = secrets_to_remove(&known.secrets, input.replace, self.audit_context.now)
                    .map_err(AddSecretError::Rotation)?;
                let client = with_secret(&known.client, new_secret, &removed, self.audit_context.now);
                let target = Target {
                    client_id: Some(client.client_id.clone()),
                    secret_id: Some(secret_id.clone()),
                    hint: Some(new_secret.secret.hint.clone()),
                    revoked_secret_ids: removed.clone(),
                    ..Target::default()
                };
                let audit = self.audit_context.audit(input.account_id, Action::SecretCreated, target, &[]);
                let record = AuditRecord { audit: &audit, idempotency_record };
                let change = UpdateSecrets {
                    client: &client,
                    read: &known.client,
                    added: Some(&new_secret.secret),
                    removed: &removed,
                    intent,
                };
                match self.store.change_secrets(&change, &record).await? {
                    WriteOutcome::Committed => Ok(Attempt::Done(Some((client, audit)))),
                    WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => Err(AddSecretError::Replayed),
                    WriteOutcome::Rejected(WriteConflict::Superseded) => Ok(Attempt::Done(None)),
                    WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
                }
            }
        })
        .await
    }
}

/// The creation time of the next secret: after the present ones even if the clocks of two functions differ, so that the
/// newest is the one that was added last.
fn after_the_newest(known: &ClientWithSecrets, now: Timestamp) -> Timestamp {
    let next = known.secrets.last().and_then(|newest| newest.created_at.checked_add(1.millisecond()).ok());
    next.map_or(now, |next| next.max(now))
}

fn with_secret(client: &Client, new_secret: &NewSecret, removed: &[SecretId], now: Timestamp) -> Client {
    let mut client = client.clone();
    client.secrets.retain(|summary| !removed.contains(&summary.secret_id));
    client.secrets.push(new_secret.summary(client.secret_storage));
    client.last_uses = active_last_uses(&client);
    client.version += 1;
    client.updated_at = now;
    client
}
