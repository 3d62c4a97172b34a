//! The landing page of the link that confirms a member's new address. A look at it changes nothing, so that scanners of mails
//! do not confirm anything.

use crate::error::ConsoleError;
use crate::forms::Form;
use crate::frame::{Frame, display_name};
use crate::language;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::header;
use http::request::Parts;
use shared::adapters::crypto::peppers::Peppers;
use shared::domain::net::client_ip::ClientIp;
use shared::services::audit::security_events::SecurityEvents;
use shared::services::members::{ConfirmEmailError, EmailConfirmation};
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "me/confirm_email.html")]
struct ConfirmEmailPage<'a> {
    frame: Frame<'a>,
    path: &'a str,
    email: &'a str,
    account: String,
}

impl From<ConfirmEmailError> for ConsoleError {
    fn from(error: ConfirmEmailError) -> Self {
        match error {
            ConfirmEmailError::Unusable | ConfirmEmailError::AddressTaken => Self::LinkUnusable,
            ConfirmEmailError::AccountDisabled => Self::AccountDisabled,
            ConfirmEmailError::Contention(contention) => contention.into(),
            ConfirmEmailError::Backend(error) => error.into(),
        }
    }
}

/// `GET /console/email/{token}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(token): Path<String>,
    head: Parts,
) -> Result<Response, ConsoleError> {
    let texts = language::texts(&state, &head.headers, &head.uri);
    let peppers = state.app().peppers(state.app().clock.now()).await?;
    let pending = confirmation(&state, &peppers, &head).peek(&token).await?;
    let page = ConfirmEmailPage {
        frame: Frame::bare(&state, texts, texts.get("confirm-email-title")),
        path: head.uri.path(),
        email: pending.email.as_str(),
        account: display_name(&pending.account.account_name),
    };
    Ok(respond::page(&page))
}

/// `POST /console/email/{token}`: gives the member the new address, with which they sign in then.
///
/// The form has no token of a session, because there is none; what counts is the link, which only the new mailbox got.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response, ConsoleError> {
    let (head, _) = request.into_parts();
    Form::reject_cross_site(&head.headers, &state.app().config.issuer)?;
    let peppers = state.app().peppers(state.app().clock.now()).await?;
    let member = confirmation(&state, &peppers, &head).confirm(&token).await?;
    let mut response = see_other(&format!("/console/accounts/{}", member.account_id));
    // A session of the former address would find no account.
    response.headers_mut().insert(header::SET_COOKIE, state.cookie().remove());
    Ok(response)
}

fn confirmation<'a>(state: &'a ConsoleState, peppers: &'a Peppers, head: &Parts) -> EmailConfirmation<'a> {
    let app = state.app();
    EmailConfirmation {
        security: SecurityEvents { store: &app.store, events: &app.events },
        peppers,
        sender: state.management.email(),
        source_ip: head.extensions.get::<ClientIp>().map(|client_ip| client_ip.0),
        now: app.clock.now(),
    }
}
