//! Entries of the audit trail as rows of a page.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::display_name;
use crate::pages::audit::sentence::{Narrator, is_told};
use crate::pages::audit::values::{ValueReader, names_apis};
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use shared::domain::audit::{AuditEntry, MemberName};
use shared::domain::primitives::email::EmailAddress;
use shared::services::audit::trail::AuditTrail;

/// An entry.
pub struct AuditRow {
    /// When.
    pub at: Instant,
    /// What happened.
    pub sentence: String,
    /// Address of the person who acted, if the sentence has their name; empty for others.
    pub email: String,
    /// Address that the request came from; empty if there was none.
    pub source: String,
    /// Members that changed, of which no values are kept.
    pub changed: String,
    /// Members with the values before and after.
    pub changes: Vec<ChangeRow>,
}

/// Entries, with the names in them.
pub struct AuditRows {
    /// The entries.
    pub rows: Vec<AuditRow>,
    /// The names.
    pub known: KnownNames,
}

/// People and clients that entries name: what they are looked for by, and what they are called.
pub struct KnownNames {
    /// Members, by their address.
    pub people: Vec<(String, String)>,
    /// Clients, by their id.
    pub clients: Vec<(String, String)>,
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
) -> Result<AuditRows, ConsoleError> {
    let names = trail.names(&entries).await?;
    let (texts, now) = (request.texts, request.audit_context.now);
    let narrator = Narrator { texts, account_id: &request.account.account_id, names: &names };
    let mut changes = entries.iter().flat_map(|entry| &entry.changes);
    let catalogue = if changes.any(|change| names_apis(change.member.as_str())) {
        Some(state.app().catalogue(now).await?.value)
    } else {
        None
    };
    let reader = ValueReader { texts, catalogue, now };
    let rows = entries.iter().map(|entry| row(&narrator, &reader, entry)).collect();
    let known = KnownNames {
        people: names.members.iter().map(|(email, name)| (email.to_string(), display_name(name))).collect(),
        clients: names.clients.iter().map(|(id, name)| (id.to_string(), display_name(name))).collect(),
    };
    Ok(AuditRows { rows, known })
}

fn row(narrator: &Narrator<'_>, reader: &ValueReader, entry: &AuditEntry) -> AuditRow {
    let is_valued = |name: &MemberName| entry.changes.iter().any(|change| change.member == *name);
    let others = entry.changed.iter().filter(|name| !is_valued(name) && !is_told(entry, name.as_str()));
    let words = |name: &MemberName| reader.label(name.as_str()).unwrap_or_else(|| name.as_str().to_owned());
    let others: Vec<String> = others.map(words).collect();
    let changes = entry.changes.iter().filter(|change| !is_told(entry, change.member.as_str()));
    let changes = changes.map(|change| ChangeRow {
        label: reader.label(change.member.as_str()),
        member: change.member.as_str().to_owned(),
        old: reader.value(change.member.as_str(), &change.old),
        new: reader.value(change.member.as_str(), &change.new),
    });
    let is_named = |email: &&EmailAddress| narrator.names.members.contains_key(*email);
    AuditRow {
        email: entry.actor.email.as_ref().filter(is_named).map(ToString::to_string).unwrap_or_default(),
        at: Instant::new(reader.texts, entry.at, reader.now),
        sentence: narrator.sentence(entry),
        source: entry.actor.source_ip.map(|address| address.to_string()).unwrap_or_default(),
        changed: others.join(", "),
        // What reads the same before and after, as instants of one minute do, says nothing.
        changes: changes.filter(|change| change.old != change.new).collect(),
    }
}
