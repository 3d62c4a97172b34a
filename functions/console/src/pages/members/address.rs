//! Another address of a member, which its mailbox has to confirm.

use super::{ADDRESS_TAKEN, api_url, frame, member_url, members};
use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::filled_form::FilledForm;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::domain::account::Member;
use shared::domain::primitives::email::PathSafeEmail;
use shared::domain::primitives::validation::{FieldError, FromJson};
use shared::services::members::{LossPolicy, MailOutcome, MemberChange, MemberError};
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "members/address.html")]
struct AddressPage<'a> {
    frame: Frame<'a>,
    target: FormTarget,
    form: FilledForm,
    present: String,
    pending: Option<(String, Instant)>,
    back: String,
    command: String,
}

/// `GET …/members/{sub}/address`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, sub)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let member = members(&state, &request)?.get(&sub).await?;
    request.person.principal.ensure_covers_member(&member)?;
    request.require_confirmed()?;
    let form = request.restored().cloned().map(FilledForm::new).unwrap_or_default();
    Ok(respond::page(&page(&state, &request, &member, form)))
}

/// `POST …/members/{sub}/address`: sends the link to the new address, or gives up one that waits.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, sub)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    request.require_confirmed()?;
    let members = members(&state, &request)?;
    let drop_pending_email = request.form.get("drop").is_some();
    let email = if drop_pending_email {
        None
    } else {
        let typed = request.form.get("email").unwrap_or_default().trim().to_lowercase();
        match PathSafeEmail::from_json(&json!(typed)) {
            Ok(email) => Some(email),
            Err(errors) => return Ok(refuse(&state, &request, &members.get(&sub).await?, at_email(errors))),
        }
    };
    let change = MemberChange { email, drop_pending_email, ..MemberChange::default() };
    let changed = match members.update(&sub, &change, &|_| true, LossPolicy::Accept).await {
        Err(MemberError::AlreadyExists) => {
            let taken = vec![FieldError::new("email", ADDRESS_TAKEN)];
            return Ok(refuse(&state, &request, &members.get(&sub).await?, taken));
        }
        result => result?,
    };
    let notice = match changed.mail {
        _ if drop_pending_email => Notice::AddressDropped,
        Some(MailOutcome::NotSent(_)) => Notice::AddressNotSent,
        Some(MailOutcome::Sent) | None => Notice::AddressRequested,
    };
    Ok(see_other(&notice.after(&member_url(&request, &changed.member, ""))))
}

fn at_email(errors: Vec<FieldError>) -> Vec<FieldError> {
    errors.into_iter().map(|error| FieldError::new("email", error.detail)).collect()
}

fn refuse(
    state: &ConsoleState,
    request: &AccountRequest,
    member: &Member,
    errors: Vec<FieldError>,
) -> Response {
    let form = FilledForm::new(request.form.clone()).with_errors(errors);
    respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &page(state, request, member, form))
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    member: &Member,
    form: FilledForm,
) -> AddressPage<'a> {
    let (texts, now) = (request.texts, request.audit_context.now);
    let name = display_name(&member.name);
    let mut frame =
        frame(state, request, texts.with("member-address-title", [("name", &name)]), Some(member));
    frame.has_errors = form.has_errors();
    let pending = member.pending_email(now);
    AddressPage {
        frame,
        target: request.form_target(),
        form,
        present: member.email.to_string(),
        pending: pending
            .map(|pending| (pending.email.to_string(), Instant::new(texts, pending.expires_at, now))),
        back: member_url(request, member, ""),
        command: api_command(
            "PATCH",
            &api_url(state, member),
            member.version,
            &json!({ "email": "new.address@example.com" }),
        ),
    }
}
