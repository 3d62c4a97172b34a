//! Who changed a client last, as far as a person may know it.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
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
    let actor = actor(state, request, client).await?;
    Ok(match actor {
        Some(actor) => texts.with("changed-by", [("actor", actor.as_str()), ("at", at.as_str())]),
        None => texts.with("changed-at", [("at", at.as_str())]),
    })
}

/// The address of the person who made the last change, or the id of the client that did.
async fn actor(
    state: &ConsoleState,
    request: &AccountRequest,
    client: &Client,
) -> Result<Option<String>, ConsoleError> {
    let account_id = request.account.account_id.as_str();
    let Ok(trail) = AuditTrail::authorize(request.management(state), account_id) else { return Ok(None) };
    let filter = AuditFilter { client_id: Some(client.client_id.clone()), ..AuditFilter::default() };
    let page = match trail.list(&filter, ENTRIES, None).await {
        Ok(page) => page,
        Err(AuditTrailError::NotFound) => return Ok(None),
        Err(AuditTrailError::Backend(error)) => return Err(error.into()),
    };
    let entry = page.items.into_iter().find(|entry| entry.at == client.updated_at);
    Ok(entry.and_then(|entry| entry.actor.name()))
}
