//! The audit trail as CSV (RFC 4180), for spreadsheets.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::pages::audit::names;
use crate::pages::audit::query::AuditQuery;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::State;
use axum::response::Response;
use shared::domain::audit::{AUDIT_COLUMNS, AuditEntry};
use shared::services::audit::trail::AuditTrail;
use shared::wire::csv;
use std::borrow::Cow;
use std::sync::Arc;

/// The most rows of a document.
const MAX_ROWS: usize = 10_000;

/// The most reads for a document: each reads at most 1 MB.
const MAX_READS: usize = 20;

/// `GET /console/accounts/{account_id}/audit.csv`: all entries with these filters.
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let trail = AuditTrail::authorize(request.management(&state), request.account.account_id.as_str())?;
    let filter = names::resolve(&trail, &AuditQuery::parse(&request.query)).await?.filter;
    let (mut entries, mut after) = (Vec::new(), None);
    for _ in 0..MAX_READS {
        let page = trail.list(&filter, MAX_ROWS - entries.len(), after.as_ref()).await?;
        entries.extend(page.items);
        after = page.next;
        if after.is_none() || entries.len() >= MAX_ROWS {
            break;
        }
    }
    let names = AUDIT_COLUMNS.map(Cow::Borrowed).to_vec();
    let truncated = after.map(|_| vec![Cow::Owned(request.texts.get("audit-csv-truncated"))]);
    let rows = entries.iter().map(AuditEntry::cells);
    let document = csv::document(std::iter::once(names).chain(rows).chain(truncated));
    Ok(respond::csv(&format!("{}-audit.csv", request.account.account_id), &document))
}
