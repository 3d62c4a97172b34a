//! Disabling, enabling and deleting an account: each has a page that says what it does.

use super::{account_frame, accounts, api_url, manager, own_path};
use crate::error::ConsoleError;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::frame::{Frame, display_name};
use crate::operator_request::OperatorRequest;
use crate::pages::clients::badges;
use crate::pages::operator::confirm::{ConfirmPage, TYPED, TypedField};
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::domain::account::Status;
use shared::domain::account::limits::Usage;
use shared::domain::client::Client;
use shared::domain::management::OPERATOR_ACCOUNT;
use shared::services::accounts::{AccountChange, AccountError};
use shared::services::modify::ANY_VERSION;
use shared::web::response::see_other;
use std::sync::Arc;

/// The most clients that are looked at to say when one was last used.
const MAX_CLIENTS: usize = 1_000;

/// What is done to an account as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AccountAction {
    Disable,
    Enable,
    Delete,
}

impl AccountAction {
    /// The action of a path. The operator's account stays: it has none.
    fn of(request: &OperatorRequest) -> Result<Self, ConsoleError> {
        if request.account.account_id.as_str() == OPERATOR_ACCOUNT {
            return Err(ConsoleError::NotFound);
        }
        match request.path.rsplit('/').next() {
            Some("disable") => Ok(Self::Disable),
            Some("enable") => Ok(Self::Enable),
            Some("delete") => Ok(Self::Delete),
            _ => Err(ConsoleError::NotFound),
        }
    }
}

/// Why an account cannot be deleted yet, and from when on it can.
#[derive(Template)]
#[template(path = "operator/accounts/not_deletable.html")]
struct NotDeletablePage<'a> {
    frame: Frame<'a>,
    /// From when on, of a disabled account.
    from: Option<Instant>,
    /// Whether someone has just tried.
    is_refused: bool,
    own: String,
}

/// `GET /console/operator/accounts/{account_id}/{disable|enable|delete}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let action = AccountAction::of(&request)?;
    if action == AccountAction::Delete && !is_deletable(&state, &request).await? {
        return Ok(respond::page(&not_yet(&state, &request, false)));
    }
    Ok(respond::page(&page(&state, &request, action, None).await?))
}

/// `POST /console/operator/accounts/{account_id}/{disable|enable|delete}`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let action = AccountAction::of(&request)?;
    request.require_confirmed()?;
    let typed = request.form.get(TYPED).unwrap_or_default().trim();
    let name = &request.account.account_name;
    if action != AccountAction::Enable && typed != name.as_str() && typed != display_name(name) {
        let again = page(&state, &request, action, Some(typed.to_owned())).await?;
        return Ok(respond::page_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    let status = match action {
        AccountAction::Disable => Status::Disabled,
        AccountAction::Enable => Status::Active,
        AccountAction::Delete => {
            let id = request.account.account_id.as_str();
            return match accounts(&state, &request)?.delete(id, ANY_VERSION).await {
                Ok(()) => Ok(see_other(&Notice::Deleted.after(&format!("{OPERATOR_ROOT}/accounts")))),
                Err(AccountError::InUse) => {
                    let refused = not_yet(&state, &request, true);
                    Ok(respond::page_with_status(StatusCode::CONFLICT, &refused))
                }
                Err(error) => Err(error.into()),
            };
        }
    };
    let change = AccountChange { status: Some(status), ..AccountChange::default() };
    manager(&state, &request)?.update(&change, ANY_VERSION).await?;
    let notice = if status == Status::Active { Notice::Enabled } else { Notice::Disabled };
    Ok(see_other(&notice.after(&own_path(&request, ""))))
}

/// Whether the account has been disabled for long enough, or has nothing.
async fn is_deletable(state: &ConsoleState, request: &OperatorRequest) -> Result<bool, ConsoleError> {
    if request.account.is_disabled_long_enough(request.audit_context.now) {
        return Ok(true);
    }
    Ok(accounts(state, request)?.usage(&request.account).await?.1 == Usage::default())
}

fn not_yet<'a>(state: &'a ConsoleState, request: &OperatorRequest, is_refused: bool) -> NotDeletablePage<'a> {
    let (texts, now) = (request.texts, request.audit_context.now);
    let name = display_name(&request.account.account_name);
    let mut frame = account_frame(state, request, texts.with("delete-title", [("name", &name)]));
    frame.has_errors = is_refused;
    NotDeletablePage {
        frame,
        from: request.account.deletable_from().map(|at| Instant::new(texts, at, now)),
        is_refused,
        own: own_path(request, ""),
    }
}

async fn page<'a>(
    state: &'a ConsoleState,
    request: &OperatorRequest,
    action: AccountAction,
    wrong: Option<String>,
) -> Result<ConfirmPage<'a>, ConsoleError> {
    let (texts, name) = (request.texts, display_name(&request.account.account_name));
    let (title, button) = match action {
        AccountAction::Disable => ("disable-title", "account-disable-button"),
        AccountAction::Enable => ("enable-title", "account-enable-button"),
        AccountAction::Delete => ("delete-title", "delete-button"),
    };
    let consequences = match action {
        AccountAction::Disable => {
            let mut consequences = vec![texts.get("account-disable-stops"), stops(state, request).await?];
            consequences
                .extend([texts.get("account-disable-issued"), texts.get("account-disable-reversible")]);
            consequences
        }
        AccountAction::Enable => vec![texts.get("account-enable-works")],
        AccountAction::Delete => vec![
            texts.get("account-delete-when"),
            stops(state, request).await?,
            texts.get("account-delete-all"),
            texts.get("delete-is-final"),
        ],
    };
    let typed = (action != AccountAction::Enable).then(|| {
        let label = texts.html("account-type-name", [("name", name.as_str())]);
        TypedField::new(label, wrong.clone(), request)
    });
    let url = api_url(state, request);
    let patch =
        |status: Status| api_command("PATCH", &url, request.account.version, &json!({ "status": status }));
    let mut frame = account_frame(state, request, texts.with(title, [("name", &name)]));
    frame.has_errors = wrong.is_some();
    Ok(ConfirmPage {
        frame,
        target: request.form_target(),
        hidden: Vec::new(),
        consequences,
        typed,
        button: texts.get(button),
        is_danger: action != AccountAction::Enable,
        back: own_path(request, ""),
        command: match action {
            AccountAction::Disable => patch(Status::Disabled),
            AccountAction::Enable => patch(Status::Active),
            AccountAction::Delete => format!(
                "curl --request DELETE '{url}' \\\n  --header \"Authorization: Bearer $TOKEN\" \\\n  --header \
                 'If-Match: \"{}\"'",
                request.account.version
            ),
        },
    })
}

/// How many clients stop, and when one of them was last used.
async fn stops(state: &ConsoleState, request: &OperatorRequest) -> Result<String, ConsoleError> {
    let (texts, now) = (request.texts, request.audit_context.now);
    let page = request.clients(state)?.newest(MAX_CLIENTS).await?;
    let used = page.items.iter().filter_map(Client::last_used_on).max();
    let clients = accounts(state, request)?.usage(&request.account).await?.1.clients;
    if clients == 0 {
        return Ok(texts.get("account-stops-nothing"));
    }
    let clients = texts.count("api-holders", clients);
    let used = badges::used_on(texts, used, now);
    Ok(texts.with("account-stops", [("clients", &clients), ("day", &used)]))
}
