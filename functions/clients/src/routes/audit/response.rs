//! Audit entries in responses.

use serde::Serialize;
use shared::domain::audit::{ActionName, Actor, AuditEntry, Change, MemberName, Target};
use utoipa::ToSchema;

/// The caller that made a change.
#[derive(Serialize, ToSchema)]
#[schema(as = Actor)]
struct ActorSchema {
    client_id: String,
    account_id: String,
    /// `expiry`: the scheduled job acted; `rotate_keys`: the rotation of the signing keys; `console`: the member acted in it. No client has it, whatever its id.
    system: Option<String>,
    email: Option<String>,
    source_ip: Option<String>,
}

/// What was changed.
#[derive(Serialize, ToSchema)]
#[schema(as = Target)]
struct TargetSchema {
    client_id: Option<String>,
    secret_id: Option<String>,
    /// Last four characters of the secret.
    hint: Option<String>,
    revoked_secret_ids: Option<Vec<String>>,
    email: Option<String>,
    /// `member` or `end_user`: the person that the client acts for.
    subject_type: Option<String>,
    resource_id: Option<String>,
    template_id: Option<String>,
    /// The grant of a code or a token: `grant_id` of access tokens.
    grant_id: Option<String>,
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
    #[schema(value_type = Vec<String>)]
    changed: Vec<MemberName>,
    /// Old and new values of those that matter for security; of keys, thumbprints.
    #[schema(value_type = Vec<ChangeSchema>)]
    changes: Vec<Change>,
}

/// One member before and after a change.
#[derive(Serialize, ToSchema)]
#[schema(as = Change)]
struct ChangeSchema {
    #[schema(example = "allowed_ips")]
    member: String,
    /// The value before; null if there was none.
    old: serde_json::Value,
    /// The value after; null if there is none.
    new: serde_json::Value,
}

impl From<AuditEntry> for AuditEntryResponse {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { audit_id, account_id: _, at, actor, action, target, changed, changes } = entry;
        Self { audit_id, at, actor, action, target, changed, changes }
    }
}
