//! Filters that have a name: of a client or of a person.

use crate::error::ConsoleError;
use crate::pages::audit::query::AuditQuery;
use shared::domain::audit::filter::{AuditFilter, FilterText};
use shared::domain::primitives::email::EmailAddress;
use shared::domain::primitives::ids::ClientId;
use shared::services::audit::trail::AuditTrail;

/// How ids begin that Latchkey has made: these are looked for as they are.
const MADE_ID: &str = "lk_";

/// A filter in which names are replaced.
pub struct Resolved {
    /// The filter.
    pub filter: AuditFilter,
    /// Whether a part of the query could not be read and is left out.
    pub is_partial: bool,
    /// Whether a name is that of several.
    pub is_ambiguous: bool,
}

/// The filter of a query, with ids and addresses in the place of names. Clients and members are read only for what may be a name.
pub async fn resolve(trail: &AuditTrail<'_>, query: &AuditQuery) -> Result<Resolved, ConsoleError> {
    let (mut filter, mut is_partial) = query.filter();
    let mut is_ambiguous = false;
    if may_be_name(&query.client) {
        let called = trail.clients_called(&query.client).await?;
        is_ambiguous |= called.len() > 1;
        filter.client_id = called.into_iter().next().or(filter.client_id);
    }
    is_partial |= !query.client.is_empty() && filter.client_id.is_none();
    if may_be_name(&query.who) {
        let members = trail.members_called(&query.who).await?;
        let clients = if members.is_empty() { trail.clients_called(&query.who).await? } else { Vec::new() };
        is_ambiguous |= members.len() > 1 || clients.len() > 1;
        let member = members.first().map(EmailAddress::as_str);
        let called = member.or_else(|| clients.first().map(ClientId::as_str)).and_then(FilterText::parse);
        filter.actor = called.or(filter.actor);
    }
    Ok(Resolved { filter, is_partial, is_ambiguous })
}

/// Whether a text is neither an address nor an id that Latchkey has made.
fn may_be_name(text: &str) -> bool {
    !text.is_empty() && !text.contains('@') && !text.starts_with(MADE_ID)
}
