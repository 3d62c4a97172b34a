//! Why nothing was rotated. Secrets Manager repeats a step that failed.

use crate::event::InvalidEvent;
use shared::adapters::error::BackendError;

/// Why nothing was rotated.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The event is not understood.
    #[error(transparent)]
    Event(#[from] InvalidEvent),
    /// Only the ring of this deployment is rotated here.
    #[error("the event is about another secret than that of the signing keys")]
    WrongSecret,
    /// No version has this `ClientRequestToken`.
    #[error("no version of the secret has this ClientRequestToken")]
    UnknownVersion,
    /// The version is there, but nobody is working it out.
    #[error("the version of this ClientRequestToken is not pending")]
    NotPending,
    /// The steps came in another order, or without the first one.
    #[error("the pending version has no value")]
    NoValue,
    /// There is no ring yet.
    #[error("there are no signing keys to rotate")]
    KeySetMissing,
    /// Another rotation or an emergency came in between; the next rotation starts afresh.
    #[error("the signing keys have changed since the pending ones were made")]
    Conflict,
    /// The pending ring would break something.
    #[error("the pending ring is not sound: {0}")]
    Unsound(&'static str),
    /// AWS did not do what it was asked to.
    #[error(transparent)]
    BackendError(#[from] BackendError),
}
