//! Revoking all tokens of an account's clients.

use super::AccountError;
use crate::adapters::store::{AuditRecord, Created, WriteOutcome};
use crate::domain::audit::{Action, ChangedMember, Target};
use crate::domain::client::Client;
use crate::domain::management::ManagementScope;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::services::audit::changes;
use crate::services::context::ManagementContext;
use crate::services::modify::{Attempt, modify};
use crate::services::principal::AccessError;

/// Clients that are read at once.
const PAGE_SIZE: usize = 200;

/// The tokens of an account's clients, for a caller that is allowed to revoke them.
pub struct AccountTokens<'a> {
    ctx: ManagementContext<'a>,
    account_id: AccountId,
}

impl<'a> AccountTokens<'a> {
    /// For operators, and holders of `members:manage` in the account.
    pub fn authorize(ctx: ManagementContext<'a>, account_id: &str) -> Result<Self, AccessError> {
        if !ctx.principal.is_operator() {
            ctx.principal.require_scope(ManagementScope::MembersManage)?;
        }
        let account_id = ctx.principal.resolve_account(account_id)?;
        Ok(Self { ctx, account_id })
    }

    /// Revokes all tokens of all clients, those that act for people too. If it fails on the way, it can be repeated.
    pub async fn revoke(&self) -> Result<(), AccountError> {
        if self.ctx.find_created().await?.is_some() {
            return Ok(());
        }
        let (store, id) = (self.ctx.store(), &self.account_id);
        if !self.ctx.account_exists(id).await? {
            return Err(AccountError::NotFound);
        }
        let entry = self.ctx.audit_context.audit(id, Action::AccountTokensRevoked, Target::default(), &[]);
        store.append_audit(&entry).await?;
        self.ctx.publish(&entry).await;
        let mut after = None;
        loop {
            let page = store.list_clients(id, PAGE_SIZE, after.as_ref(), |_| true).await?;
            for client in page.items {
                self.revoke_of(&client.client_id).await?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let created = Created::Account { account_id: id.clone() };
        if let Some(record) = self.ctx.audit_context.idempotency_record(created) {
            // A repeat that came meanwhile has revoked the same.
            let (WriteOutcome::Committed | WriteOutcome::Rejected(_)) =
                store.put_idempotency_record(&record).await?;
        }
        Ok(())
    }

    async fn revoke_of(&self, client_id: &ClientId) -> Result<(), AccountError> {
        let store = self.ctx.store();
        modify(|| async {
            let Some(known) = store.load_client(client_id).await? else { return Ok(Attempt::Done(())) };
            let before = known.client;
            let after = Client {
                token_generation: before.token_generation + 1,
                version: before.version + 1,
                updated_at: self.ctx.now(),
                ..before.clone()
            };
            let target = Target { client_id: Some(client_id.clone()), ..Target::default() };
            let changed = &[ChangedMember::TokenGeneration];
            let audit_context = self.ctx.audit_context;
            let audit = audit_context
                .audit(&self.account_id, Action::ClientTokensRevoked, target, changed)
                .with_changes(changes::of_client(Some(&before), &after));
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = store.update_client(&after, &before, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }
}
