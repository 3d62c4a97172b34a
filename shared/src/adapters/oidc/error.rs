//! Failures of handling a callback.

use crate::adapters::error::BackendError;
use crate::domain::sign_in::idp_error::IdpError;

/// Error of handling a callback. Either way nothing is known of the end user, who may start again.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallbackError {
    /// The provider did not sign the end user in, or its response is not valid.
    #[error(transparent)]
    Idp(#[from] IdpError),
    /// The provider or Secrets Manager failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}
