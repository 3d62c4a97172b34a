//! Accounts, as the operator sees them: found, created, entitled, limited, disabled and deleted.

mod claims;
mod entitlements;
mod export;
mod limits;
mod list;
mod new;
mod page;
mod status;

use super::frame;
use crate::error::ConsoleError;
use crate::frame::navigation::OPERATOR_ROOT;
use crate::frame::{Frame, Link, display_name};
use crate::operator_request::OperatorRequest;
use crate::respond::{page_only, page_or_form_only};
use crate::routes::Routes;
use crate::state::ConsoleState;
use axum::routing::{MethodRouter, get};
use shared::domain::account::Account;
use shared::services::accounts::{AccountManager, Accounts};
use std::sync::Arc;

/// The routes.
pub fn routes() -> Routes {
    Routes::default()
        .route("/console/operator/accounts", get(list::show).fallback(page_only))
        .route("/console/operator/accounts/new", get(new::show).post(new::submit).fallback(page_or_form_only))
        .route("/console/operator/accounts/{account_id}", get(page::show).fallback(page_only))
        .route("/console/operator/accounts/{account_id}/disable", status_page())
        .route("/console/operator/accounts/{account_id}/enable", status_page())
        .route("/console/operator/accounts/{account_id}/delete", status_page())
        .route(
            "/console/operator/accounts/{account_id}/export",
            get(export::show).post(export::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/operator/accounts/{account_id}/entitlements",
            get(entitlements::show).post(entitlements::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/operator/accounts/{account_id}/limits",
            get(limits::show).post(limits::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/operator/accounts/{account_id}/claims",
            get(claims::show).post(claims::submit).fallback(page_or_form_only),
        )
}

fn status_page() -> MethodRouter<Arc<ConsoleState>> {
    get(status::show).post(status::submit).fallback(page_or_form_only)
}

/// The accounts, for a person who may manage them.
pub fn accounts<'a>(
    state: &'a ConsoleState,
    request: &'a OperatorRequest,
) -> Result<Accounts<'a>, ConsoleError> {
    Ok(Accounts::authorize(request.management(state))?)
}

/// The account of the request, to be changed.
fn manager<'a>(
    state: &'a ConsoleState,
    request: &'a OperatorRequest,
) -> Result<AccountManager<'a>, ConsoleError> {
    Ok(AccountManager::authorize(request.management(state), request.account.account_id.as_str())?)
}

/// An account in a list across accounts.
pub struct AccountHead {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Its page.
    pub href: String,
}

impl AccountHead {
    /// The head of an account.
    pub fn new(account: &Account) -> Self {
        let (name, id) = (display_name(&account.account_name), account.account_id.to_string());
        Self { href: path(&id, ""), name, id }
    }
}

/// Path of the page of an account, or of one below it.
pub fn path(account_id: &str, below: &str) -> String {
    format!("{OPERATOR_ROOT}/accounts/{account_id}{below}")
}

/// The same for the account of the request.
fn own_path(request: &OperatorRequest, below: &str) -> String {
    path(request.account.account_id.as_str(), below)
}

/// URL of the account in the management API.
fn api_url(state: &ConsoleState, request: &OperatorRequest) -> String {
    format!("{}/v1/accounts/{}", state.app().config.issuer, request.account.account_id)
}

fn list_crumb(request: &OperatorRequest) -> Link {
    Link { href: format!("{OPERATOR_ROOT}/accounts"), text: request.texts.get("nav-operator-accounts") }
}

/// The frame of a page about an account.
fn account_frame<'a>(state: &'a ConsoleState, request: &OperatorRequest, title: String) -> Frame<'a> {
    let own = Link { href: own_path(request, ""), text: display_name(&request.account.account_name) };
    frame(state, request, title).below(vec![list_crumb(request), own])
}
