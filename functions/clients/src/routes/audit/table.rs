//! Audit entries as rows of a table.

use serde_json::Value;
use shared::domain::audit::{AuditEntry, SystemName};
use shared::domain::oauth::refresh_token_family::FamilyId;
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::{ClientId, ResourceId, SecretId};
use shared::domain::sign_in::end_user::SubjectType;
use shared::wire::csv;
use std::borrow::Cow;

const COLUMNS: [&str; 17] = [
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
];

/// The entries as CSV, below a row with the names of the columns.
pub fn csv(entries: &[AuditEntry]) -> Vec<u8> {
    let names = COLUMNS.iter().map(|name| Cow::Borrowed(*name)).collect();
    csv::document(std::iter::once(names).chain(entries.iter().map(row)))
}

fn row(entry: &AuditEntry) -> Vec<Cow<'_, str>> {
    let (actor, target) = (&entry.actor, &entry.target);
    let text = |text: Option<&str>| Cow::Owned(text.unwrap_or_default().to_owned());
    let revoked: Vec<_> = target.revoked_secret_ids.iter().map(SecretId::as_str).collect();
    let changes = (!entry.changes.is_empty()).then(|| {
        let changes = serde_json::to_value(&entry.changes).unwrap_or(Value::Null);
        changes.to_string()
    });
    vec![
        Cow::Owned(entry.at.to_string()),
        Cow::Borrowed(&*entry.audit_id),
        Cow::Borrowed(entry.action.as_str()),
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
        Cow::Owned(entry.changed.join(" ")),
        Cow::Owned(changes.unwrap_or_default()),
        text(target.subject_type.map(SubjectType::as_str)),
    ]
}
