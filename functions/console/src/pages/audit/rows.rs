//! Entries of the audit trail as rows of a page.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::pages::audit::sentence::Narrator;
use crate::pages::audit::values::{ValueReader, names_apis};
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use shared::domain::audit::{AuditEntry, MemberName};
use shared::services::audit::trail::AuditTrail;

/// An entry.
pub struct AuditRow {
    /// When.
    pub at: Instant,
    /// What happened.
    pub sentence: String,
    /// Address that the request came from; empty if there was none.
    pub source: String,
    /// Members that changed, of which no values are kept.
    pub changed: String,
    /// Members with the values before and after.
    pub changes: Vec<ChangeRow>,
}

/// A member before and after a change.
pub struct ChangeRow {
    /// What people call it, if that is not its name in the API.
    pub label: Option<String>,
    /// Its name in the API.
    pub member: String,
    /// The value before, if there was one.
    pub old: Option<String>,
    /// The value after, if there is one.
    pub new: Option<String>,
}

/// The rows of entries, with the names that clients and APIs have now.
pub async fn rows(
    state: &ConsoleState,
    request: &AccountRequest,
    trail: &AuditTrail<'_>,
    entries: Vec<AuditEntry>,
) -> Result<Vec<AuditRow>, ConsoleError> {
    let names = trail.client_names(&entries).await?;
    let (texts, now) = (request.texts, request.audit_context.now);
    let narrator = Narrator { texts, account_id: &request.account.account_id, names: &names };
    let mut changes = entries.iter().flat_map(|entry| &entry.changes);
    let catalogue = if changes.any(|change| names_apis(change.member.as_str())) {
        Some(state.app().catalogue(now).await?.value)
    } else {
        None
    };
    let reader = ValueReader { texts, catalogue, now };
    Ok(entries.iter().map(|entry| row(&narrator, &reader, entry)).collect())
}

fn row(narrator: &Narrator<'_>, reader: &ValueReader, entry: &AuditEntry) -> AuditRow {
    let is_valued = |name: &&MemberName| entry.changes.iter().any(|change| change.member == **name);
    let others = entry.changed.iter().filter(|name| !is_valued(name));
    let words = |name: &MemberName| reader.label(name.as_str()).unwrap_or_else(|| name.as_str().to_owned());
    let others: Vec<String> = others.map(words).collect();
    let changes = entry.changes.iter().map(|change| ChangeRow {
        label: reader.label(change.member.as_str()),
        member: change.member.as_str().to_owned(),
        old: reader.value(change.member.as_str(), &change.old),
        new: reader.value(change.member.as_str(), &change.new),
    });
    AuditRow {
        at: Instant::new(reader.texts, entry.at, reader.now),
        sentence: narrator.sentence(entry),
        source: entry.actor.source_ip.map(|address| address.to_string()).unwrap_or_default(),
        changed: others.join(", "),
        changes: changes.collect(),
    }
}
