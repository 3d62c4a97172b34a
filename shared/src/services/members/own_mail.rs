//! What members decide for themselves, without the right to manage members: which e-mails they get, and in which language.

use super::{MemberError, target};
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::account::Member;
use crate::domain::audit::{Action, ChangedMember};
use crate::domain::primitives::language::Language;
use crate::services::audit::changes;
use crate::services::context::ManagementContext;
use crate::services::modify::{Attempt, modify};

/// Changes what a member decides for themself. `member` is the caller as it was read; another one is not found.
pub async fn update_own_mail(
    ctx: ManagementContext<'_>,
    member: &Member,
    mail: bool,
    locale: Option<Language>,
) -> Result<(), MemberError> {
    if !ctx.principal.is_member(member) {
        return Err(MemberError::NotFound);
    }
    modify(|| async {
        let before = ctx.store().load_member(&member.account_id, &member.email).await?;
        let before = before.ok_or(MemberError::NotFound)?;
        let mut changed = Vec::new();
        changed.extend((before.mail != mail).then_some(ChangedMember::Mail));
        changed.extend((before.locale != locale).then_some(ChangedMember::Locale));
        if changed.is_empty() {
            return Ok(Attempt::Done(()));
        }
        let after = Member {
            mail,
            locale,
            sub: Some(subject_of_member(&before).sub),
            version: before.version + 1,
            updated_at: ctx.now(),
            ..before.clone()
        };
        let audit = ctx
            .audit_context
            .audit(&member.account_id, Action::MemberUpdated, target(&after), &changed)
            .with_changes(changes::of_member(Some(&before), Some(&after)));
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        let outcome = ctx.store().update_member(&after, before.version, &record).await?;
        if outcome == WriteOutcome::Committed {
            ctx.publish(&audit).await;
        }
        Ok(Attempt::from_outcome(outcome, ()))
    })
    .await
}
