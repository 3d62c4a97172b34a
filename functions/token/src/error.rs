//! Why a request came to nothing.

use crate::response;
use axum::response::Response;
use shared::adapters::error::BackendError;
use shared::domain::oauth::error::OAuthError;

/// A request that was not carried out.
pub enum TokenEndpointError {
    /// It was refused, for a reason of its own.
    OAuth(OAuthError),
    /// A store did not answer, so nothing was decided.
    BackendError(BackendError),
}

impl From<OAuthError> for TokenEndpointError {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<BackendError> for TokenEndpointError {
    fn from(fault: BackendError) -> Self {
        Self::BackendError(fault)
    }
}

impl TokenEndpointError {
    /// Logs why, and answers it. `endpoint` is for the log.
    pub fn answer(&self, endpoint: &'static str, client_id: Option<&str>) -> Response {
        match self {
            Self::OAuth(error) => {
                let reason = error.reason();
                tracing::info!(endpoint, client_id, error = error.code(), reason, "request refused");
                response::error(error)
            }
            Self::BackendError(fault) => {
                tracing::error!(endpoint, client_id, cause = %fault, "request not decided");
                response::error(&OAuthError::Unavailable)
            }
        }
    }
}
