//! The audit trail of an account.

mod export;
mod member_labels;
mod names;
mod query;
mod rows;
mod sentence;
mod values;

pub use export::show as export;
pub use rows::{AuditRow, rows};

use names::Resolved;
use rows::KnownNames;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::Frame;
use crate::state::ConsoleState;
use crate::{paging, respond};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use query::AuditQuery;
use shared::adapters::store::{Cursor, Page};
use shared::domain::audit::filter::AuditFilter;
use shared::domain::audit::{ActionGroup, AuditEntry};
use shared::services::audit::trail::{AuditTrail, AuditTrailError};
use shared::texts::Texts;
use std::sync::Arc;
use strum::VariantArray;

/// Entries of a page.
const PAGE_SIZE: usize = 25;

/// The most reads of a page: each reads at most 1 MB, of which a filter may pass nothing.
const MAX_READS: usize = 4;

#[derive(Template)]
#[template(path = "audit/page.html")]
struct AuditPage<'a> {
    frame: Frame<'a>,
    path: &'a str,
    query: &'a AuditQuery,
    /// Groups of actions, with their names.
    groups: Vec<(&'static str, String)>,
    /// Whether a filter could not be read.
    is_partial: bool,
    /// Whether a filter has the name of several.
    is_ambiguous: bool,
    /// The people and clients that the page names.
    known: KnownNames,
    rows: Vec<AuditRow>,
    /// URL of the first page.
    first: String,
    /// URL of the next page.
    next: Option<String>,
    /// URL of the entries as CSV.
    csv: String,
}

/// `GET /console/accounts/{account_id}/audit`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let trail = AuditTrail::authorize(request.management(&state), request.account.account_id.as_str())?;
    let query = AuditQuery::parse(&request.query);
    let (app, now, texts) = (state.app(), request.audit_context.now, request.texts);
    let first_page = query.first_page();
    let purpose = format!("{}?{first_page}", request.path);
    let after = paging::open(app, &purpose, query.after.as_deref(), now).await?;
    let Resolved { filter, is_partial, is_ambiguous } = names::resolve(&trail, &query).await?;
    let found = read(&trail, &filter, after).await?;
    let next = paging::seal(app, &purpose, found.next, now).await?;
    let rows = rows(&state, &request, &trail, found.items).await?;
    let page = AuditPage {
        frame: Frame::in_account(&state, &request, texts.get("audit-title")),
        path: &request.path,
        groups: groups(texts),
        is_partial,
        is_ambiguous,
        known: rows.known,
        rows: rows.rows,
        first: respond::with_query(&request.path, &first_page),
        next: next.map(|position| format!("{}?{}", request.path, query.with_position(&position))),
        csv: respond::with_query(&request.url("/audit.csv"), &first_page),
        query: &query,
    };
    Ok(respond::page(&page))
}

/// A page of entries: as full as a few reads make it.
async fn read(
    trail: &AuditTrail<'_>,
    filter: &AuditFilter,
    mut after: Option<Cursor>,
) -> Result<Page<AuditEntry>, ConsoleError> {
    let mut items = Vec::new();
    for _ in 0..MAX_READS {
        let page = trail.list(filter, PAGE_SIZE - items.len(), after.as_ref()).await?;
        items.extend(page.items);
        after = page.next;
        if after.is_none() || items.len() >= PAGE_SIZE {
            break;
        }
    }
    Ok(Page { items, next: after })
}

fn groups(texts: Texts) -> Vec<(&'static str, String)> {
    let named = ActionGroup::VARIANTS.iter().map(|group| {
        let name = texts.get(match group {
            ActionGroup::Clients => "audit-group-clients",
            ActionGroup::Secrets => "audit-group-secrets",
            ActionGroup::Members => "audit-group-members",
            ActionGroup::SignIns => "audit-group-sign-ins",
            ActionGroup::Settings => "audit-group-settings",
        });
        (group.into(), name)
    });
    std::iter::once(("", texts.get("audit-group-all"))).chain(named).collect()
}

impl From<AuditTrailError> for ConsoleError {
    fn from(error: AuditTrailError) -> Self {
        match error {
            AuditTrailError::NotFound => Self::NotFound,
            AuditTrailError::Backend(error) => error.into(),
        }
    }
}
