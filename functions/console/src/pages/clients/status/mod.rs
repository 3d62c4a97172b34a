//! Disabling, enabling and deleting a client, and revoking its tokens: each has a page of its own that says what it does.

mod action;
mod consequences;

pub use action::ClientAction;
pub use consequences::verified_offline;

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::clients::client_frame;
use crate::pages::clients::edit::client_form::api_url;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use consequences::{advice, consequences};
use http::StatusCode;
use shared::domain::client::Client;
use shared::services::clients::Dependents;
use shared::web::response::see_other;
use std::sync::Arc;

/// Of how many people a page counts the consents to a client; of more it says that there are more.
const COUNTED_PEOPLE: i32 = 100;

#[derive(Template)]
#[template(path = "clients/action.html")]
struct ActionPage<'a> {
    frame: Frame<'a>,
    action: ClientAction,
    target: FormTarget,
    back: String,
    consequences: Vec<String>,
    /// That a client which is deleted is in use and can be disabled instead.
    advice: Option<String>,
    /// URL of the page that disables it.
    disable: String,
    button: String,
    command: String,
    name: String,
    /// What was typed for the name.
    typed: String,
    /// Whether it was another one.
    is_wrong: bool,
}

/// `GET …/clients/{client_id}/{disable|enable|revoke-tokens|delete}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let action = ClientAction::of_path(&request.path).ok_or(ConsoleError::NotFound)?;
    let clients = request.client_manager(&state)?;
    if action == ClientAction::Delete {
        let (client, dependents) = clients.with_dependents(&client_id, COUNTED_PEOPLE).await?;
        request.require_confirmed()?;
        return Ok(respond::page(&page(&state, &request, action, &client, Some(&dependents), None)));
    }
    let client = clients.get(&client_id).await?;
    if action.needs_confirmation() {
        request.require_confirmed()?;
    }
    Ok(respond::page(&page(&state, &request, action, &client, None, None)))
}

/// `POST …/clients/{client_id}/{disable|enable|revoke-tokens|delete}`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let action = ClientAction::of_path(&request.path).ok_or(ConsoleError::NotFound)?;
    if action.needs_confirmation() {
        request.require_confirmed()?;
    }
    let clients = request.client_manager(&state)?;
    let notice = match action {
        ClientAction::Disable => {
            clients.disable(&client_id).await?;
            Notice::Disabled
        }
        ClientAction::Enable => {
            clients.enable(&client_id, request.form.get("revoke_tokens").is_some()).await?;
            Notice::Enabled
        }
        ClientAction::RevokeTokens => {
            clients.revoke_tokens(&client_id).await?;
            Notice::TokensRevoked
        }
        ClientAction::Delete => {
            let client = clients.get(&client_id).await?;
            let typed = request.form.get("name").unwrap_or_default().trim();
            if typed != client.client_name.as_str() && typed != display_name(&client.client_name) {
                let (client, dependents) = clients.with_dependents(&client_id, COUNTED_PEOPLE).await?;
                let wrong = Some(typed.to_owned());
                let again = page(&state, &request, action, &client, Some(&dependents), wrong);
                return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
            }
            clients.delete(&client_id, &|_| true).await?;
            return Ok(see_other(&Notice::Deleted.after(&request.url("/clients"))));
        }
    };
    Ok(see_other(&notice.after(&request.url(&format!("/clients/{client_id}")))))
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    action: ClientAction,
    client: &Client,
    dependents: Option<&Dependents>,
    wrong_name: Option<String>,
) -> ActionPage<'a> {
    let (texts, now, name) = (request.texts, request.audit_context.now, display_name(&client.client_name));
    let own = request.url(&format!("/clients/{}", client.client_id));
    let mut frame = client_frame(state, request, client, action.title(texts, &name));
    frame.has_errors = wrong_name.is_some();
    ActionPage {
        frame,
        action,
        target: request.form_target(),
        advice: dependents.and_then(|_| advice(texts, client, now)),
        disable: format!("{own}/{}", ClientAction::Disable.segment()),
        back: own,
        consequences: consequences(texts, action, client, dependents, now),
        command: action.command(&api_url(state, client)),
        button: action.button(texts),
        name,
        is_wrong: wrong_name.is_some(),
        typed: wrong_name.unwrap_or_else(|| request.typed("name")),
    }
}
