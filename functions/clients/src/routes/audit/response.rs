//! Audit entries in responses.

use serde::Serialize;
use shared::domain::audit::{ActionName, Actor, AuditEntry, Target};
use utoipa::ToSchema;

/// The caller that made a change.
#[derive(Serialize, ToSchema)]
#[schema(as = Actor)]
struct ActorSchema {
    client_id: String,
    account_id: String,
    email: Option<String>,
    source_ip: Option<String>,
}

/// What was changed.
#[derive(Serialize, ToSchema)]
#[schema(as = Target)]
struct TargetSchema {
    client_id: Option<String>,
    secret_id: Option<String>,
    revoked_secret_ids: Option<Vec<String>>,
    email: Option<String>,
    resource_id: Option<String>,
}

/// One entry of the audit trail. No member of it can have a secret.
#[derive(Serialize, ToSchema)]
pub struct AuditEntryResponse {
    audit_id: String,
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    #[schema(value_type = ActorSchema)]
    actor: Actor,
    /// The change: `client.created`, `secret.revoked`, …
    #[schema(value_type = String, example = "client.created")]
    action: ActionName,
    #[schema(value_type = TargetSchema)]
    target: Target,
    /// The members that changed.
    changed: Vec<String>,
}

impl From<AuditEntry> for AuditEntryResponse {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { audit_id, account_id: _, at, actor, action, target, changed } = entry;
        Self { audit_id, at, actor, action, target, changed }
    }
}
