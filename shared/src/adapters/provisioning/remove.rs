//! Revoking a secret, deleting a client, and changing a client whose vault entries go with it.

use super::value_source::NoValue;
use super::{ATTEMPTS, Provisioner};
use crate::adapters::fault::Fault;
use crate::adapters::store::{ClientAndSecrets, Outcome, Record, SecretsChange};
use crate::domain::audit::{Action, AuditEntry, Target};
use crate::domain::client::Client;
use crate::domain::ids::{AccountId, ClientId, SecretId};

/// Why nothing was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemoveRefused {
    /// It is not there, or not this account's.
    NotFound,
    /// It is not the version that the caller saw.
    Changed,
    /// Too many others were changing the client at the same time.
    Busy,
}

/// The versions that the caller will accept (`If-Match`).
pub type Acceptable<'a> = &'a (dyn Fn(u64) -> bool + Sync);

impl Provisioner<'_> {
    /// Revokes one secret at once. The last one may go too. Returns what the trail says.
    pub async fn revoke_secret(
        &self,
        account: &AccountId,
        client_id: &ClientId,
        secret_id: &SecretId,
        acceptable: Acceptable<'_>,
    ) -> Result<Result<AuditEntry, RemoveRefused>, Fault> {
        let dropped = std::slice::from_ref(secret_id);
        for attempt in 1..=ATTEMPTS {
            let Some(known) = self.own(account, client_id).await? else {
                return Ok(Err(RemoveRefused::NotFound));
            };
            if !known.secrets.iter().any(|secret| secret.secret_id == *secret_id) {
                return Ok(Err(RemoveRefused::NotFound));
            }
            if !acceptable(known.client.version) {
                return Ok(Err(RemoveRefused::Changed));
            }
            let mut client = known.client.clone();
            client.secrets.retain(|summary| summary.secret_id != *secret_id);
            client.version += 1;
            client.updated_at = self.mandate.now;
            let target = Target {
                client_id: Some(client_id.clone()),
                secret_id: Some(secret_id.clone()),
                ..Target::default()
            };
            let audit = self.mandate.audit(account, Action::SecretRevoked, target, &[]);
            let record = Record { audit: &audit, receipt: None };
            let intent = self.begin(&known.client, None).await?;
            let change = SecretsChange {
                client: &client,
                read: &known.client,
                added: None,
                dropped,
                intent: intent.as_ref(),
            };
            let outcome = self.store.change_secrets(&change, &record).await?;
            self.conclude(intent, &NoValue).await;
            if outcome == Outcome::Done {
                return Ok(Ok(audit));
            }
            Self::step_aside(attempt).await;
        }
        Ok(Err(RemoveRefused::Busy))
    }

    /// Deletes a client with all its secrets, for good: its id is never used again. Returns what the trail
    /// says.
    pub async fn delete_client(
        &self,
        account: &AccountId,
        client_id: &ClientId,
        acceptable: Acceptable<'_>,
    ) -> Result<Result<AuditEntry, RemoveRefused>, Fault> {
        for attempt in 1..=ATTEMPTS {
            let Some(known) = self.own(account, client_id).await? else {
                return Ok(Err(RemoveRefused::NotFound));
            };
            if !acceptable(known.client.version) {
                return Ok(Err(RemoveRefused::Changed));
            }
            let target = Target {
                client_id: Some(client_id.clone()),
                revoked_secret_ids: known.secrets.iter().map(|secret| secret.secret_id.clone()).collect(),
                ..Target::default()
            };
            let audit = self.mandate.audit(account, Action::ClientDeleted, target, &[]);
            let intent = self.begin(&known.client, None).await?;
            let record = Record { audit: &audit, receipt: None };
            let outcome = self.store.delete_client(&known, intent.as_ref(), &record).await?;
            self.conclude(intent, &NoValue).await;
            if outcome == Outcome::Done {
                return Ok(Ok(audit));
            }
            Self::step_aside(attempt).await;
        }
        Ok(Err(RemoveRefused::Busy))
    }

    /// Replaces a client's details. Where it leaves the vault, what is stored there goes.
    pub async fn update_client(
        &self,
        before: &Client,
        after: &Client,
        record: &Record<'_>,
    ) -> Result<Outcome, Fault> {
        let leaves = Self::uses_vault(before) && !Self::uses_vault(after);
        let intent = if leaves { self.begin(before, None).await? } else { None };
        let outcome = self.store.update_client_for(after, before, intent.as_ref(), record).await?;
        self.conclude(intent, &NoValue).await;
        Ok(outcome)
    }

    async fn own(
        &self,
        account: &AccountId,
        client_id: &ClientId,
    ) -> Result<Option<ClientAndSecrets>, Fault> {
        let known = self.store.load_client(client_id).await?;
        Ok(known.filter(|known| known.client.account_id == *account))
    }
}
