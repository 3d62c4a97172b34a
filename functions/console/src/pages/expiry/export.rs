//! What ends as CSV (RFC 4180), for spreadsheets.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::pages::expiry::query::PageQuery;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::State;
use axum::response::Response;
use shared::services::clients::{EXPIRY_COLUMNS, ExpiryQuery};
use shared::wire::csv;
use std::borrow::Cow;
use std::sync::Arc;

/// The most rows of a document.
const MAX_ROWS: usize = 2_000;

/// `GET /console/accounts/{account_id}/expiries.csv`: what ends within the chosen days.
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let clients = request.clients(&state)?;
    let until = PageQuery::parse(&request.query).until(request.audit_context.now);
    let query = ExpiryQuery { until, schedule: &state.app().config.reminder_days, history_days: 0 };
    let found = clients.expiries(query, MAX_ROWS, None).await?;
    let names = EXPIRY_COLUMNS.map(Cow::Borrowed).to_vec();
    let rows = found.page.items.iter().map(|row| row.cells().map(Cow::Owned).to_vec());
    let is_truncated = found.page.next.is_some() || found.is_truncated;
    let truncated = is_truncated.then(|| vec![Cow::Owned(request.texts.get("csv-truncated"))]);
    let document = csv::document(std::iter::once(names).chain(rows).chain(truncated));
    Ok(respond::csv(&format!("{}-expiries.csv", request.account.account_id), &document))
}
