//! Errors of the stored client secrets.

use crate::adapters::error::BackendError;

/// Error of storing a client secret.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreSecretError {
    /// The 20 staging labels that Secrets Manager allows a secret are in use: too many additions are under way.
    #[error("too many labels are in use")]
    Busy,
    /// Secrets Manager failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

/// Error of reading a client secret back.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RevealError {
    /// Secrets Manager has no value of this client secret.
    #[error("the client secret is not stored")]
    NotStored,
    /// Secrets Manager failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}
