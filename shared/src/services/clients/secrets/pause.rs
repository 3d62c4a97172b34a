//! Pausing a secret and resuming it. Both act on the next request, and both can be taken back.

use crate::adapters::crypto::random::random;
use crate::adapters::store::{AuditRecord, Created, UpdateSecret, WriteConflict, WriteOutcome};
use crate::domain::audit::{Action, ChangedMember, Target};
use crate::domain::client::Client;
use crate::domain::client::secret::{Secret, SecretStatus};
use crate::services::clients::{ClientError, ClientManager};
use crate::services::modify::{Attempt, modify};

impl ClientManager<'_> {
    /// Pauses a secret, so that it authenticates no one until it is resumed, or resumes it. It stays, and expires as before.
    /// Fails with [`ClientError::SecretExpired`] once it has.
    pub async fn set_secret_status(
        &self,
        client_id: &str,
        secret_id: &str,
        status: SecretStatus,
    ) -> Result<(Client, Secret), ClientError> {
        if self.ctx.find_created().await?.is_some() {
            let (client, secret) = self.secret(client_id, secret_id).await?;
            self.reconcile_after_replay(&client.client_id).await;
            return Ok((client, secret));
        }
        let now = self.ctx.now();
        let provisioner = self.provisioner();
        modify(|| async {
            let (read, secret) = self.secret(client_id, secret_id).await?;
            self.ctx.principal.ensure_scopes_cover(&read)?;
            if !secret.is_live(now) {
                return Err(ClientError::SecretExpired);
            }
            let created =
                Created::Secret { client_id: read.client_id.clone(), secret_id: secret.secret_id.clone() };
            let idempotency_record = self.ctx.audit_context.idempotency_record(created);
            if secret.status == status {
                self.record_unchanged(idempotency_record.as_ref()).await?;
                return Ok(Attempt::Done((read, secret)));
            }
            let secret = secret.with_status(status, random());
            let client = with_summary(&read, &secret, now);
            let target = Target {
                client_id: Some(client.client_id.clone()),
                secret_id: Some(secret.secret_id.clone()),
                hint: Some(secret.hint.clone()),
                ..Target::default()
            };
            let action = match status {
                SecretStatus::Active => Action::SecretResumed,
                SecretStatus::Paused => Action::SecretPaused,
            };
            let audit =
                self.ctx.audit_context.audit(&self.account_id, action, target, &[ChangedMember::Status]);
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            let outcome = provisioner
                .update_secret(
                    &UpdateSecret { client: &client, read: &read, secret: &secret, intent: None },
                    &record,
                )
                .await?;
            match outcome {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done((client, secret)))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    self.ctx.require_created().await?;
                    self.secret(client_id, secret_id).await.map(Attempt::Done)
                }
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }
}

/// The client with the next version, and a summary of the secret as it is now.
pub(super) fn with_summary(read: &Client, secret: &Secret, now: jiff::Timestamp) -> Client {
    let mut client = Client { version: read.version + 1, updated_at: now, ..read.clone() };
    for summary in client.secrets.iter_mut().filter(|summary| summary.secret_id == secret.secret_id) {
        summary.status = secret.status;
        summary.expires_at = secret.expires_at;
        summary.label.clone_from(&secret.label);
    }
    client
}
