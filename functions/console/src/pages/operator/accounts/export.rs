//! An account as a file: lines of JSON without secrets.

use super::{account_frame, accounts, api_url};
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::Frame;
use crate::operator_request::OperatorRequest;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use shared::api::export;
use std::sync::Arc;

/// The longest file. Lambda's responses have 6 MB, and what they carry in base64 has a third less.
const MAX_BYTES: usize = 4_000_000;

/// Things of a page of an export.
const PAGE_SIZE: u16 = 100;

/// The most pages of a file: what they read takes some seconds.
const MAX_PAGES: usize = 7;

#[derive(Template)]
#[template(path = "operator/accounts/export.html")]
struct ExportPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    /// Whether it did not fit into a file.
    is_too_large: bool,
    back: String,
    command: String,
}

/// `GET /console/operator/accounts/{account_id}/export`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    accounts(&state, &request)?;
    Ok(respond::page(&page(&state, &request, false)))
}

/// `POST /console/operator/accounts/{account_id}/export`: the file. Of an account that does not fit into one there is none, so that
/// no part is taken for the whole.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let accounts = accounts(&state, &request)?;
    request.require_confirmed()?;
    let (id, now) = (request.account.account_id.as_str(), request.audit_context.now);
    let config = &state.app().config;
    let (mut file, mut after) = (Vec::new(), None);
    for _ in 0..MAX_PAGES {
        let mut page = accounts.export(id, PAGE_SIZE, after.as_ref()).await?;
        after = page.next.take();
        file.extend(export::lines(page, &config.issuer, config.upstream.is_some(), now));
        if file.len() > MAX_BYTES {
            break;
        }
        if after.is_none() {
            return Ok(respond::attachment(&format!("{id}.ndjson"), export::MEDIA_TYPE, file));
        }
    }
    let again = page(&state, &request, true);
    Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
}

fn page<'a>(state: &'a ConsoleState, request: &OperatorRequest, is_too_large: bool) -> ExportPage<'a> {
    let mut frame = account_frame(state, request, request.texts.get("account-export"));
    frame.has_errors = is_too_large;
    ExportPage {
        frame,
        target: request.form_target(),
        is_too_large,
        back: super::own_path(request, ""),
        command: command(&state.app().config.issuer, &api_url(state, request)),
    }
}

/// All pages, one after the other: the header `Link` has the path of the next one.
fn command(issuer: &str, url: &str) -> String {
    format!(
        "url='{url}/export?limit=200'\nwhile [ -n \"$url\" ]; do\n  curl --silent --fail --dump-header headers \
         \"$url\" \\\n    --header \"Authorization: Bearer $TOKEN\" >> export.ndjson || break\n  url=$(sed -n \
         's|^[Ll]ink: <\\([^>]*\\)>; rel=\"next\".*|{issuer}\\1|p' headers)\ndone"
    )
}
