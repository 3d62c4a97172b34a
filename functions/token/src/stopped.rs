//! Why a request came to nothing.

use crate::respond;
use axum::response::Response;
use shared::adapters::fault::Fault;
use shared::domain::oauth_error::OAuthError;

/// A request that was not carried out.
pub enum Stopped {
    /// It was refused, for a reason of its own.
    Refused(OAuthError),
    /// A store did not answer, so nothing was decided.
    Fault(Fault),
}

impl From<OAuthError> for Stopped {
    fn from(error: OAuthError) -> Self {
        Self::Refused(error)
    }
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Stopped {
    /// Logs why, and answers it. `endpoint` is for the log.
    pub fn answer(&self, endpoint: &'static str, client_id: Option<&str>) -> Response {
        match self {
            Self::Refused(error) => {
                let reason = error.reason();
                tracing::info!(endpoint, client_id, error = error.code(), reason, "request refused");
                respond::error(error)
            }
            Self::Fault(fault) => {
                tracing::error!(endpoint, client_id, cause = %fault, "request not decided");
                respond::error(&OAuthError::Unavailable)
            }
        }
    }
}
