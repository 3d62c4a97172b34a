//! Enabling and disabling a client. Both act on its next request.

use crate::adapters::store::{AuditRecord, Created, IdempotencyRecord, WriteConflict, WriteOutcome};
use crate::domain::account::Status;
use crate::domain::audit::Action;
use crate::domain::client::Client;
use crate::services::clients::{ClientError, ClientManager, target};
use crate::services::modify::{Attempt, modify};

impl ClientManager<'_> {
    /// Allows a client to act again.
    pub async fn enable(&self, client_id: &str) -> Result<Client, ClientError> {
        self.set_status(client_id, Status::Active, Action::ClientEnabled).await
    }

    /// Stops a client: it gets no token, and its tokens are inactive.
    pub async fn disable(&self, client_id: &str) -> Result<Client, ClientError> {
        self.set_status(client_id, Status::Disabled, Action::ClientDisabled).await
    }

    async fn set_status(
        &self,
        client_id: &str,
        status: Status,
        action: Action,
    ) -> Result<Client, ClientError> {
        if self.ctx.find_created().await?.is_some() {
            return self.load_changeable(client_id).await;
        }
        modify(|| async {
            let before = self.load_changeable(client_id).await?;
            if status == Status::Disabled {
                Self::ensure_not_operators(&before)?;
            }
            let created = Created::Client { client_id: before.client_id.clone(), secret_id: None };
            let idempotency_record = self.ctx.audit_context.idempotency_record(created);
            if before.status == status {
                self.record_unchanged(idempotency_record.as_ref()).await?;
                return Ok(Attempt::Done(before));
            }
            let after =
                Client { status, version: before.version + 1, updated_at: self.ctx.now(), ..before.clone() };
            let audit = self.ctx.audit_context.audit(&self.account_id, action, target(&after), &["status"]);
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().update_client(&after, &before, &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(after))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    self.ctx.require_created().await?;
                    self.load_changeable(client_id).await.map(Attempt::Done)
                }
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    /// Records a request that had nothing to change: a repeat changes nothing either, whatever happens to the client
    /// until then.
    async fn record_unchanged(&self, record: Option<&IdempotencyRecord>) -> Result<(), ClientError> {
        let Some(record) = record else { return Ok(()) };
        if self.ctx.store().put_idempotency_record(record).await? != WriteOutcome::Committed {
            self.ctx.require_created().await?;
        }
        Ok(())
    }
}
