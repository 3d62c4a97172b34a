//! Changing a secret: whether reminders of its expiry are sent. Its value and its expiry never change.

use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::audit::{Action, Target};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::services::clients::{ClientError, ClientManager};
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};

/// A change of a secret.
#[derive(Clone, Copy, Debug, Default)]
pub struct SecretChange {
    /// Whether reminders are sent; as before if absent.
    pub remind: Option<bool>,
}

impl ClientManager<'_> {
    /// One secret, and its client.
    pub async fn secret(&self, client_id: &str, secret_id: &str) -> Result<(Client, Secret), ClientError> {
        self.load(client_id).await?.into_secret(secret_id).ok_or(ClientError::NotFound)
    }

    /// Changes a secret, if its client is at an expected version.
    pub async fn update_secret(
        &self,
        client_id: &str,
        secret_id: &str,
        change: SecretChange,
        expected: VersionPredicate<'_>,
    ) -> Result<(Client, Secret), ClientError> {
        modify(|| async {
            let (read, secret) = self.secret(client_id, secret_id).await?;
            self.ctx.principal.ensure_scopes_cover(&read)?;
            ensure_version(expected, read.version)?;
            let remind = change.remind.unwrap_or(secret.remind);
            if remind == secret.remind {
                return Ok(Attempt::Done((read, secret)));
            }
            let secret = Secret { remind, ..secret };
            let client = Client { version: read.version + 1, updated_at: self.ctx.now(), ..read.clone() };
            let target = Target {
                client_id: Some(client.client_id.clone()),
                secret_id: Some(secret.secret_id.clone()),
                ..Target::default()
            };
            let audit =
                self.ctx.audit_context.audit(&self.account_id, Action::SecretUpdated, target, &["remind"]);
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().update_secret(&client, &read, &secret, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, (client, secret)))
        })
        .await
    }
}
