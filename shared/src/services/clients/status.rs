//! Enabling and disabling a client, and revoking all its tokens. Each acts on its next request.

use crate::adapters::store::{AuditRecord, Created, IdempotencyRecord, WriteConflict, WriteOutcome};
use crate::domain::account::Status;
use crate::domain::audit::{Action, ChangedMember};
use crate::domain::client::Client;
use crate::services::audit::changes;
use crate::services::clients::{ClientError, ClientManager, target};
use crate::services::modify::{Attempt, modify};

/// What is set.
#[derive(Clone, Copy)]
enum StatusChange {
    Enable { revoke_tokens: bool },
    Disable,
    RevokeTokens,
}

impl StatusChange {
    /// The changed client with its action and the names of the members that changed; `None` if nothing does.
    fn apply(self, before: &Client) -> Option<(Client, Action, &'static [ChangedMember])> {
        let next_generation = before.token_generation + 1;
        let with = |status, token_generation| Client { status, token_generation, ..before.clone() };
        match (self, before.status) {
            (Self::Enable { revoke_tokens: true }, Status::Disabled) => {
                let changed = &[ChangedMember::Status, ChangedMember::TokenGeneration];
                Some((with(Status::Active, next_generation), Action::ClientEnabled, changed))
            }
            (Self::Enable { revoke_tokens: false }, Status::Disabled) => Some((
                with(Status::Active, before.token_generation),
                Action::ClientEnabled,
                &[ChangedMember::Status],
            )),
            (Self::Disable, Status::Active) => Some((
                with(Status::Disabled, before.token_generation),
                Action::ClientDisabled,
                &[ChangedMember::Status],
            )),
            (Self::RevokeTokens | Self::Enable { revoke_tokens: true }, status) => {
                let changed = &[ChangedMember::TokenGeneration];
                Some((with(status, next_generation), Action::ClientTokensRevoked, changed))
            }
            (Self::Enable { revoke_tokens: false }, Status::Active) | (Self::Disable, Status::Disabled) => {
                None
            }
        }
    }
}

impl ClientManager<'_> {
    /// Allows a client to act again. Its tokens are active again too, unless they are revoked with it.
    pub async fn enable(&self, client_id: &str, revoke_tokens: bool) -> Result<Client, ClientError> {
        self.set(client_id, StatusChange::Enable { revoke_tokens }).await
    }

    /// Stops a client: it gets no token, and its tokens are inactive.
    pub async fn disable(&self, client_id: &str) -> Result<Client, ClientError> {
        self.set(client_id, StatusChange::Disable).await
    }

    /// Revokes all tokens of a client, those that act for people too. Its secrets and consents stay. A client may do so
    /// for itself.
    pub async fn revoke_tokens(&self, client_id: &str) -> Result<Client, ClientError> {
        self.set(client_id, StatusChange::RevokeTokens).await
    }

    async fn load_for(&self, client_id: &str, change: StatusChange) -> Result<Client, ClientError> {
        match change {
            StatusChange::Enable { .. } => self.load_changeable(client_id).await,
            StatusChange::Disable => {
                let client = self.load_changeable(client_id).await?;
                Self::ensure_not_operators(&client)?;
                Ok(client)
            }
            StatusChange::RevokeTokens => {
                let client = self.load(client_id).await?.client;
                self.ctx.principal.ensure_scopes_cover(&client)?;
                Ok(client)
            }
        }
    }

    async fn set(&self, client_id: &str, change: StatusChange) -> Result<Client, ClientError> {
        if self.ctx.find_created().await?.is_some() {
            return self.load_for(client_id, change).await;
        }
        modify(|| async {
            let before = self.load_for(client_id, change).await?;
            let created = Created::Client { client_id: before.client_id.clone(), secret_id: None };
            let idempotency_record = self.ctx.audit_context.idempotency_record(created);
            let Some((changed_client, action, changed)) = change.apply(&before) else {
                self.record_unchanged(idempotency_record.as_ref()).await?;
                return Ok(Attempt::Done(before));
            };
            let after = Client { version: before.version + 1, updated_at: self.ctx.now(), ..changed_client };
            let audit = self
                .ctx
                .audit_context
                .audit(&self.account_id, action, target(&after), changed)
                .with_changes(changes::of_client(Some(&before), &after));
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().update_client(&after, &before, &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(after))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    self.ctx.require_created().await?;
                    self.load_for(client_id, change).await.map(Attempt::Done)
                }
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    /// Records a request that had nothing to change: a repeat changes nothing either, whatever happens to the client
    /// until then.
    pub(super) async fn record_unchanged(
        &self,
        record: Option<&IdempotencyRecord>,
    ) -> Result<(), ClientError> {
        let Some(record) = record else { return Ok(()) };
        if self.ctx.store().put_idempotency_record(record).await? != WriteOutcome::Committed {
            self.ctx.require_created().await?;
        }
        Ok(())
    }
}
