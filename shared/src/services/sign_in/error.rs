//! Errors of a sign-in.

use crate::adapters::error::BackendError;
use crate::domain::oauth::authorization::error::AuthorizationError;
use crate::domain::redirect_uri::{RedirectUriError, ResolvedRedirectUri};
use crate::domain::sign_in::SignInId;
use crate::services::modify::Contention;
use crate::services::sign_in::InactiveClientReason;

/// Error of a step of a sign-in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The client does not exist, or may not act.
    #[error("the client is not active: {}", .0.as_str())]
    ClientInactive(InactiveClientReason),
    /// There is no such sign-in for this browser.
    #[error("the sign-in was not found: {}", .0.as_str())]
    SessionNotFound(SessionNotFoundReason),
    /// The client has its authorization response.
    #[error("the sign-in is completed")]
    AlreadyCompleted,
    /// The sign-in is at another step: another request has advanced it.
    #[error("the sign-in is at another step")]
    StaleStep(SignInId),
    /// The client no longer has the redirect URI of the request, so it gets no response.
    #[error("the redirect URI is no longer the client's")]
    InvalidRedirectUri(#[source] RedirectUriError),
    /// The client gets this error: a person has decided, or has signed in.
    #[error("the authorization request failed: {}", .0.error.code())]
    AuthorizationError(Box<AuthorizationErrorResponse>),
    /// The request may not go on. The person is told, and chooses whether the client gets this error: a redirect without a
    /// click would make the issuer's host an open redirector (RFC 9700 §4.11.2).
    #[error("the authorization request was rejected: {}", .0.error.code())]
    RequestRejected(Box<AuthorizationErrorResponse>),
    /// The sign-in has had as many steps as it may.
    #[error("the sign-in had too many steps")]
    TooManySteps,
    /// A store did not answer: nothing is decided.
    #[error("a backend failed")]
    Backend(#[from] BackendError),
}

impl From<Contention> for SignInError {
    fn from(contention: Contention) -> Self {
        Self::Backend(BackendError::new("issuing an authorization code", contention))
    }
}

impl From<AuthorizationErrorResponse> for SignInError {
    fn from(response: AuthorizationErrorResponse) -> Self {
        Self::AuthorizationError(Box::new(response))
    }
}

impl SignInError {
    /// The same error, for a person to decide on.
    #[must_use]
    pub fn shown_first(self) -> Self {
        match self {
            Self::AuthorizationError(response) => Self::RequestRejected(response),
            other => other,
        }
    }
}

/// Error response of the authorization endpoint (RFC 6749 §4.1.2.1).
#[derive(Clone, Debug)]
pub struct AuthorizationErrorResponse {
    /// Redirect URI that gets the error.
    pub redirect: ResolvedRedirectUri,
    /// `state` of the request.
    pub state: Option<String>,
    /// The error.
    pub error: AuthorizationError,
}

/// Reason why a sign-in was not found. The browser gets the same page for all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionNotFoundReason {
    /// No sign-in has this id.
    UnknownSignIn,
    /// Another browser started it.
    OtherBrowser,
    /// It has expired.
    Expired,
}

impl SessionNotFoundReason {
    /// Name in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownSignIn => "unknown_sign_in",
            Self::OtherBrowser => "other_browser",
            Self::Expired => "sign_in_expired",
        }
    }
}
