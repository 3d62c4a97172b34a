//! Why a request goes no further, and what the browser is told.

use crate::pages::error_page::{ErrorPage, InvalidRequestReason, RetryLink};
use crate::pages::response;
use crate::state::AuthorizeState;
use axum::response::Response;
use http::StatusCode;
use shared::adapters::error::BackendError;
use shared::domain::oauth::authorization::error::AuthorizationError;
use shared::domain::redirect_uri::{RedirectUriError, ResolvedRedirectUri};
use shared::domain::sign_in::SignInId;

/// Where errors go to.
pub struct ErrorRedirect {
    pub redirect: ResolvedRedirectUri,
    pub state: Option<String>,
}

/// Why a browser does not get what it asked for: most end at a page, the client hears of one of them.
pub enum AuthorizeError {
    /// `client_id` is missing, malformed, or there twice.
    MissingClientId,
    /// No such client, or it may not act: the reason is for the log.
    ClientRejected(&'static str),
    /// No redirect URI that is the client's.
    InvalidRedirectUri(RedirectUriError),
    /// `redirect_uri` is there twice.
    DuplicateRedirectUri,
    /// The client hears of it.
    RedirectToClient(ErrorRedirect, AuthorizationError),
    /// There is no such sign-in, not in this browser, or not any more. The reason is for the log.
    SessionNotFound(&'static str),
    /// The client has its answer already.
    AlreadyCompleted,
    /// The form was not sent by a page of ours.
    CrossSite(&'static str),
    /// What was sent is no form.
    InvalidForm,
    /// Too often: again after so many seconds.
    RateLimited(i64),
    /// Somebody else has taken the sign-in further, most likely the same person in another tab.
    StaleStep(SignInId),
    /// Something did not answer, so nothing was decided.
    BackendError(BackendError, Option<SignInId>),
}

impl From<BackendError> for AuthorizeError {
    fn from(fault: BackendError) -> Self {
        Self::BackendError(fault, None)
    }
}

/// Who it is about, for the log.
#[derive(Default)]
pub struct Trace {
    pub client_id: Option<String>,
    pub account_id: Option<String>,
}

/// The answer, with one event for what went no further.
pub fn answer(
    state: &AuthorizeState,
    operation: &'static str,
    trace: &Trace,
    result: Result<Response, AuthorizeError>,
) -> Response {
    match result {
        Ok(response) => response,
        Err(halt) => {
            log(operation, trace, &halt);
            halt.respond(state)
        }
    }
}

fn log(operation: &'static str, trace: &Trace, halt: &AuthorizeError) {
    let (client_id, account_id) = (trace.client_id.as_deref(), trace.account_id.as_deref());
    let (error, reason) = match halt {
        AuthorizeError::MissingClientId => ("invalid_request", "client_id is missing or malformed"),
        AuthorizeError::ClientRejected(why) => ("invalid_client", *why),
        AuthorizeError::InvalidRedirectUri(why) => ("invalid_request", why.as_str()),
        AuthorizeError::DuplicateRedirectUri => ("invalid_request", "redirect_uri_twice"),
        AuthorizeError::RedirectToClient(_, error) => (error.code(), error.description()),
        AuthorizeError::SessionNotFound(why) | AuthorizeError::CrossSite(why) => ("refused", *why),
        AuthorizeError::AlreadyCompleted => ("refused", "sign_in_over"),
        AuthorizeError::InvalidForm => ("refused", "no_form"),
        AuthorizeError::RateLimited(_) => ("refused", "too_often"),
        AuthorizeError::StaleStep(_) => ("moved_on", "the sign-in was taken further meanwhile"),
        AuthorizeError::BackendError(fault, _) => {
            tracing::error!(operation, client_id, account_id, cause = %fault, "sign-in not decided");
            return;
        }
    };
    tracing::info!(operation, client_id, account_id, error, reason, "sign-in halted");
}

impl AuthorizeError {
    /// The same, with a way on to the sign-in's page where nothing was decided.
    pub fn with_sign_in(self, id: &SignInId) -> Self {
        match self {
            Self::BackendError(fault, None) => Self::BackendError(fault, Some(id.clone())),
            other => other,
        }
    }

    fn respond(self, state: &AuthorizeState) -> Response {
        let no_way_back =
            |what| response::message(state, StatusCode::BAD_REQUEST, ErrorPage::InvalidRequest(what));
        match self {
            Self::MissingClientId => no_way_back(InvalidRequestReason::ClientId),
            Self::ClientRejected(_) => no_way_back(InvalidRequestReason::Client),
            Self::InvalidRedirectUri(RedirectUriError::Missing) => {
                no_way_back(InvalidRequestReason::RedirectMissing)
            }
            Self::InvalidRedirectUri(RedirectUriError::Malformed) | Self::DuplicateRedirectUri => {
                no_way_back(InvalidRequestReason::RedirectMalformed)
            }
            Self::InvalidRedirectUri(RedirectUriError::ReservedQueryParameter) => {
                no_way_back(InvalidRequestReason::RedirectHoldsAnswer)
            }
            Self::InvalidRedirectUri(RedirectUriError::NotRegistered) => {
                no_way_back(InvalidRequestReason::RedirectUnknown)
            }
            Self::RedirectToClient(way, error) => {
                let said = [("error", error.code()), ("error_description", error.description())];
                response::redirect_to_client(state, &way.redirect, way.state.as_deref(), &said)
            }
            Self::SessionNotFound(_) => {
                response::message(state, StatusCode::BAD_REQUEST, ErrorPage::SessionNotFound)
            }
            Self::AlreadyCompleted => response::message(state, StatusCode::GONE, ErrorPage::AlreadyCompleted),
            Self::CrossSite(_) => response::message(state, StatusCode::FORBIDDEN, ErrorPage::CrossSite),
            Self::InvalidForm => response::message(state, StatusCode::BAD_REQUEST, ErrorPage::CrossSite),
            Self::RateLimited(seconds) => {
                let answer =
                    response::message(state, StatusCode::TOO_MANY_REQUESTS, ErrorPage::RateLimited(seconds));
                response::retry_after(answer, seconds)
            }
            Self::StaleStep(id) => response::redirect_to_sign_in(&id, None),
            Self::BackendError(_, id) => {
                let offer = id.as_ref().map_or(RetryLink::Reload, RetryLink::BackTo);
                let answer =
                    response::message(state, StatusCode::SERVICE_UNAVAILABLE, ErrorPage::Unavailable(offer));
                response::retry_after(answer, 2)
            }
        }
    }
}
