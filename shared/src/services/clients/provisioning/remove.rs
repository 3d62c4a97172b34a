//! Revoking a secret, deleting a client, and changing a client that stops storing values in Secrets Manager.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, ClientWithSecrets, UpdateSecrets, WriteOutcome};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::Client;
use crate::domain::client::active_credentials::active_last_uses;
use crate::domain::primitives::ids::{AccountId, ClientId, SecretId};
use crate::services::audit::changes;
use crate::services::clients::provisioning::provisioner::{ClientProvisioner, uses_secrets_manager};
use crate::services::clients::provisioning::value_source::NoValue;
use crate::services::modify::{
    Attempt, Contention, VersionMismatch, VersionPredicate, ensure_version, modify,
};

/// Why a client or a secret was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// It does not exist in the account.
    #[error("not found")]
    NotFound,
    /// The client is not at an expected version.
    #[error(transparent)]
    VersionMismatch(#[from] VersionMismatch),
    /// Other requests kept changing the client.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl ClientProvisioner<'_> {
    /// Revokes one secret at once; the last one too. Returns the audit entry.
    pub async fn revoke_secret(
        &self,
        account: &AccountId,
        client_id: &ClientId,
        secret_id: &SecretId,
        expected: VersionPredicate<'_>,
    ) -> Result<AuditEntry, DeleteError> {
        let removed = std::slice::from_ref(secret_id);
        modify(|| async {
            let known = self.load_own(account, client_id).await?;
            let mut secrets = known.secrets.iter();
            let secret =
                secrets.find(|secret| secret.secret_id == *secret_id).ok_or(DeleteError::NotFound)?;
            ensure_version(expected, known.client.version)?;
            let mut client = known.client.clone();
            client.secrets.retain(|summary| summary.secret_id != *secret_id);
            client.last_uses = active_last_uses(&client);
            client.version += 1;
            client.updated_at = self.audit_context.now;
            let target = Target {
                client_id: Some(client_id.clone()),
                secret_id: Some(secret_id.clone()),
                hint: Some(secret.hint.clone()),
                ..Target::default()
            };
            let audit = self.audit_context.audit(account, Action::SecretRevoked, target, &[]);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let intent = self.begin(&known.client, None).await?;
            let change = UpdateSecrets {
                client: &client,
                read: &known.client,
                added: None,
                removed,
                intent: intent.as_ref(),
            };
            let outcome = self.store.change_secrets(&change, &record).await?;
            self.finish_intent(intent, &NoValue).await;
            Ok(Attempt::from_outcome(outcome, audit))
        })
        .await
    }

    /// Deletes a client with all its secrets. Its id is never used again. Returns the audit entry.
    pub async fn delete_client(
        &self,
        account: &AccountId,
        client_id: &ClientId,
        expected: VersionPredicate<'_>,
    ) -> Result<AuditEntry, DeleteError> {
        modify(|| async {
            let known = self.load_own(account, client_id).await?;
            ensure_version(expected, known.client.version)?;
            let target = Target {
                client_id: Some(client_id.clone()),
                revoked_secret_ids: known.secrets.iter().map(|secret| secret.secret_id.clone()).collect(),
                ..Target::default()
            };
            let audit = self
                .audit_context
                .audit(account, Action::ClientDeleted, target, &[])
                .with_changes(changes::of_deleted_client(&known.client));
            self.store.usage(account).await?;
            let intent = self.begin(&known.client, None).await?;
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.store.delete_client(&known, intent.as_ref(), &record).await?;
            self.finish_intent(intent, &NoValue).await;
            Ok(Attempt::from_outcome(outcome, audit))
        })
        .await
    }

    /// Replaces a client's details. If it stops using Secrets Manager, the values stored there are deleted.
    pub async fn update_client(
        &self,
        before: &Client,
        after: &Client,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let leaves = uses_secrets_manager(before) && !uses_secrets_manager(after);
        let intent = if leaves { self.begin(before, None).await? } else { None };
        let outcome = self.store.update_client_for(after, before, intent.as_ref(), record).await?;
        self.finish_intent(intent, &NoValue).await;
        Ok(outcome)
    }

    async fn load_own(
        &self,
        account: &AccountId,
        client_id: &ClientId,
    ) -> Result<ClientWithSecrets, DeleteError> {
        let known = self.store.load_client(client_id).await?;
        known.filter(|known| known.client.account_id == *account).ok_or(DeleteError::NotFound)
    }
}
