//! Removing members who were invited and never signed in.

use crate::{Job, Summary};
use jiff::Timestamp;
use shared::adapters::error::BackendError;
use shared::adapters::store::{AuditRecord, WriteOutcome};
use shared::domain::account::Member;
use shared::domain::account::invitation::Invitation;
use shared::domain::audit::filter::{AuditFilter, FilterText, FilterTime};
use shared::domain::audit::{Action, ActionGroup, AuditEntry, Target};
use shared::services::audit::AuditContext;
use shared::services::audit::changes;

/// Entries of the audit trail that are read at a time.
const PAGE_SIZE: usize = 100;

impl Job {
    /// Removes members whose invitations have ended. A run that is out of time leaves the rest to the next one.
    pub(crate) async fn end_invitations(&self, stop_at: Timestamp, summary: &mut Summary) {
        let ended = match self.management.app.store.ended_invitations(self.now()).await {
            Ok(ended) => ended,
            Err(error) => {
                tracing::warn!(cause = %error, "invitations could not be listed");
                summary.cleanup_failed += 1;
                return;
            }
        };
        for invitation in ended {
            if self.now() >= stop_at {
                return;
            }
            if let Err(error) = self.end_invitation(&invitation).await {
                let account_id = invitation.account_id.as_str();
                tracing::warn!(account_id, cause = %error, "invitation could not be ended");
                summary.cleanup_failed += 1;
            }
        }
    }

    /// Removes an invited member, if they have neither signed in nor been invited again. One who signs in meanwhile stays:
    /// that is another version of the member, and the next run finds that the invitation has ended.
    async fn end_invitation(&self, invitation: &Invitation) -> Result<(), BackendError> {
        let (store, account, now) = (&self.management.app.store, &invitation.account_id, self.now());
        let member = store.load_member(account, &invitation.email).await?;
        let Some(member) = member.filter(|member| member.invited_until.is_some_and(|until| until <= now))
        else {
            return store.finish_invitation(invitation).await;
        };
        if let Some(at) = self.last_sign_in(&member).await? {
            store.note_member_sign_in(&member, at).await?;
            return store.finish_invitation(invitation).await;
        }
        let target = Target { email: Some(member.email.clone()), ..Target::default() };
        let audit = AuditContext::of_job(account, now)?
            .audit(account, Action::MemberRemoved, target, &[])
            .with_changes(changes::of_member(Some(&member), None));
        let record = AuditRecord { audit: &audit, idempotency_record: None };
        store.usage(account).await?;
        if store.remove_member(&member, &record).await? == WriteOutcome::Committed {
            self.management.publish(&audit).await;
            store.finish_invitation(invitation).await?;
            tracing::info!(account_id = account.as_str(), "invited member removed, who never signed in");
        }
        Ok(())
    }

    /// When a member last signed in, as the audit trail has it. A version that knows no invitations notes sign-ins there only: who
    /// signed in while it ran after a rollback is no less a member.
    async fn last_sign_in(&self, member: &Member) -> Result<Option<Timestamp>, BackendError> {
        let filter = AuditFilter {
            actor: FilterText::parse(member.email.as_str()),
            group: Some(ActionGroup::SignIns),
            from: Some(FilterTime(member.created_at)),
            ..AuditFilter::default()
        };
        let is_sign_in = |entry: &&AuditEntry| {
            let is_known =
                matches!(entry.action.known(), Some(Action::MemberSignedIn | Action::SessionStarted));
            is_known && entry.actor.email.as_ref() == Some(&member.email)
        };
        let mut position = None;
        loop {
            let store = &self.management.app.store;
            let page = store.list_audit(&member.account_id, &filter, PAGE_SIZE, position.as_ref()).await?;
            if let Some(entry) = page.items.iter().find(is_sign_in) {
                return Ok(Some(entry.at));
            }
            position = page.next;
            if position.is_none() {
                return Ok(None);
            }
        }
    }
}
