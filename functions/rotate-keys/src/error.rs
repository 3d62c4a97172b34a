//! Errors of a rotation.

use crate::event::InvalidEvent;
use shared::adapters::error::BackendError;
use shared::services::modify::Contention;

/// Error of a rotation. Secrets Manager retries a step that failed.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The event is invalid.
    #[error(transparent)]
    Event(#[from] InvalidEvent),
    /// The event names another secret than that of this deployment's signing keys.
    #[error("the event is about another secret than that of the signing keys")]
    WrongSecret,
    /// No version has this `ClientRequestToken`.
    #[error("no version of the secret has this ClientRequestToken")]
    UnknownVersion,
    /// The version exists, but it is not `AWSPENDING`.
    #[error("the version of this ClientRequestToken is not pending")]
    NotPending,
    /// The pending version has no value: the first step was left out.
    #[error("the pending version has no value")]
    NoValue,
    /// The deployment has no signing keys yet.
    #[error("there are no signing keys to rotate")]
    KeySetMissing,
    /// The keys were changed by another rotation or by a revocation. The next rotation starts from the changed keys.
    #[error("the signing keys have changed since the pending ones were made")]
    Conflict,
    /// The pending key ring fails validation.
    #[error("the pending ring is not sound: {0}")]
    Unsound(&'static str),
    /// An AWS service failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl From<Contention> for RotationError {
    fn from(_: Contention) -> Self {
        Self::Conflict
    }
}
