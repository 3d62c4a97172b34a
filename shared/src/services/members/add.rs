//! Adding a member, with an invitation or without.

use super::{AddMember, MailOutcome, MemberError, Members, target};
use crate::adapters::crypto::random::random;
use crate::adapters::store::{AuditRecord, Created, WriteConflict, WriteOutcome};
use crate::domain::account::Member;
use crate::domain::account::invitation::INVITATION_VALID_FOR;
use crate::domain::account::limits::LimitReached;
use crate::domain::audit::Action;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::end_user::Subject;
use crate::services::accounts::{InactiveAccount, inactive_account};
use crate::services::audit::changes;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Attempt, modify};
use crate::services::principal::AccessError;

/// A member who was added.
#[derive(Debug)]
pub struct AddedMember {
    /// The member.
    pub member: Member,
    /// Whether they got the invitation; `None` if none was to be sent, also because the request is a repeat.
    pub mail: Option<MailOutcome>,
}

impl Members<'_> {
    /// Adds a member, and invites them if that is wanted. The caller grants only permissions that it may grant. They are a
    /// member whatever becomes of the e-mail.
    pub async fn add(&self, new: AddMember) -> Result<AddedMember, MemberError> {
        if let Some(created) = self.ctx.find_created().await? {
            return Ok(AddedMember { member: self.replayed(created).await?, mail: None });
        }
        if !self.ctx.principal.may_grant(&new.permissions) {
            return Err(AccessError::GrantToMember.into());
        }
        let account = self.account().await?;
        let limit = self.ctx.backend.policy.limits.with(&account.limits).members;
        let (is_invited, now) = (new.invite, self.ctx.now());
        let member = Member {
            account_id: self.account_id.clone(),
            email: new.email.into(),
            sub: Some(Subject::from_random_bytes(random())),
            token_generation: 0,
            name: new.name,
            permissions: new.permissions,
            external_identity: None,
            mail: new.mail,
            locale: new.locale,
            invited_until: is_invited.then(|| now.saturating_add(INVITATION_VALID_FOR).unwrap_or(now)),
            last_signed_in_at: None,
            pending_email: None,
            calendar_feeds: Vec::new(),
            created_at: now,
            updated_at: now,
            version: 1,
            unknown: UnknownAttributes::default(),
        };
        let added = self.store_new(member, limit).await?;
        let mail = if added.is_new && is_invited {
            Some(self.send_invitation(&account, &added.member).await)
        } else {
            None
        };
        Ok(AddedMember { member: added.member, mail })
    }

    async fn store_new(&self, member: Member, limit: u32) -> Result<Stored, MemberError> {
        let (account_id, audit_context) = (&self.account_id, self.ctx.audit_context);
        let audit = audit_context
            .audit(account_id, Action::MemberAdded, target(&member), &[])
            .with_changes(changes::of_member(None, Some(&member)));
        let created = Created::Member { account_id: account_id.clone(), email: member.email.clone() };
        let idempotency_record = audit_context.idempotency_record(created);
        modify(|| async {
            let record = AuditRecord { audit: &audit, idempotency_record: idempotency_record.as_ref() };
            match self.ctx.store().add_member(&member, limit, &record).await? {
                WriteOutcome::Committed => {
                    self.ctx.publish(&audit).await;
                    Ok(Attempt::Done(Stored { member: member.clone(), is_new: true }))
                }
                WriteOutcome::Rejected(WriteConflict::IdempotentReplay) => {
                    let created = self.ctx.require_created().await?;
                    let member = self.replayed(created).await?;
                    Ok(Attempt::Done(Stored { member, is_new: false }))
                }
                WriteOutcome::Rejected(WriteConflict::AlreadyExists) => Err(MemberError::AlreadyExists),
                WriteOutcome::Rejected(WriteConflict::LimitReached) => {
                    // Also if the numbers are not stored, as for older accounts: now they are.
                    if self.ctx.store().usage(account_id).await?.members < u64::from(limit) {
                        return Ok(Attempt::Conflict);
                    }
                    Err(MemberError::LimitReached(LimitReached::Members(limit)))
                }
                WriteOutcome::Rejected(WriteConflict::AccountInactive) => {
                    Err(match inactive_account(self.ctx.store(), account_id).await? {
                        InactiveAccount::NotFound => MemberError::NotFound,
                        InactiveAccount::Disabled => MemberError::AccountDisabled,
                    })
                }
                WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
            }
        })
        .await
    }

    async fn replayed(&self, created: Created) -> Result<Member, MemberError> {
        let Created::Member { account_id, email } = created else {
            return Err(IdempotencyError::KeyReused.into());
        };
        self.load(&account_id, &email).await
    }
}

/// A member that this request stored, or an earlier one.
struct Stored {
    member: Member,
    is_new: bool,
}
