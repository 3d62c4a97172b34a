//! Audit entries as rows of a table.

use crate::domain::audit::{AuditEntry, MemberName, SystemName};
use crate::domain::oauth::refresh_token_family::FamilyId;
use crate::domain::primitives::email::EmailAddress;
use crate::domain::primitives::ids::{ClientId, ResourceId, SecretId, TemplateId};
use crate::domain::sign_in::end_user::SubjectType;
use serde_json::Value;
use std::borrow::Cow;

/// The columns of a table of entries.
pub const AUDIT_COLUMNS: [&str; 18] = [
    "at",
    "audit_id",
    "action",
    "actor_client_id",
    "actor_account_id",
    "actor_system",
    "actor_email",
    "source_ip",
    "client_id",
    "secret_id",
    "revoked_secret_ids",
    "email",
    "resource_id",
    "grant_id",
    "changed",
    "changes",
    "subject_type",
    "template_id",
];

impl AuditEntry {
    /// The cells of the entry's row.
    #[must_use]
    pub fn cells(&self) -> Vec<Cow<'_, str>> {
        let (actor, target) = (&self.actor, &self.target);
        let text = |text: Option<&str>| Cow::Owned(text.unwrap_or_default().to_owned());
        let revoked: Vec<_> = target.revoked_secret_ids.iter().map(SecretId::as_str).collect();
        let names: Vec<_> = self.changed.iter().map(MemberName::as_str).collect();
        let changes = (!self.changes.is_empty())
            .then(|| serde_json::to_value(&self.changes).unwrap_or(Value::Null).to_string());
        vec![
            Cow::Owned(self.at.to_string()),
            Cow::Borrowed(&*self.audit_id),
            Cow::Borrowed(self.action.as_str()),
            text(actor.client_id.as_ref().map(ClientId::as_str)),
            Cow::Borrowed(actor.account_id.as_str()),
            text(actor.system.as_ref().map(SystemName::as_str)),
            text(actor.email.as_ref().map(EmailAddress::as_str)),
            Cow::Owned(actor.source_ip.map(|address| address.to_string()).unwrap_or_default()),
            text(target.client_id.as_ref().map(ClientId::as_str)),
            text(target.secret_id.as_ref().map(SecretId::as_str)),
            Cow::Owned(revoked.join(" ")),
            text(target.email.as_ref().map(EmailAddress::as_str)),
            text(target.resource_id.as_ref().map(ResourceId::as_str)),
            text(target.grant_id.as_ref().map(FamilyId::as_str)),
            Cow::Owned(names.join(" ")),
            Cow::Owned(changes.unwrap_or_default()),
            text(target.subject_type.map(SubjectType::as_str)),
            text(target.template_id.as_ref().map(TemplateId::as_str)),
        ]
    }
}
