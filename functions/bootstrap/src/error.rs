//! Errors of the bootstrap.

use crate::request::{InvalidEvent, InvalidOperatorMember, UnknownRequestType, UnknownResourceType};
use shared::adapters::error::BackendError;
use shared::app::{ConfigError, StageError};

/// Error of an invocation. Lambda retries the event.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// The event names no response URL that an error could be sent to.
    #[error(transparent)]
    Event(#[from] InvalidEvent),
    /// The response did not reach CloudFormation.
    #[error(transparent)]
    Delivery(BackendError),
    /// A manual request failed: its caller reads the error in the invocation's result.
    #[error(transparent)]
    ManualRequest(BootstrapError),
}

/// Error of the work itself: the reason of the response that fails the stack operation.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The function's configuration is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// CloudFormation asks for something that the function does not know.
    #[error(transparent)]
    RequestType(#[from] UnknownRequestType),
    /// CloudFormation asks for a resource that the function does not know.
    #[error(transparent)]
    ResourceType(#[from] UnknownResourceType),
    /// The stack names a person who cannot be a member.
    #[error(transparent)]
    OperatorMember(#[from] InvalidOperatorMember),
    /// The deployment has another stage than before, or its stage could not be read.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// An AWS service failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The work panicked, which is logged where it happens.
    #[error("the bootstrap stopped unexpectedly; its log says where")]
    Panicked,
    /// The work was aborted shortly before the deadline of the invocation.
    #[error("the bootstrap took too long; try again")]
    TimedOut,
}
