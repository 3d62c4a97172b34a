//! Who makes a change, when, and for which request: the source of its audit entry and its idempotency record.

use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::store::{Created, IdempotencyRecord, audit_id};
use crate::domain::audit::{Action, Actor, AuditEntry, Change, ChangedMember, MemberName, System, Target};
use crate::domain::primitives::ids::{AccountId, ClientId};
use crate::domain::reminder::{CredentialName, NoticeKind, SentReminder};
use crate::services::idempotency::IdempotencyKey;
use jiff::Timestamp;
use serde_json::Value;

/// The context of one change or of several by the same request.
#[derive(Clone, Debug)]
pub struct AuditContext {
    /// The caller.
    pub actor: Actor,
    /// The time of the request.
    pub now: Timestamp,
    /// The request's `Idempotency-Key`, if it carried one.
    pub request: Option<IdempotencyKey>,
}

impl AuditContext {
    /// For changes that the scheduled job makes in an account.
    pub fn of_job(account: &AccountId, now: Timestamp) -> Result<Self, BackendError> {
        Self::of_system(System::Expiry, account, now)
    }

    /// For what a part of Latchkey does by itself.
    pub fn of_system(system: System, account: &AccountId, now: Timestamp) -> Result<Self, BackendError> {
        let client_id = ClientId::parse(system.client_id())
            .map_err(|error| BackendError::new("naming a part of Latchkey", error))?;
        let actor =
            Actor { system: Some(system.into()), ..Actor::of_client(client_id, account.clone(), None) };
        Ok(Self { actor, now, request: None })
    }

    /// A new entry for the audit trail of `account`. `changed` has the names of the members that changed.
    #[must_use]
    pub fn audit(
        &self,
        account: &AccountId,
        action: Action,
        target: Target,
        changed: &[ChangedMember],
    ) -> AuditEntry {
        AuditEntry {
            audit_id: audit_id(self.now, random()),
            account_id: account.clone(),
            at: self.now,
            actor: self.actor.clone(),
            action: action.into(),
            target,
            changed: changed.iter().copied().map(MemberName::from).collect(),
            changes: Vec::new(),
        }
    }

    /// The entry that a notice was sent.
    #[must_use]
    pub fn reminder_sent(&self, account: &AccountId, sent: &SentReminder) -> AuditEntry {
        let secret_id = match &sent.credential {
            CredentialName::SecretId(id) => Some(id.clone()),
            CredentialName::Thumbprint(_) => None,
        };
        let (client_id, hint) = (Some(sent.client_id.clone()), sent.hint.clone());
        let target = Target { client_id, secret_id, hint, ..Target::default() };
        let value =
            |member: ChangedMember, new: Value| Change { member: member.into(), old: Value::Null, new };
        let days = match sent.kind {
            NoticeKind::Expiring(days) => days,
            NoticeKind::Expired => 0,
        };
        self.audit(account, Action::ReminderSent, target, &[]).with_changes(vec![
            value(ChangedMember::Days, days.into()),
            value(ChangedMember::ExpiresAt, sent.expires_at.to_string().into()),
            value(ChangedMember::Recipients, sent.recipients.into()),
        ])
    }

    /// The record by which a repeat of the request is recognised; `None` if it carried no key.
    #[must_use]
    pub fn idempotency_record(&self, created: Created) -> Option<IdempotencyRecord> {
        self.request.as_ref().map(|request| IdempotencyRecord {
            key_digest: request.key_digest.clone(),
            body_digest: request.body_digest.clone(),
            received_at: self.now,
            created,
        })
    }
}
