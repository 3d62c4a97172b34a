//! Making a client, with its first secret if it is to have one.

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::SecretBusy;
use crate::adapters::store::{AuditRecord, Created, Intent, NewClient, WriteConflict, WriteOutcome};
use crate::domain::account::Status;
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::{Client, SecretStorage};
use crate::services::client_lifecycle::{ATTEMPTS, ClientProvisioner, NewSecret};

/// Why no client was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateClientError {
    /// The same request was carried out before.
    Replayed,
    /// The id belongs to another client, or did.
    IdTaken,
    /// The account is not there, or disabled.
    AccountGone,
    /// Another request is making a client of that id at this moment.
    InProgress,
}

impl ClientProvisioner<'_> {
    /// Makes a client, and its first secret with it unless it authenticates otherwise. Killed at any step, it leaves nothing that the sweep does
    /// not remove, and the same request succeeds at once when it comes again. Returns what the trail says.
    pub async fn create_client(
        &self,
        client: &Client,
        new_secret: Option<&NewSecret>,
    ) -> Result<Result<AuditEntry, CreateClientError>, BackendError> {
        let for_the_vault = new_secret.filter(|_| client.secret_storage == SecretStorage::SecretsManager);
        let Some(stored) = for_the_vault else {
            return self.insert_client(client, new_secret, None).await;
        };
        let NewSecret { secret, value } = stored;
        // The transaction decides; this keeps hopeless attempts, and other people's ids, from the vault.
        if let Err(refused) = self.might_create(client).await? {
            return Ok(Err(refused));
        }
        let id = &client.client_id;
        let intent = self.intent(id, true, Some(&secret.secret_id));
        if self.store.begin(&intent).await?.is_err() {
            return Ok(Err(CreateClientError::InProgress));
        }
        let staged =
            self.client_secrets.stage(&client.account_id, id, &secret.secret_id, value, secret.expires_at);
        let result = match staged.await? {
            Ok(()) => self.insert_client(client, new_secret, Some(&intent)).await?,
            Err(SecretBusy) => Err(CreateClientError::InProgress),
        };
        self.finish_intent(Some(intent), stored).await;
        Ok(result)
    }

    async fn might_create(&self, client: &Client) -> Result<Result<(), CreateClientError>, BackendError> {
        let (account, taken) = tokio::try_join!(
            self.store.load_account(&client.account_id),
            self.store.client_id_is_used(&client.client_id)
        )?;
        Ok(match account.map(|account| account.status) {
            None | Some(Status::Disabled) => Err(CreateClientError::AccountGone),
            Some(Status::Active) if taken => Err(CreateClientError::IdTaken),
            Some(Status::Active) => Ok(()),
        })
    }

    /// The transaction, tried again while others write the same items.
    async fn insert_client(
        &self,
        client: &Client,
        new_secret: Option<&NewSecret>,
        intent: Option<&Intent>,
    ) -> Result<Result<AuditEntry, CreateClientError>, BackendError> {
        let (id, secret) = (&client.client_id, new_secret.map(|new_secret| &new_secret.secret));
        let secret_id = secret.map(|secret| secret.secret_id.clone());
        let target =
            Target { client_id: Some(id.clone()), secret_id: secret_id.clone(), ..Target::default() };
        let audit = self.audit_context.audit(&client.account_id, Action::ClientCreated, target, &[]);
        let created = Created::Client { client_id: id.clone(), secret_id };
        let idempotency_record = self.audit_context.idempotency_record(created);
        let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
        let new = NewClient { client, secret, intent };
        for attempt in 1..=ATTEMPTS {
            return Ok(match self.store.create_client(&new, &record).await? {
                WriteOutcome::Committed => Ok(audit),
                WriteOutcome::Rejected(
                    WriteConflict::TransactionConflict | WriteConflict::VersionMismatch,
                ) => {
                    Self::backoff(attempt).await;
                    continue;
                }
                WriteOutcome::Rejected(WriteConflict::Superseded) => Err(CreateClientError::InProgress),
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => Err(CreateClientError::Replayed),
                WriteOutcome::Rejected(WriteConflict::AlreadyExists | WriteConflict::IdRetired) => {
                    Err(CreateClientError::IdTaken)
                }
                WriteOutcome::Rejected(WriteConflict::AccountInactive) => Err(CreateClientError::AccountGone),
            });
        }
        Ok(Err(CreateClientError::InProgress))
    }
}
