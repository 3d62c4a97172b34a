//! Middleware that logs the errors of handlers and renders their pages.

use crate::error::AuthorizeError;
use crate::page_language::PageLanguage;
use crate::pages::error_page::{ErrorPage, InvalidRequestReason, RetryLink};
use crate::pages::response;
use crate::state::AuthorizeState;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use shared::domain::redirect_uri::RedirectUriError;
use shared::texts::Texts;
use shared::web::response::{with_language, with_retry_after};
use std::sync::Arc;
use tracing::Instrument;
use tracing::field::Empty;

/// `Retry-After` while a store does not answer, in seconds.
const UNAVAILABLE_RETRY_AFTER: i64 = 2;

/// Logs one event for a request that failed, with the client and the account that handlers record in the span, and
/// replaces its response by the error's. Pages say which language they are in.
pub async fn log_and_render_errors(
    State(state): State<Arc<AuthorizeState>>,
    mut request: Request,
    next: Next,
) -> Response {
    let language = PageLanguage::of(&request, state.app.config.locale);
    request.extensions_mut().insert(language.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = tracing::info_span!("request", client_id = Empty, account_id = Empty);
    async move {
        // The frames of pages have it.
        state.app.logo.get(state.app.clock.now()).await;
        let mut response = next.run(request).await;
        let texts = language.texts();
        if let Some(error) = response.extensions_mut().remove::<Arc<AuthorizeError>>() {
            log(method.as_str(), route.as_ref().map_or("none", MatchedPath::as_str), &error);
            response = respond(&state, texts, &error);
        }
        with_language(response, texts.language())
    }
    .instrument(span)
    .await
}

fn log(method: &str, route: &str, error: &AuthorizeError) {
    let (error, reason) = match error {
        AuthorizeError::MissingClientId => ("invalid_request", "client_id is missing or malformed"),
        AuthorizeError::ClientRejected(reason) => ("invalid_client", *reason),
        AuthorizeError::InvalidRedirectUri(reason) => ("invalid_request", reason.as_str()),
        AuthorizeError::DuplicateRedirectUri => ("invalid_request", "redirect_uri_twice"),
        AuthorizeError::RedirectToClient(response) | AuthorizeError::RequestRejected(response) => {
            (response.error.code(), response.error.description())
        }
        AuthorizeError::SessionNotFound(reason) | AuthorizeError::CrossSite(reason) => ("refused", *reason),
        AuthorizeError::AlreadyCompleted => ("refused", "sign_in_over"),
        AuthorizeError::InvalidForm => ("refused", "no_form"),
        AuthorizeError::RateLimited(_) => ("refused", "too_often"),
        AuthorizeError::TooManySignIns(_) => ("refused", "too_many_sign_ins"),
        AuthorizeError::TooManySteps => ("refused", "too_many_steps"),
        AuthorizeError::MailLinkNotFound => ("refused", "unknown_mail_link"),
        AuthorizeError::TooManyMailChanges(_) => ("refused", "too_many_mail_changes"),
        AuthorizeError::StaleStep(_) => ("stale_step", "another request has advanced the sign-in"),
        AuthorizeError::Unavailable(cause, _) => {
            tracing::error!(method, route, %cause, "sign-in failed");
            return;
        }
    };
    tracing::info!(method, route, error, reason, "sign-in rejected");
}

fn respond(state: &AuthorizeState, texts: Texts, error: &AuthorizeError) -> Response {
    let page = |page: ErrorPage<'_>| response::error_page(state, texts, error.status(), page);
    match error {
        AuthorizeError::MissingClientId => page(ErrorPage::InvalidRequest(InvalidRequestReason::ClientId)),
        AuthorizeError::ClientRejected(_) => page(ErrorPage::InvalidRequest(InvalidRequestReason::Client)),
        AuthorizeError::InvalidRedirectUri(reason) => page(ErrorPage::InvalidRequest(match reason {
            RedirectUriError::Missing => InvalidRequestReason::RedirectMissing,
            RedirectUriError::Malformed => InvalidRequestReason::RedirectMalformed,
            RedirectUriError::ReservedQueryParameter => InvalidRequestReason::RedirectHoldsResponse,
            RedirectUriError::NotRegistered => InvalidRequestReason::RedirectNotRegistered,
        })),
        AuthorizeError::DuplicateRedirectUri => {
            page(ErrorPage::InvalidRequest(InvalidRequestReason::RedirectMalformed))
        }
        AuthorizeError::RedirectToClient(response) => response::redirect_with_error(state, response),
        AuthorizeError::RequestRejected(response) => page(ErrorPage::RequestRejected {
            error: &response.error,
            link: response::error_location(state, response),
            host: response.redirect.display_host(),
        }),
        AuthorizeError::SessionNotFound(_) => page(ErrorPage::SessionNotFound),
        AuthorizeError::AlreadyCompleted => page(ErrorPage::AlreadyCompleted),
        AuthorizeError::CrossSite(_) | AuthorizeError::InvalidForm => page(ErrorPage::CrossSite),
        AuthorizeError::RateLimited(seconds) => {
            with_retry_after(page(ErrorPage::RateLimited(*seconds)), *seconds)
        }
        AuthorizeError::TooManySignIns(seconds) => {
            with_retry_after(page(ErrorPage::TooManySignIns(*seconds)), *seconds)
        }
        AuthorizeError::TooManySteps => page(ErrorPage::TooManySteps),
        AuthorizeError::MailLinkNotFound => page(ErrorPage::MailLinkNotFound),
        AuthorizeError::TooManyMailChanges(seconds) => {
            with_retry_after(page(ErrorPage::TooManyMailChanges(*seconds)), *seconds)
        }
        AuthorizeError::StaleStep(id) => response::redirect_to_sign_in(id, None),
        AuthorizeError::Unavailable(_, id) => {
            let link = id.as_ref().map_or(RetryLink::Reload, RetryLink::SignIn);
            with_retry_after(page(ErrorPage::Unavailable(link)), UNAVAILABLE_RETRY_AFTER)
        }
    }
}
