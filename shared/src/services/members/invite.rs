//! Inviting a member again.

use super::{AddedMember, MemberError, Members, target};
use crate::adapters::store::{AuditRecord, Created, WriteConflict, WriteOutcome};
use crate::domain::account::invitation::{INVITATION_VALID_FOR, invitations};
use crate::domain::account::{Member, Status};
use crate::domain::audit::{Action, ChangedMember};
use crate::services::audit::changes;
use crate::services::modify::{Attempt, modify};
use jiff::Timestamp;

impl Members<'_> {
    /// Sends the invitation of a member again, who has another seven days from now on. At most three times a day.
    pub async fn invite(&self, id: &str) -> Result<AddedMember, MemberError> {
        if self.ctx.find_created().await?.is_some() {
            return Ok(AddedMember { member: self.get(id).await?, mail: None });
        }
        let account = self.account().await?;
        if account.status == Status::Disabled {
            return Err(MemberError::AccountDisabled);
        }
        let member = self.get(id).await?;
        self.ctx.principal.ensure_covers_member(&member)?;
        if member.invited_until.is_none() {
            return Err(MemberError::NotInvited);
        }
        self.count_mail(invitations(member.created_at, self.ctx.now()), &member.email).await?;
        let Some(invited) = self.prolong(id).await? else {
            return Ok(AddedMember { member: self.get(id).await?, mail: None });
        };
        let mail = self.send_counted_invitation(&account, &invited).await;
        Ok(AddedMember { member: invited, mail: Some(mail) })
    }

    /// When the invitation of a member can be sent again, if it was sent as often today as it may be.
    pub async fn invitable_from(&self, member: &Member) -> Result<Option<Timestamp>, MemberError> {
        let now = self.ctx.now();
        let counter = self.counter(invitations(member.created_at, now), &member.email);
        Ok(self.ctx.store().rate_limited_until(&counter, now).await?)
    }

    /// Prolongs an invitation; `None` if the request is a repeat.
    async fn prolong(&self, id: &str) -> Result<Option<Member>, MemberError> {
        let now = self.ctx.now();
        modify(|| async {
            let before = self.get(id).await?;
            self.ctx.principal.ensure_covers_member(&before)?;
            if before.invited_until.is_none() {
                return Err(MemberError::NotInvited);
            }
            let after = Member {
                invited_until: Some(now.saturating_add(INVITATION_VALID_FOR).unwrap_or(now)),
                version: before.version + 1,
                updated_at: now,
                ..before.clone()
            };
            let (account_id, audit_context) = (&self.account_id, self.ctx.audit_context);
            let audit = audit_context
                .audit(account_id, Action::MemberInvited, target(&after), &[ChangedMember::InvitedUntil])
                .with_changes(changes::of_member(Some(&before), Some(&after)));
            let created = Created::Member { account_id: account_id.clone(), email: after.email.clone() };
            let idempotency_record = audit_context.idempotency_record(created);
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().update_member(&after, before.version, &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(Some(after)))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => Ok(Attempt::Done(None)),
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }
}
