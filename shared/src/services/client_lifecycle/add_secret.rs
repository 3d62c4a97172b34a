//! Adding a secret to a client, in the place of others or beside them.

use crate::adapters::crypto::peppers::Peppers;
use crate::adapters::error::BackendError;
use crate::adapters::store::{
    AuditRecord, ClientWithSecrets, Created, Intent, UpdateSecrets, WriteConflict, WriteOutcome,
};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::secret_rotation::{ReplacePolicy, RotationError, secrets_to_remove};
use crate::domain::client::{Client, SecretStorage};
use crate::domain::primitives::ids::{AccountId, ClientId, SecretId};
use crate::services::client_lifecycle::value_source::NoValue;
use crate::services::client_lifecycle::{
    ATTEMPTS, ClientProvisioner, NewSecret, SecretOptions, generate_secret,
};
use jiff::{Timestamp, ToSpan};

/// How often an addition starts over that a sweep has taken over: by the clock it was abandoned.
const STARTS: usize = 2;

/// What is asked for.
#[derive(Debug)]
pub struct AddSecretInput<'a> {
    /// The account that the client must belong to.
    pub account_id: &'a AccountId,
    /// The client.
    pub client_id: &'a ClientId,
    /// When the new secret ends.
    pub terms: SecretOptions,
    /// What it takes the place of.
    pub replace: Option<&'a ReplacePolicy>,
}

/// A secret was added.
#[derive(Debug)]
pub struct AddSecretOutput {
    /// The client as it is now.
    pub client: Client,
    /// The new secret.
    pub new_secret: NewSecret,
    /// What the trail says.
    pub audit: AuditEntry,
}

/// Why no secret was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddSecretError {
    /// The account has no such client.
    NoSuchClient,
    /// Two are live and nobody said which to replace; or the one to replace is not there.
    Rotation(RotationError),
    /// The same request was carried out before.
    Replayed,
    /// Too many others were changing the client at the same time.
    Busy,
}

impl ClientProvisioner<'_> {
    /// Adds a secret. The client's version is the lock: of many requests at once, each sees the secrets
    /// that the one before it left.
    pub async fn add_secret(
        &self,
        addition: &AddSecretInput<'_>,
        peppers: &Peppers,
    ) -> Result<Result<AddSecretOutput, AddSecretError>, BackendError> {
        for _ in 0..STARTS {
            if let Some(result) = self.try_to_add(addition, peppers).await? {
                return Ok(result);
            }
        }
        Ok(Err(AddSecretError::Busy))
    }

    /// One attempt with a secret of its own. `None` if a sweep has taken it over: nothing was added, and what it
    /// had put into Secrets Manager is gone.
    async fn try_to_add(
        &self,
        addition: &AddSecretInput<'_>,
        peppers: &Peppers,
    ) -> Result<Option<Result<AddSecretOutput, AddSecretError>>, BackendError> {
        let Some(known) = self.load(addition).await? else {
            return Ok(Some(Err(AddSecretError::NoSuchClient)));
        };
        if let Err(refusal) = secrets_to_remove(&known.secrets, addition.replace, self.audit_context.now) {
            return Ok(Some(Err(AddSecretError::Rotation(refusal))));
        }
        let new_secret =
            generate_secret(&known.client, addition.terms, peppers, self.after_the_newest(&known));
        let (secret, value) = (&new_secret.secret, &new_secret.value);
        let intent = self.begin(&known.client, Some(&secret.secret_id)).await?;
        if intent.is_some() {
            let (account, client, id) = (addition.account_id, addition.client_id, &secret.secret_id);
            if self.client_secrets.stage(account, client, id, value, secret.expires_at).await?.is_err() {
                self.finish_intent(intent, &NoValue).await;
                return Ok(Some(Err(AddSecretError::Busy)));
            }
        }
        let inserted = self.insert(addition, &new_secret, known, intent.as_ref()).await?;
        self.finish_intent(intent, &new_secret).await;
        Ok(inserted.map(|result| result.map(|(client, audit)| AddSecretOutput { client, new_secret, audit })))
    }

    /// When the new secret is made: after the present ones, whatever the clocks of two functions say, so
    /// that the newest is the one that came last.
    fn after_the_newest(&self, known: &ClientWithSecrets) -> Timestamp {
        let next =
            known.secrets.last().and_then(|newest| newest.created_at.checked_add(1.millisecond()).ok());
        next.map_or(self.audit_context.now, |next| next.max(self.audit_context.now))
    }

    async fn load(&self, addition: &AddSecretInput<'_>) -> Result<Option<ClientWithSecrets>, BackendError> {
        let known = self.store.load_client(addition.client_id).await?;
        Ok(known.filter(|known| known.client.account_id == *addition.account_id))
    }

    /// The transaction, tried again while others change the client. `None` if a sweep has taken over.
    async fn insert(
        &self,
        addition: &AddSecretInput<'_>,
        new_secret: &NewSecret,
        mut known: ClientWithSecrets,
        intent: Option<&Intent>,
    ) -> Result<Option<Result<(Client, AuditEntry), AddSecretError>>, BackendError> {
        let created = Created::Secret {
            client_id: addition.client_id.clone(),
            secret_id: new_secret.secret.secret_id.clone(),
        };
        let idempotency_record = self.audit_context.idempotency_record(created);
        for attempt in 1..=ATTEMPTS {
            let removed = match secrets_to_remove(&known.secrets, addition.replace, self.audit_context.now) {
                Ok(removed) => removed,
                Err(refusal) => return Ok(Some(Err(AddSecretError::Rotation(refusal)))),
            };
            let client = with_secret(&known.client, new_secret, &removed, self.audit_context.now);
            let target = Target {
                client_id: Some(client.client_id.clone()),
                secret_id: Some(new_secret.secret.secret_id.clone()),
                revoked_secret_ids: removed.clone(),
                ..Target::default()
            };
            let audit = self.audit_context.audit(addition.account_id, Action::SecretCreated, target, &[]);
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            let change = UpdateSecrets {
                client: &client,
                read: &known.client,
                added: Some(&new_secret.secret),
                removed: &removed,
                intent,
            };
            match self.store.change_secrets(&change, &record).await? {
                WriteOutcome::Committed => return Ok(Some(Ok((client, audit)))),
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    return Ok(Some(Err(AddSecretError::Replayed)));
                }
                WriteOutcome::Rejected(WriteConflict::Superseded) => return Ok(None),
                WriteOutcome::Rejected(_) => Self::backoff(attempt).await,
            }
            known = match self.load(addition).await? {
                // Its storage decided what was done so far; a change of it in between starts over.
                Some(latest) if latest.client.secret_storage == known.client.secret_storage => latest,
                Some(_) => return Ok(Some(Err(AddSecretError::Busy))),
                None => return Ok(Some(Err(AddSecretError::NoSuchClient))),
            };
        }
        Ok(Some(Err(AddSecretError::Busy)))
    }

    /// Whether the vault has a part in this client's changes.
    pub(super) fn uses_secrets_manager(client: &Client) -> bool {
        client.secret_storage == SecretStorage::SecretsManager
    }
}

fn with_secret(client: &Client, new_secret: &NewSecret, removed: &[SecretId], now: Timestamp) -> Client {
    let mut client = client.clone();
    client.secrets.retain(|summary| !removed.contains(&summary.secret_id));
    client.secrets.push(new_secret.summary(client.secret_storage));
    client.version += 1;
    client.updated_at = now;
    client
}
