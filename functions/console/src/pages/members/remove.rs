//! Removing a member: what ends with them.

use super::{api_url, frame, loss_policy, member_url, members, warnings};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::parts::by_api::bare_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use shared::domain::account::Member;
use shared::services::members::{MemberError, Members};
use shared::web::response::see_other;
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "members/remove.html")]
struct RemovePage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    version: u64,
    email: String,
    /// The clients that act for the member.
    consents: Vec<String>,
    warnings: Vec<String>,
    /// Whether the warnings were accepted before the person proved who they are.
    is_accepted: bool,
    /// Whether the warnings were not accepted.
    is_refused: bool,
    back: String,
    command: String,
}

/// `GET …/members/{sub}/remove`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, sub)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let members = members(&state, &request)?;
    let member = members.get(&sub).await?;
    request.person.principal.ensure_covers_member(&member)?;
    request.person.principal.ensure_keeps_own_rights(&member, &BTreeSet::new())?;
    request.require_confirmed()?;
    Ok(respond::page(&page(&state, &request, &members, &member, false).await?))
}

/// `POST …/members/{sub}/remove`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, sub)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    request.require_confirmed()?;
    let members = members(&state, &request)?;
    let member = members.get(&sub).await?;
    let version = request.form_version()?;
    match members.remove(&sub, &|current| current == version, loss_policy(&request)).await {
        Err(MemberError::Losses(_)) => {
            let again = page(&state, &request, &members, &member, true).await?;
            return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
        }
        result => result?,
    }
    Ok(see_other(&Notice::Removed.after(&request.url("/members"))))
}

async fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    members: &Members<'_>,
    member: &Member,
    is_refused: bool,
) -> Result<RemovePage<'a>, ConsoleError> {
    let texts = request.texts;
    let name = display_name(&member.name);
    let mut frame = frame(state, request, texts.with("member-remove-title", [("name", &name)]), Some(member));
    frame.has_errors = is_refused;
    let consents = members.consented_clients(member).await?;
    Ok(RemovePage {
        frame,
        target: request.form_target(),
        version: member.version,
        email: member.email.to_string(),
        consents: consents.iter().map(display_name).collect(),
        warnings: warnings(texts, members.losses(member, None).await?),
        is_accepted: request.restored().is_some_and(|typed| typed.get("accepted").is_some()),
        is_refused,
        back: member_url(request, member, ""),
        command: bare_command("DELETE", &api_url(state, member)),
    })
}
