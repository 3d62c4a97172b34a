//! The identity of a person at the upstream provider, and the members that it belongs to.

use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, WriteOutcome};
use crate::domain::account::{ExternalSubject, Member};
use crate::domain::audit::event::DomainEvent;
use crate::domain::audit::{Action, AuditEntry, System, Target};
use crate::domain::sign_in::end_user::SubjectType;
use crate::services::audit::AuditContext;
use crate::services::audit::changes;
use crate::services::audit::security_events::SecurityEvents;
use crate::services::sign_in::SignInSession;
use crate::services::sign_in::target::SignInTarget;

/// Who the provider's identity is.
pub(super) enum Found<P> {
    /// This person.
    Person(P),
    /// A member's address, but another user of the provider.
    OtherIdentity,
    /// No one who may sign in.
    NotAMember,
}

impl<P> Found<P> {
    /// The same with another kind of person.
    pub(super) fn map<Q>(self, into: impl FnOnce(P) -> Q) -> Found<Q> {
        match self {
            Self::Person(person) => Found::Person(into(person)),
            Self::OtherIdentity => Found::OtherIdentity,
            Self::NotAMember => Found::NotAMember,
        }
    }
}

/// Whether this is the member's identity at the provider. The first one becomes it: a mailbox that changes hands is not the
/// old member.
pub(super) async fn is_pinned(
    session: &SignInSession,
    SecurityEvents { store, events }: SecurityEvents<'_>,
    member: &Member,
    subject: &ExternalSubject,
) -> Result<bool, BackendError> {
    if let Some(pinned) = &member.external_identity {
        return Ok(pinned == subject);
    }
    let pinned = Member { external_identity: Some(subject.clone()), ..member.clone() };
    let entry = audit_entry(session, member)?.with_changes(changes::of_member(Some(member), Some(&pinned)));
    let record = AuditRecord { audit: &entry, idempotency_record: None };
    if store.pin_external_identity(member, subject, session.now, &record).await? == WriteOutcome::Committed {
        events.send(&[DomainEvent::Change(&entry)]).await;
        return Ok(true);
    }
    // Another request has pinned one or is changing the member, or the member was removed.
    let again = store.load_member(&member.account_id, &member.email).await?;
    Ok(again.is_some_and(|again| again.external_identity.as_ref() == Some(subject)))
}

fn audit_entry(session: &SignInSession, member: &Member) -> Result<AuditEntry, BackendError> {
    let action = Action::MemberIdentityPinned;
    match &session.target {
        SignInTarget::Client(target) => Ok(session.audit(target, &subject_of_member(member), action, None)),
        SignInTarget::Console => {
            let mut context = AuditContext::of_system(System::Console, &member.account_id, session.now)?;
            context.actor.email = Some(member.email.clone());
            context.actor.source_ip = session.client_ip;
            let target = Target {
                email: Some(member.email.clone()),
                subject_type: Some(SubjectType::Member),
                ..Target::default()
            };
            Ok(context.audit(&member.account_id, action, target, &[]))
        }
    }
}
