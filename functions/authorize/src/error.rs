//! Errors of the function's handlers.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use shared::adapters::error::BackendError;
use shared::domain::redirect_uri::RedirectUriError;
use shared::domain::sign_in::SignInId;
use shared::services::sign_in::{AuthorizationErrorResponse, SignInError};
use std::sync::Arc;

/// Error of a handler. Most are shown as a page; the client gets [`RedirectToClient`](Self::RedirectToClient), and
/// [`RequestRejected`](Self::RequestRejected) if the person follows the page's link (RFC 6749 §4.1.2.1).
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// `client_id` is missing, malformed, or sent twice.
    #[error("client_id is missing or malformed")]
    MissingClientId,
    /// The client is unknown or may not act. The reason is for the log.
    #[error("the client was rejected: {0}")]
    ClientRejected(&'static str),
    /// The redirect URI is not one of the client's.
    #[error("the redirect URI is invalid")]
    InvalidRedirectUri(#[source] RedirectUriError),
    /// `redirect_uri` was sent twice.
    #[error("redirect_uri was sent twice")]
    DuplicateRedirectUri,
    /// The client gets this error.
    #[error("the client gets an error")]
    RedirectToClient(Box<AuthorizationErrorResponse>),
    /// The client gets this error once the person follows a link.
    #[error("the authorization request was rejected")]
    RequestRejected(Box<AuthorizationErrorResponse>),
    /// There is no such sign-in for this browser, or it has expired. The reason is for the log.
    #[error("the sign-in was not found: {0}")]
    SessionNotFound(&'static str),
    /// The client has its authorization response.
    #[error("the sign-in is completed")]
    AlreadyCompleted,
    /// The form was not sent by one of our pages. The reason is for the log.
    #[error("the form came from elsewhere: {0}")]
    CrossSite(&'static str),
    /// The body is not a form.
    #[error("the body is not a form")]
    InvalidForm,
    /// Too many codes were requested. The next one may be requested after so many seconds.
    #[error("too many codes were requested")]
    RateLimited(i64),
    /// Too many sign-ins were started here. The next one may be started after so many seconds.
    #[error("too many sign-ins were started")]
    TooManySignIns(i64),
    /// The sign-in had too many steps.
    #[error("the sign-in had too many steps")]
    TooManySteps,
    /// The link in an e-mail is none of ours, or its account is gone.
    #[error("the link in an e-mail does not work")]
    MailLinkNotFound,
    /// The reminders to one recipient were stopped and resumed too often. They may be again after so many seconds.
    #[error("too many changes of the reminders to one recipient")]
    TooManyMailChanges(i64),
    /// Another request has advanced the sign-in, most likely from another tab.
    #[error("the sign-in is at another step")]
    StaleStep(SignInId),
    /// A store did not answer, so nothing is decided. The page links to the sign-in if there is one.
    #[error("a backend failed")]
    Unavailable(#[source] BackendError, Option<SignInId>),
}

impl From<BackendError> for AuthorizeError {
    fn from(error: BackendError) -> Self {
        Self::Unavailable(error, None)
    }
}

impl From<SignInError> for AuthorizeError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::ClientInactive(reason) => Self::ClientRejected(reason.as_str()),
            SignInError::SessionNotFound(reason) => Self::SessionNotFound(reason.as_str()),
            SignInError::AlreadyCompleted => Self::AlreadyCompleted,
            SignInError::StaleStep(id) => Self::StaleStep(id),
            SignInError::InvalidRedirectUri(error) => Self::InvalidRedirectUri(error),
            SignInError::AuthorizationError(response) => Self::RedirectToClient(response),
            SignInError::RequestRejected(response) => Self::RequestRejected(response),
            SignInError::TooManySteps => Self::TooManySteps,
            SignInError::Backend(error) => Self::Unavailable(error, None),
        }
    }
}

impl AuthorizeError {
    /// The same error, with a link to the sign-in where nothing is decided.
    pub fn with_sign_in(self, id: &SignInId) -> Self {
        match self {
            Self::Unavailable(error, None) => Self::Unavailable(error, Some(id.clone())),
            other => other,
        }
    }

    /// Status of the response.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::MissingClientId
            | Self::ClientRejected(_)
            | Self::InvalidRedirectUri(_)
            | Self::DuplicateRedirectUri
            | Self::RequestRejected(_)
            | Self::SessionNotFound(_)
            | Self::InvalidForm => StatusCode::BAD_REQUEST,
            Self::RedirectToClient(_) | Self::StaleStep(_) => StatusCode::SEE_OTHER,
            Self::AlreadyCompleted => StatusCode::GONE,
            Self::CrossSite(_) => StatusCode::FORBIDDEN,
            Self::MailLinkNotFound => StatusCode::NOT_FOUND,
            Self::RateLimited(_)
            | Self::TooManySignIns(_)
            | Self::TooManySteps
            | Self::TooManyMailChanges(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(..) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The status and, as an extension, the error itself. [`crate::error_responses`] renders the page, for which it needs the
/// router's state.
impl IntoResponse for AuthorizeError {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
