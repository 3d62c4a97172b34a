//! Changing a secret: its label, its reminders, and an earlier expiry. Its value never changes, and it never lives longer.

use super::NO_ROOM_FOR_LABEL;
use super::pause::with_summary;
use crate::adapters::store::{AuditRecord, UpdateSecret, WriteOutcome};
use crate::domain::audit::{Action, ChangedMember, Target};
use crate::domain::client::Client;
use crate::domain::client::secret::Secret;
use crate::domain::client::secret_expiry;
use crate::domain::primitives::display_text::Label;
use crate::domain::primitives::validation::FieldError;
use crate::services::audit::changes;
use crate::services::clients::{ClientError, ClientManager};
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};
use jiff::Timestamp;
use jiff::civil::Date;

/// A change of a secret.
#[derive(Clone, Debug, Default)]
pub struct SecretChange {
    /// Whether reminders are sent; as before if absent.
    pub remind: Option<bool>,
    /// What people call it; `Some(None)` removes that.
    pub label: Option<Option<Label>>,
    /// The last day on which it works: not later than before.
    pub expires_on: Option<Date>,
}

impl SecretChange {
    /// The changed secret, and the names of the members that changed.
    fn apply(self, before: &Secret, now: Timestamp) -> Result<(Secret, Vec<ChangedMember>), FieldError> {
        let expires_at = match self.expires_on.map(secret_expiry::expires_at) {
            None => before.expires_at,
            Some(earlier) if earlier > before.expires_at => {
                let detail = "must not be later than its present end; add a new secret instead";
                return Err(FieldError::new("expires_on", detail));
            }
            Some(past) if past <= now => {
                return Err(FieldError::new("expires_on", "is past; revoke the secret to end it now"));
            }
            Some(earlier) => earlier,
        };
        let after = Secret {
            remind: self.remind.unwrap_or(before.remind),
            label: self.label.unwrap_or_else(|| before.label.clone()),
            expires_at,
            ..before.clone()
        };
        let members = [
            (ChangedMember::Remind, after.remind != before.remind),
            (ChangedMember::Label, after.label != before.label),
            (ChangedMember::ExpiresAt, after.expires_at != before.expires_at),
        ];
        let changed =
            members.into_iter().filter(|(_, is_changed)| *is_changed).map(|(member, _)| member).collect();
        Ok((after, changed))
    }
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
        let now = self.ctx.now();
        let provisioner = self.provisioner();
        modify(|| {
            let change = change.clone();
            async {
                let (read, before) = self.secret(client_id, secret_id).await?;
                self.ctx.principal.ensure_scopes_cover(&read)?;
                ensure_version(expected, read.version)?;
                let (secret, changed) =
                    change.apply(&before, now).map_err(|error| ClientError::Invalid(vec![error]))?;
                if changed.is_empty() {
                    return Ok(Attempt::Done((read, secret)));
                }
                let client = with_summary(&read, &secret, now);
                if !client.validate_new_values(&read).is_empty() {
                    return Err(ClientError::Invalid(vec![FieldError::new("label", NO_ROOM_FOR_LABEL)]));
                }
                let target = Target {
                    client_id: Some(client.client_id.clone()),
                    secret_id: Some(secret.secret_id.clone()),
                    hint: Some(secret.hint.clone()),
                    ..Target::default()
                };
                let audit = self
                    .ctx
                    .audit_context
                    .audit(&self.account_id, Action::SecretUpdated, target, &changed)
                    .with_changes(changes::of_secret(&before, &secret));
                let record = AuditRecord { audit: &audit, idempotency_record: None };
                let update = UpdateSecret { client: &client, read: &read, secret: &secret, intent: None };
                let outcome = if secret.expires_at == before.expires_at {
                    self.ctx.store().update_secret(&update, &record).await?
                } else {
                    provisioner.update_secret(&update, &record).await?
                };
                if outcome == WriteOutcome::Committed {
                    self.ctx.publish(&audit).await;
                }
                Ok(Attempt::from_outcome(outcome, (client, secret)))
            }
        })
        .await
    }
}
