//! The console: server-rendered pages on which administrators manage API clients, over the use cases of the management.

mod account_request;
mod error;
mod error_responses;
mod forms;
mod frame;
mod language;
mod operator_request;
mod pages;
mod paging;
mod respond;
mod routes;
mod session;
mod state;

pub use state::ConsoleState;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, any, get, post};
use error_responses::log_and_render_errors;
use pages::{
    account_settings, accounts, apis, audit, clients, expiry, help, me, members, operator, overview, sign_in,
};
use respond::{get_only, page_only, page_or_form_only, post_only};
use routes::Routes;
use shared::adapters::lambda::deadline::{self, REQUEST_TIMEOUT};
use std::sync::Arc;

/// The function's routes.
pub fn router(state: Arc<ConsoleState>) -> Router {
    routes()
        .into_router()
        .layer(from_fn_with_state(Arc::clone(&state), log_and_render_errors))
        .layer(from_fn(|request: Request, next: Next| deadline::within(REQUEST_TIMEOUT, next.run(request))))
        .with_state(state)
}

/// The paths of all routes, with names in braces for what differs.
#[must_use]
pub fn paths() -> Vec<String> {
    routes().into_paths()
}

fn routes() -> Routes {
    Routes::default()
        .route("/", get(respond::root).fallback(page_only))
        .route("/console", get(accounts::choose).fallback(page_only))
        .route("/console/sign-in", get(sign_in::start).head(get_only).fallback(get_only))
        .route("/console/sign-out", post(sign_in::sign_out).fallback(post_only))
        .route("/console/confirm", get(sign_in::confirm).head(get_only).fallback(get_only))
        .route(
            "/console/link/{token}",
            get(sign_in::link::show).head(get_only).post(sign_in::link::submit).fallback(get_only),
        )
        .route(
            "/console/email/{token}",
            get(me::confirm_email::show).head(get_only).post(me::confirm_email::submit).fallback(get_only),
        )
        .route("/console/me", get(me::show).fallback(page_only))
        .route("/console/me/mail", post(me::mail::submit).fallback(post_only))
        .route("/console/me/calendars/end", post(me::calendars::end).fallback(post_only))
        .route("/console/me/end-others", post(me::end_others).fallback(post_only))
        .route("/console/accounts/{account_id}", get(overview::show).fallback(page_only))
        .route("/console/accounts/{account_id}/enter", post(accounts::enter).fallback(post_only))
        .route(
            "/console/accounts/{account_id}/settings",
            get(account_settings::show).post(account_settings::submit).fallback(page_or_form_only),
        )
        .route("/console/accounts/{account_id}/clients", get(clients::list::show).fallback(page_only))
        .route(
            "/console/accounts/{account_id}/clients.csv",
            get(clients::list::export::show).fallback(page_only),
        )
        .route(
            "/console/accounts/{account_id}/clients/new",
            get(clients::new::show).post(clients::new::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/accounts/{account_id}/clients/{client_id}/duplicate",
            get(clients::new::duplicate::show).fallback(page_only),
        )
        .route(
            "/console/accounts/{account_id}/clients/{client_id}",
            get(clients::overview::show).fallback(page_only),
        )
        .route("/console/accounts/{account_id}/clients/{client_id}/disable", status_page())
        .route("/console/accounts/{account_id}/clients/{client_id}/enable", status_page())
        .route("/console/accounts/{account_id}/clients/{client_id}/revoke-tokens", status_page())
        .route("/console/accounts/{account_id}/clients/{client_id}/delete", status_page())
        .route(
            "/console/accounts/{account_id}/clients/{client_id}/edit",
            get(clients::edit::show).post(clients::edit::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/accounts/{account_id}/clients/{client_id}/permissions",
            get(clients::permissions::show).post(clients::permissions::submit).fallback(page_or_form_only),
        )
        .route(
            "/console/accounts/{account_id}/clients/{client_id}/use",
            get(clients::use_it::show).fallback(page_only),
        )
        .route(
            "/console/accounts/{account_id}/clients/{client_id}/settings",
            get(clients::settings::show).post(clients::settings::submit).fallback(page_or_form_only),
        )
        .route("/console/accounts/{account_id}/apis", get(apis::list).fallback(page_only))
        .route("/console/accounts/{account_id}/apis/{resource_id}", get(apis::show).fallback(page_only))
        .merge(help::routes())
        .route(
            "/console/accounts/{account_id}/clients/{client_id}/activity",
            get(clients::activity::show).fallback(page_only),
        )
        .route(
            "/console/accounts/{account_id}/clients/{client_id}/people",
            get(clients::activity::people::show).fallback(page_only),
        )
        .route(
            "/console/accounts/{account_id}/clients/{client_id}/people/{sub}/end",
            get(clients::activity::people::ask)
                .post(clients::activity::people::end)
                .fallback(page_or_form_only),
        )
        .merge(expiry::routes())
        .route("/console/accounts/{account_id}/audit", get(audit::show).fallback(page_only))
        .route("/console/accounts/{account_id}/audit.csv", get(audit::export).fallback(page_only))
        .merge(clients::credentials::routes())
        .merge(clients::keys::routes())
        .merge(operator::routes())
        .merge(members::routes())
        .route("/console/{*path}", any(respond::not_found))
}

fn status_page() -> MethodRouter<Arc<ConsoleState>> {
    get(clients::status::show).post(clients::status::submit).fallback(page_or_form_only)
}
