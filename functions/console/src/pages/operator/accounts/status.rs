//! Disabling, enabling and deleting an account: each has a page that says what it does.

use super::{account_frame, accounts, api_url, manager, own_path};
use crate::error::ConsoleError;
use crate::frame::display_name;
use crate::operator_request::{OPERATOR_ROOT, OperatorRequest};
use crate::pages::clients::badges;
use crate::pages::operator::confirm::{ConfirmPage, TYPED, TypedField};
use crate::pages::parts::by_api::api_command;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;
use shared::domain::account::Status;
use shared::domain::client::Client;
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
    fn of_path(path: &str) -> Option<Self> {
        match path.rsplit('/').next()? {
            "disable" => Some(Self::Disable),
            "enable" => Some(Self::Enable),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// `GET /console/operator/accounts/{account_id}/{disable|enable|delete}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let action = AccountAction::of_path(&request.path).ok_or(ConsoleError::NotFound)?;
    Ok(respond::page(&page(&state, &request, action, None).await?))
}

/// `POST /console/operator/accounts/{account_id}/{disable|enable|delete}`
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    request: OperatorRequest,
) -> Result<Response, ConsoleError> {
    let action = AccountAction::of_path(&request.path).ok_or(ConsoleError::NotFound)?;
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
                    let again = page(&state, &request, action, None).await?;
                    Ok(respond::page_with_status(StatusCode::CONFLICT, &again))
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
            consequences.extend([texts.get("scope-remove-issued"), texts.get("account-disable-reversible")]);
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
    let typed = (action != AccountAction::Enable).then(|| TypedField {
        label: texts.html("account-type-name", [("name", name.as_str())]),
        wrong: wrong.clone(),
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
