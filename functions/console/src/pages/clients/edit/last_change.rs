//! Who changed a client last, as far as a person may know it.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::display_name;
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use jiff::Timestamp;
use shared::domain::audit::AuditEntry;
use shared::domain::audit::filter::AuditFilter;
use shared::domain::client::Client;
use shared::services::audit::trail::{AuditTrail, AuditTrailError};

/// How many entries of the audit trail are looked at.
const ENTRIES: usize = 20;

/// The last change of a client in words: when, and who made it if the person may read the audit trail.
pub async fn describe(
    state: &ConsoleState,
    request: &AccountRequest,
    client: &Client,
) -> Result<String, ConsoleError> {
    let texts = request.texts;
    let at = Instant::new(texts, client.updated_at, request.audit_context.now).utc;
    let last = find(state, request, client, &|entry| entry.at == client.updated_at).await?;
    Ok(match last.and_then(|entry| entry.actor.name()) {
        Some(actor) => texts.with("changed-by", [("actor", actor.as_str()), ("at", at.as_str())]),
        None => texts.with("changed-at", [("at", at.as_str())]),
    })
}

/// The last change of any of these members: when, and the name of the person or the id of the client that made it. `None` if it
/// is not among the latest ones, or the person may not read the audit trail.
pub async fn of_members(
    state: &ConsoleState,
    request: &AccountRequest,
    client: &Client,
    members: &[&str],
) -> Result<Option<(Timestamp, String)>, ConsoleError> {
    let changes_one =
        |entry: &AuditEntry| entry.changed.iter().any(|member| members.contains(&member.as_str()));
    let last = find(state, request, client, &changes_one).await?;
    let Some(AuditEntry { at, actor, .. }) = last else { return Ok(None) };
    let member = match &actor.email {
        Some(email) => state.app().store.load_member(&request.account.account_id, email).await?,
        None => None,
    };
    let name = member.map(|member| display_name(&member.name));
    Ok(name.or_else(|| actor.name()).map(|name| (at, name)))
}

/// The latest of these entries of a client's audit trail.
async fn find(
    state: &ConsoleState,
    request: &AccountRequest,
    client: &Client,
    is_wanted: &(dyn Fn(&AuditEntry) -> bool + Sync),
) -> Result<Option<AuditEntry>, ConsoleError> {
    let account_id = request.account.account_id.as_str();
    let Ok(trail) = AuditTrail::authorize(request.management(state), account_id) else { return Ok(None) };
    let filter = AuditFilter { client_id: Some(client.client_id.clone()), ..AuditFilter::default() };
    let page = match trail.list(&filter, ENTRIES, None).await {
        Ok(page) => page,
        Err(AuditTrailError::NotFound) => return Ok(None),
        Err(AuditTrailError::Backend(error)) => return Err(error.into()),
    };
    Ok(page.items.into_iter().find(is_wanted))
}
