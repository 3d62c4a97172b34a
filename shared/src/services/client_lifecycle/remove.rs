//! Revoking a secret, deleting a client, and changing a client whose vault entries go with it.

use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, ClientWithSecrets, UpdateSecrets, WriteOutcome};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::Client;
use crate::domain::primitives::ids::{AccountId, ClientId, SecretId};
use crate::services::client_lifecycle::value_source::NoValue;
use crate::services::client_lifecycle::{ATTEMPTS, ClientProvisioner};

/// Why nothing was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteError {
    /// It is not there, or not this account's.
    NotFound,
    /// It is not the version that the caller saw.
    Changed,
    /// Too many others were changing the client at the same time.
    Busy,
}

/// The versions that the caller will accept (`If-Match`).
pub type VersionPredicate<'a> = &'a (dyn Fn(u64) -> bool + Sync);

impl ClientProvisioner<'_> {
    /// Revokes one secret at once. The last one may go too. Returns what the trail says.
    pub async fn revoke_secret(
        &self,
        account: &AccountId,
        client_id: &ClientId,
        secret_id: &SecretId,
        acceptable: VersionPredicate<'_>,
    ) -> Result<Result<AuditEntry, DeleteError>, BackendError> {
        let removed = std::slice::from_ref(secret_id);
        for attempt in 1..=ATTEMPTS {
            let Some(known) = self.own(account, client_id).await? else {
                return Ok(Err(DeleteError::NotFound));
            };
            if !known.secrets.iter().any(|secret| secret.secret_id == *secret_id) {
                return Ok(Err(DeleteError::NotFound));
            }
            if !acceptable(known.client.version) {
                return Ok(Err(DeleteError::Changed));
            }
            let mut client = known.client.clone();
            client.secrets.retain(|summary| summary.secret_id != *secret_id);
            client.version += 1;
            client.updated_at = self.audit_context.now;
            let target = Target {
                client_id: Some(client_id.clone()),
                secret_id: Some(secret_id.clone()),
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
            if outcome == WriteOutcome::Committed {
                return Ok(Ok(audit));
            }
            Self::backoff(attempt).await;
        }
        Ok(Err(DeleteError::Busy))
    }

    /// Deletes a client with all its secrets, for good: its id is never used again. Returns what the trail
    /// says.
    pub async fn delete_client(
        &self,
        account: &AccountId,
        client_id: &ClientId,
        acceptable: VersionPredicate<'_>,
    ) -> Result<Result<AuditEntry, DeleteError>, BackendError> {
        for attempt in 1..=ATTEMPTS {
            let Some(known) = self.own(account, client_id).await? else {
                return Ok(Err(DeleteError::NotFound));
            };
            if !acceptable(known.client.version) {
                return Ok(Err(DeleteError::Changed));
            }
            let target = Target {
                client_id: Some(client_id.clone()),
                revoked_secret_ids: known.secrets.iter().map(|secret| secret.secret_id.clone()).collect(),
                ..Target::default()
            };
            let audit = self.audit_context.audit(account, Action::ClientDeleted, target, &[]);
            let intent = self.begin(&known.client, None).await?;
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.store.delete_client(&known, intent.as_ref(), &record).await?;
            self.finish_intent(intent, &NoValue).await;
            if outcome == WriteOutcome::Committed {
                return Ok(Ok(audit));
            }
            Self::backoff(attempt).await;
        }
        Ok(Err(DeleteError::Busy))
    }

    /// Replaces a client's details. Where it leaves the vault, what is stored there goes.
    pub async fn update_client(
        &self,
        before: &Client,
        after: &Client,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let leaves = Self::uses_secrets_manager(before) && !Self::uses_secrets_manager(after);
        let intent = if leaves { self.begin(before, None).await? } else { None };
        let outcome = self.store.update_client_for(after, before, intent.as_ref(), record).await?;
        self.finish_intent(intent, &NoValue).await;
        Ok(outcome)
    }

    async fn own(
        &self,
        account: &AccountId,
        client_id: &ClientId,
    ) -> Result<Option<ClientWithSecrets>, BackendError> {
        let known = self.store.load_client(client_id).await?;
        Ok(known.filter(|known| known.client.account_id == *account))
    }
}
