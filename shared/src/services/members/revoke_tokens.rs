//! Revoking all tokens that act for a member.

use super::{MemberError, Members, target};
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::store::{AuditRecord, Created, WriteConflict, WriteOutcome};
use crate::domain::account::Member;
use crate::domain::audit::{Action, ChangedMember};
use crate::services::audit::changes;
use crate::services::modify::{Attempt, modify};

impl Members<'_> {
    /// Revokes all tokens that act for a member, and the sign-ins and refresh tokens that they come from. Consents stay.
    pub async fn revoke_tokens(&self, id: &str) -> Result<Member, MemberError> {
        if self.ctx.find_created().await?.is_some() {
            return self.get(id).await;
        }
        modify(|| async {
            let before = self.get(id).await?;
            self.ctx.principal.ensure_covers_member(&before)?;
            let after = Member {
                sub: Some(subject_of_member(&before).sub),
                token_generation: before.token_generation + 1,
                version: before.version + 1,
                updated_at: self.ctx.now(),
                ..before.clone()
            };
            let (account_id, audit_context) = (&self.account_id, self.ctx.audit_context);
            let audit = audit_context
                .audit(
                    account_id,
                    Action::MemberTokensRevoked,
                    target(&after),
                    &[ChangedMember::TokenGeneration],
                )
                .with_changes(changes::of_member(Some(&before), Some(&after)));
            let created = Created::Member { account_id: account_id.clone(), email: after.email.clone() };
            let idempotency_record = audit_context.idempotency_record(created);
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().update_member(&after, before.version, &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(after))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    self.ctx.require_created().await?;
                    self.get(id).await.map(Attempt::Done)
                }
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }
}
