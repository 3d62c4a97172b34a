//! Changing and removing a member.

use super::{LossPolicy, Losses, MailOutcome, MemberChange, MemberError, Members, target};
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::account::Member;
use crate::domain::account::invitation::PendingEmail;
use crate::domain::audit::{Action, ChangedMember};
use crate::services::audit::changes;
use crate::services::modify::{Attempt, VersionPredicate, ensure_version, modify};
use crate::services::principal::AccessError;
use std::collections::BTreeSet;

/// A member who was changed.
#[derive(Debug)]
pub struct UpdatedMember {
    /// The member.
    pub member: Member,
    /// Whether the new address got the link by which it is confirmed; `None` if there is no new address.
    pub mail: Option<MailOutcome>,
    /// What the account no longer has.
    pub losses: Losses,
}

impl Members<'_> {
    /// Changes a member, if it is at an expected version and holds no permission that the caller lacks. The caller adds
    /// only permissions that it may grant. A new address waits for its mailbox.
    pub async fn update(
        &self,
        id: &str,
        change: &MemberChange,
        expected: VersionPredicate<'_>,
        policy: LossPolicy,
    ) -> Result<UpdatedMember, MemberError> {
        let requested = self.requested_email(id, change).await?;
        let (member, losses) = self.store_change(id, change, requested.as_ref(), expected, policy).await?;
        let mail = match &requested {
            Some(pending) => Some(self.send_email_change(&member, pending).await),
            None => None,
        };
        Ok(UpdatedMember { member, mail, losses })
    }

    async fn store_change(
        &self,
        id: &str,
        change: &MemberChange,
        requested: Option<&PendingEmail>,
        expected: VersionPredicate<'_>,
        policy: LossPolicy,
    ) -> Result<(Member, Losses), MemberError> {
        modify(|| async {
            let before = self.get(id).await?;
            self.ctx.principal.ensure_covers_member(&before)?;
            ensure_version(expected, before.version)?;
            if change.unpin {
                self.ctx.principal.require_operator("external_identity")?;
            }
            let mut after = before.clone();
            after.external_identity = after.external_identity.filter(|_| !change.unpin);
            after.name = change.name.clone().unwrap_or(after.name);
            after.permissions = change.permissions.clone().unwrap_or(after.permissions);
            after.mail = change.mail.unwrap_or(after.mail);
            after.locale = change.locale.clone().apply(after.locale);
            after.pending_email = match (requested, change.drop_pending_email) {
                (Some(requested), _) => Some(requested.clone()),
                (None, true) => None,
                (None, false) => after.pending_email(self.ctx.now()).cloned(),
            };
            let added = after.permissions.difference(&before.permissions).copied().collect();
            if !self.ctx.principal.may_grant(&added) {
                return Err(AccessError::GrantToMember.into());
            }
            self.ctx.principal.ensure_keeps_own_rights(&before, &after.permissions)?;
            let changed = changed_members(&before, &after);
            if changed.is_empty() {
                return Ok(Attempt::Done((before, Losses::default())));
            }
            let losses = self.accept_losses(&before, Some(&after), policy).await?;
            (after.version, after.updated_at) = (before.version + 1, self.ctx.now());
            after.sub = Some(subject_of_member(&before).sub);
            let audit = self
                .ctx
                .audit_context
                .audit(&self.account_id, Action::MemberUpdated, target(&after), &changed)
                .with_changes(changes::of_member(Some(&before), Some(&after)));
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            let outcome = self.ctx.store().update_member(&after, before.version, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, (after, losses)))
        })
        .await
    }

    /// Removes a member, if it is at an expected version and holds no permission that the caller lacks.
    pub async fn remove(
        &self,
        id: &str,
        expected: VersionPredicate<'_>,
        policy: LossPolicy,
    ) -> Result<(), MemberError> {
        modify(|| async {
            let member = self.get(id).await?;
            self.ctx.principal.ensure_covers_member(&member)?;
            self.ctx.principal.ensure_keeps_own_rights(&member, &BTreeSet::new())?;
            ensure_version(expected, member.version)?;
            if policy == LossPolicy::Refuse {
                self.accept_losses(&member, None, policy).await?;
            }
            let audit_context = self.ctx.audit_context;
            let audit = audit_context
                .audit(&self.account_id, Action::MemberRemoved, target(&member), &[])
                .with_changes(changes::of_member(Some(&member), None));
            let record = AuditRecord { audit: &audit, idempotency_record: None };
            self.ctx.store().usage(&self.account_id).await?;
            let outcome = self.ctx.store().remove_member(&member, &record).await?;
            if outcome == WriteOutcome::Committed {
                self.ctx.publish(&audit).await;
            }
            Ok(Attempt::from_outcome(outcome, ()))
        })
        .await
    }
}

fn changed_members(before: &Member, after: &Member) -> Vec<ChangedMember> {
    let mut changed = Vec::new();
    changed.extend((after.name != before.name).then_some(ChangedMember::Name));
    changed.extend((after.permissions != before.permissions).then_some(ChangedMember::Permissions));
    changed.extend((after.mail != before.mail).then_some(ChangedMember::Mail));
    changed.extend((after.locale != before.locale).then_some(ChangedMember::Locale));
    changed.extend((after.pending_email != before.pending_email).then_some(ChangedMember::PendingEmail));
    changed.extend(
        (after.external_identity != before.external_identity).then_some(ChangedMember::ExternalIdentity),
    );
    changed
}
