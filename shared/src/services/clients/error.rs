//! Errors of requests on clients and their secrets.

use crate::adapters::error::BackendError;
use crate::adapters::secrets_manager::client_secret_store::StoreSecretError;
use crate::domain::account::limits::LimitReached;
use crate::domain::client::secret_rotation::RotationError;
use crate::domain::primitives::validation::FieldError;
use crate::services::idempotency::IdempotencyError;
use crate::services::modify::{Contention, VersionMismatch};
use crate::services::principal::AccessError;

/// Why a request on clients, their secrets or consents fails.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The caller is not allowed to do it.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The account, the client, the secret or the consent does not exist.
    #[error("not found")]
    NotFound,
    /// The input is not valid.
    #[error("the input is not valid")]
    Invalid(Vec<FieldError>),
    /// A client has the id, or had it.
    #[error("the client id is taken")]
    IdTaken,
    /// The account is disabled.
    #[error("the account is disabled")]
    AccountDisabled,
    /// The account has as many clients as it may have.
    #[error(transparent)]
    LimitReached(LimitReached),
    /// The person has created as many clients as they may in an hour. The next may follow after so many seconds.
    #[error("too many clients were created")]
    RateLimited(i64),
    /// The client's authentication method takes no secrets.
    #[error("the client takes no secrets")]
    TakesNoSecrets,
    /// The secret that is to be replaced is unknown, or it is unclear which one it is.
    #[error("the secrets do not allow it")]
    Rotation(RotationError),
    /// The secret has expired: it cannot be paused or resumed.
    #[error("the secret has expired")]
    SecretExpired,
    /// It is the operator's client, which stays enabled and keeps `accounts:manage`.
    #[error("the client is the operator's")]
    OperatorClient,
    /// The value of the secret is shown only once.
    #[error("the secret is not shown again")]
    NotRevealable,
    /// The caller expects another version.
    #[error(transparent)]
    VersionMismatch(#[from] VersionMismatch),
    /// The idempotency key is not usable.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Too many requests change the client.
    #[error(transparent)]
    Contention(#[from] Contention),
    /// A store failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl From<StoreSecretError> for ClientError {
    fn from(error: StoreSecretError) -> Self {
        match error {
            StoreSecretError::Busy => Self::Contention(Contention),
            StoreSecretError::Backend(fault) => Self::Backend(fault),
        }
    }
}
