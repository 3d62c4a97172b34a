//! On whose behalf a change is made: what its audit entry and its receipt are written from.

use crate::adapters::crypto::random::random;
use crate::adapters::error::BackendError;
use crate::adapters::store::audit::audit_id;
use crate::adapters::store::{Created, IdempotencyRecord};
use crate::domain::audit::{Action, Actor, AuditEntry, Target};
use crate::domain::primitives::ids::{AccountId, ClientId};
use jiff::Timestamp;

/// A request that a repeat of it can be recognised by (`Idempotency-Key`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// SHA-256 over caller, route and key.
    pub key_digest: String,
    /// SHA-256 over the body.
    pub body_digest: String,
}

/// Who makes a change, when, and by which request.
#[derive(Clone, Debug)]
pub struct AuditContext {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: Timestamp,
    /// By which request, if it carried an `Idempotency-Key`.
    pub request: Option<IdempotencyKey>,
}

/// Who makes the changes of the scheduled job, in the audit trail: a name that no client can have.
const JOB: &str = "latchkey.expiry";

impl AuditContext {
    /// For what the scheduled job changes in an account.
    pub fn of_job(account: &AccountId, now: Timestamp) -> Result<Self, BackendError> {
        let client_id =
            ClientId::parse(JOB).map_err(|error| BackendError::new("naming the scheduled job", error))?;
        let actor = Actor { client_id, account_id: account.clone(), email: None, source_ip: None };
        Ok(Self { actor, now, request: None })
    }

    /// The entry for the trail of `account`.
    #[must_use]
    pub fn audit(
        &self,
        account: &AccountId,
        action: Action,
        target: Target,
        changed: &[&'static str],
    ) -> AuditEntry {
        AuditEntry {
            audit_id: audit_id(self.now, random()),
            account_id: account.clone(),
            at: self.now,
            actor: self.actor.clone(),
            action,
            target,
            changed: changed.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    /// The receipt, if a repeat can be recognised.
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
