//! Disabling, enabling and deleting a client, and revoking its tokens: each has a page of its own that says what it does.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, display_name};
use crate::pages::clients::{badges, client_frame};
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;
use shared::domain::account::Status;
use shared::domain::client::Client;
use shared::texts::Texts;
use shared::web::response::see_other;
use std::sync::Arc;

/// What is done to a client as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAction {
    Disable,
    Enable,
    RevokeTokens,
    Delete,
}

#[derive(Template)]
#[template(path = "clients/action.html")]
struct ActionPage<'a> {
    frame: Frame<'a>,
    action: ClientAction,
    target: FormTarget,
    back: String,
    consequences: Vec<String>,
    button: String,
    name: String,
    /// What was typed for the name, if it was another one.
    wrong_name: Option<String>,
}

impl ClientAction {
    const ALL: [Self; 4] = [Self::Disable, Self::Enable, Self::RevokeTokens, Self::Delete];

    /// The last segment of its path.
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::RevokeTokens => "revoke-tokens",
            Self::Delete => "delete",
        }
    }

    fn of_path(path: &str) -> Option<Self> {
        let segment = path.rsplit('/').next()?;
        Self::ALL.into_iter().find(|action| action.segment() == segment)
    }

    /// The actions that a client's page offers.
    pub fn offered(client: &Client) -> [Self; 3] {
        let toggle = if client.status == Status::Active { Self::Disable } else { Self::Enable };
        [toggle, Self::RevokeTokens, Self::Delete]
    }

    /// Text of the link to its page.
    pub fn link(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Disable => "disable-link",
            Self::Enable => "enable-link",
            Self::RevokeTokens => "revoke-tokens-link",
            Self::Delete => "delete-link",
        })
    }

    /// Whether a person has to confirm who they are: it cannot be undone (OWASP ASVS 5.0, 7.5.3).
    const fn needs_confirmation(self) -> bool {
        matches!(self, Self::RevokeTokens | Self::Delete)
    }

    fn title(self, texts: Texts, name: &str) -> String {
        let id = match self {
            Self::Disable => "disable-title",
            Self::Enable => "enable-title",
            Self::RevokeTokens => "revoke-tokens-title",
            Self::Delete => "delete-title",
        };
        texts.with(id, [("name", name)])
    }

    fn button(self, texts: Texts) -> String {
        texts.get(match self {
            Self::Disable => "disable-button",
            Self::Enable => "enable-button",
            Self::RevokeTokens => "revoke-tokens-button",
            Self::Delete => "delete-button",
        })
    }

    /// What it does, and what it leaves.
    fn consequences(self, texts: Texts, client: &Client, now: Timestamp) -> Vec<String> {
        let offline = verified_offline(texts, client, now);
        let used = texts.with("last-used-on", [("day", badges::used_on(texts, client.last_used_on(), now))]);
        match self {
            Self::Disable => {
                vec![texts.get("disable-no-tokens"), offline, texts.get("disable-is-reversible"), used]
            }
            Self::Enable => vec![texts.get("enable-tokens-work-again")],
            Self::RevokeTokens => vec![
                texts.get("revoke-tokens-inactive"),
                offline,
                texts.get("revoke-tokens-secrets-stay"),
                used,
            ],
            Self::Delete => vec![
                texts.count("delete-secrets", client.secrets.len() as u64),
                offline,
                texts.get("delete-is-final"),
                used,
            ],
        }
    }
}

/// `GET …/clients/{client_id}/{disable|enable|revoke-tokens|delete}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path((_, client_id)): Path<(String, String)>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let action = ClientAction::of_path(&request.path).ok_or(ConsoleError::NotFound)?;
    let client = request.client_manager(&state)?.get(&client_id).await?;
    if action.needs_confirmation() {
        request.require_confirmed()?;
    }
    Ok(respond::page(&page(&state, &request, action, &client, None)))
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
                let again = page(&state, &request, action, &client, Some(typed.to_owned()));
                return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
            }
            clients.delete(&client_id, &|_| true).await?;
            return Ok(see_other(&Notice::Deleted.after(&request.url("/clients"))));
        }
    };
    Ok(see_other(&notice.after(&request.url(&format!("/clients/{client_id}")))))
}

/// Until when APIs that verify tokens offline accept those that a client has at `now`.
pub fn verified_offline(texts: Texts, client: &Client, now: Timestamp) -> String {
    texts.with("tokens-verified-offline", [("at", Instant::new(texts, tokens_end(client, now), now).utc)])
}

/// When the last token that was issued until `now` ends, rounded up to the minute that a page shows.
fn tokens_end(client: &Client, now: Timestamp) -> Timestamp {
    let second = now.as_second() + i64::from(client.access_token_lifetime);
    Timestamp::from_second((second + 59).div_euclid(60) * 60).unwrap_or(Timestamp::MAX)
}

fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    action: ClientAction,
    client: &Client,
    wrong_name: Option<String>,
) -> ActionPage<'a> {
    let (texts, name) = (request.texts, display_name(&client.client_name));
    let mut frame = client_frame(state, request, client, action.title(texts, &name));
    frame.has_errors = wrong_name.is_some();
    ActionPage {
        frame,
        action,
        target: request.form_target(),
        back: request.url(&format!("/clients/{}", client.client_id)),
        consequences: action.consequences(texts, client, request.audit_context.now),
        button: action.button(texts),
        name,
        wrong_name,
    }
}
