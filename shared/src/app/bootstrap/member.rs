//! The first person of a deployment: a member of the operator's account with every scope, and the link by which the person
//! gets into the console.

use crate::adapters::crypto::random::random;
use crate::adapters::crypto::token_crypto::subject_of_member;
use crate::adapters::error::BackendError;
use crate::adapters::store::{AuditRecord, WriteConflict, WriteOutcome};
use crate::app::management_state::ManagementState;
use crate::domain::account::Member;
use crate::domain::audit::{Action, Actor, ChangedMember, Target};
use crate::domain::console::link::OPERATOR_LIFETIME;
use crate::domain::console::path::ConsolePath;
use crate::domain::management::{ManagementScope, OPERATOR_ACCOUNT, OPERATOR_CLIENT};
use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::sign_in::end_user::Subject;
use crate::services::audit::{AuditContext, changes};

use crate::services::console::links::{IssueLinkError, IssuedLink, NewLink, issue_link};
use crate::services::modify::{Attempt, modify};
use std::collections::BTreeSet;

const OP: &str = "setting up the operator's member";

fn every_scope() -> BTreeSet<ManagementScope> {
    ManagementScope::ALL.iter().copied().collect()
}

/// The bootstrap acts as the operator's client.
fn audit_context(management: &ManagementState) -> Result<AuditContext, BackendError> {
    let account_id = AccountId::parse(OPERATOR_ACCOUNT).map_err(|error| BackendError::new(OP, error))?;
    let client_id = ClientId::parse(OPERATOR_CLIENT).map_err(|error| BackendError::new(OP, error))?;
    let actor = Actor::of_client(client_id, account_id, None);
    Ok(AuditContext { actor, now: management.app.clock.now(), request: None })
}

/// Makes a person a member of the operator's account with every scope. One who is a member already stays as they are; with
/// `restores`, they get the scopes that they lack. No other member changes.
pub async fn ensure_operator_member(
    management: &ManagementState,
    email: &EmailAddress,
    restores: bool,
) -> Result<Member, BackendError> {
    let context = audit_context(management)?;
    let account_id = &context.actor.account_id;
    modify(|| async {
        let before = management.app.store.load_member(account_id, email).await?;
        match before {
            Some(member) if !restores || member.permissions == every_scope() => Ok(Attempt::Done(member)),
            Some(member) => raise(management, &context, &member).await,
            None => add(management, &context, email).await,
        }
    })
    .await
}

async fn add(
    management: &ManagementState,
    context: &AuditContext,
    email: &EmailAddress,
) -> Result<Attempt<Member>, BackendError> {
    let (store, account_id, now) = (&management.app.store, &context.actor.account_id, context.now);
    let member = Member {
        account_id: account_id.clone(),
        email: email.clone(),
        sub: Some(Subject::from_random_bytes(random())),
        token_generation: 0,
        name: Name::parse("Operator").map_err(|error| BackendError::new(OP, error))?,
        permissions: every_scope(),
        external_identity: None,
        mail: true,
        locale: None,
        invited_until: None,
        last_signed_in_at: None,
        pending_email: None,
        calendar_feeds: Vec::new(),
        created_at: now,
        updated_at: now,
        version: 1,
        unknown: UnknownAttributes::default(),
    };
    let audit = context
        .audit(account_id, Action::MemberAdded, target(&member), &[])
        .with_changes(changes::of_member(None, Some(&member)));
    let record = AuditRecord { audit: &audit, idempotency_record: None };
    match store.add_member(&member, u32::MAX, &record).await? {
        WriteOutcome::Committed => {
            management.publish(&audit).await;
            Ok(Attempt::Done(member))
        }
        WriteOutcome::Rejected(WriteConflict::LimitReached) => {
            // The numbers of an older account are not stored: now they are.
            store.usage(account_id).await?;
            Ok(Attempt::Conflict)
        }
        WriteOutcome::Rejected(WriteConflict::AccountInactive) => {
            let why = "invoke the bootstrap function with {\"ensure\": \"operator\"} to bring it back";
            let why = format!("the account {account_id} is disabled; {why}");
            Err(BackendError::new(OP, why))
        }
        WriteOutcome::Rejected(_) => Ok(Attempt::Conflict),
    }
}

async fn raise(
    management: &ManagementState,
    context: &AuditContext,
    before: &Member,
) -> Result<Attempt<Member>, BackendError> {
    let after = Member {
        sub: Some(subject_of_member(before).sub),
        permissions: every_scope(),
        updated_at: context.now,
        version: before.version + 1,
        ..before.clone()
    };
    let audit = context
        .audit(&before.account_id, Action::MemberUpdated, target(&after), &[ChangedMember::Permissions])
        .with_changes(changes::of_member(Some(before), Some(&after)));
    let record = AuditRecord { audit: &audit, idempotency_record: None };
    let outcome = management.app.store.update_member(&after, before.version, &record).await?;
    if outcome == WriteOutcome::Committed {
        management.publish(&audit).await;
    }
    Ok(Attempt::from_outcome(outcome, after))
}

/// A link by which a member of the operator's account signs in to the console once, also where no e-mail arrives yet.
pub async fn operator_console_link(
    management: &ManagementState,
    email: &EmailAddress,
) -> Result<IssuedLink, BackendError> {
    let context = audit_context(management)?;
    let (store, events) = (&management.app.store, &management.events);
    let issued = modify(|| async {
        let member = store.load_member(&context.actor.account_id, email).await?;
        let member = member.ok_or(IssueLinkError::NoSuchMember)?;
        let new = NewLink {
            member: &member,
            to: ConsolePath::root(),
            scopes: every_scope(),
            lifetime: OPERATOR_LIFETIME,
        };
        issue_link(store, events, &management.app.config.issuer, new, &context).await
    });
    issued.await.map_err(|error| match error {
        IssueLinkError::Backend(fault) => fault,
        other => BackendError::new(OP, other),
    })
}

fn target(member: &Member) -> Target {
    Target { email: Some(member.email.clone()), ..Target::default() }
}
