//! Creating a client in both stores, with its first secret if it has one.

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::StoreSecretError;
use crate::adapters::store::{
    AuditRecord, BeginOutcome, Created, Intent, NewClient, WriteConflict, WriteOutcome,
};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::Client;
use crate::services::audit::changes;
use crate::services::clients::provisioning::new_secret::NewSecret;
use crate::services::clients::provisioning::provisioner::{ClientProvisioner, uses_secrets_manager};
use crate::services::modify::{Attempt, Contention, modify};

/// Why a client was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateClientError {
    /// The same request was carried out before.
    #[error("the request was carried out before")]
    Replayed,
    /// A client has the id, or had it.
    #[error("the client id is taken")]
    IdTaken,
    /// The account is missing or disabled.
    #[error("the account is not active")]
    AccountInactive,
    /// The account has as many clients as it may have.
    #[error("the account has as many clients as it may have")]
    LimitReached,
    /// Another request is creating a client of this id.
    #[error("another request is creating a client of this id")]
    InProgress,
    /// Other requests kept writing the same items.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed. The client may exist.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl From<StoreSecretError> for CreateClientError {
    fn from(error: StoreSecretError) -> Self {
        match error {
            StoreSecretError::Busy => Self::InProgress,
            StoreSecretError::Backend(fault) => Self::Backend(fault),
        }
    }
}

impl ClientProvisioner<'_> {
    /// Creates a client, with its first secret unless it authenticates otherwise. If the function ends at any step, the
    /// sweep removes what is left, and the same request succeeds when it is repeated. `limit` is the most clients that the
    /// account may have. Returns the audit entry.
    pub async fn create_client(
        &self,
        client: &Client,
        new_secret: Option<&NewSecret>,
        limit: u32,
    ) -> Result<AuditEntry, CreateClientError> {
        let Some(stored) = new_secret.filter(|_| uses_secrets_manager(client)) else {
            return self.insert_client(client, new_secret, None, limit).await;
        };
        // The transaction decides. This check keeps attempts without prospect, and ids of other clients, out of Secrets
        // Manager.
        self.ensure_creatable(client, limit).await?;
        let intent = self.intent(&client.client_id, true, Some(&stored.secret.secret_id));
        if self.store.begin(&intent).await? == BeginOutcome::Conflict {
            return Err(CreateClientError::InProgress);
        }
        let result = self.stage_and_insert(client, stored, &intent, limit).await;
        // After a fault the outcome is unknown: the intent stays for the sweep.
        if !matches!(result, Err(CreateClientError::Backend(_))) {
            self.finish_intent(Some(intent), stored).await;
        }
        result
    }

    async fn stage_and_insert(
        &self,
        client: &Client,
        stored: &NewSecret,
        intent: &Intent,
        limit: u32,
    ) -> Result<AuditEntry, CreateClientError> {
        let NewSecret { secret, value } = stored;
        let (account, id) = (&client.account_id, &client.client_id);
        self.client_secrets.stage(account, id, &secret.secret_id, value, secret.expires_at).await?;
        self.insert_client(client, Some(stored), Some(intent), limit).await
    }

    async fn ensure_creatable(&self, client: &Client, limit: u32) -> Result<(), CreateClientError> {
        let (taken, usage) = tokio::try_join!(
            self.store.client_id_is_used(&client.client_id),
            self.store.usage(&client.account_id)
        )?;
        if taken {
            Err(CreateClientError::IdTaken)
        } else if usage.clients >= u64::from(limit) {
            Err(CreateClientError::LimitReached)
        } else {
            Ok(())
        }
    }

    async fn insert_client(
        &self,
        client: &Client,
        new_secret: Option<&NewSecret>,
        intent: Option<&Intent>,
        limit: u32,
    ) -> Result<AuditEntry, CreateClientError> {
        let (id, secret) = (&client.client_id, new_secret.map(|new_secret| &new_secret.secret));
        let secret_id = secret.map(|secret| secret.secret_id.clone());
        let target =
            Target { client_id: Some(id.clone()), secret_id: secret_id.clone(), ..Target::default() };
        let audit = self
            .audit_context
            .audit(&client.account_id, Action::ClientCreated, target, &[])
            .with_changes(changes::of_client(None, client));
        let created = Created::Client { client_id: id.clone(), secret_id };
        let idempotency_record = self.audit_context.idempotency_record(created);
        let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
        let new = NewClient { client, secret, intent, limit };
        modify(|| async {
            match self.store.create_client(&new, &record).await? {
                WriteOutcome::Committed => Ok(Attempt::Done(())),
                WriteOutcome::Rejected(
                    WriteConflict::TransactionConflict | WriteConflict::VersionMismatch,
                ) => Ok(Attempt::Conflict),
                WriteOutcome::Rejected(WriteConflict::Superseded) => Err(CreateClientError::InProgress),
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => Err(CreateClientError::Replayed),
                WriteOutcome::Rejected(WriteConflict::AlreadyExists | WriteConflict::IdRetired) => {
                    Err(CreateClientError::IdTaken)
                }
                WriteOutcome::Rejected(WriteConflict::AccountInactive) => {
                    Err(CreateClientError::AccountInactive)
                }
                // Also if the numbers are not stored, as for older accounts: now they are.
                WriteOutcome::Rejected(WriteConflict::LimitReached) => {
                    let usage = self.store.usage(&client.account_id).await?;
                    if usage.clients < u64::from(limit) {
                        Ok(Attempt::Conflict)
                    } else {
                        Err(CreateClientError::LimitReached)
                    }
                }
            }
        })
        .await?;
        Ok(audit)
    }
}
