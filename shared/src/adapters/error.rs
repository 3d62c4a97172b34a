//! Failures of the systems that Latchkey depends on.

use crate::adapters::lambda::deadline::DeadlineExceeded;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Failure of a system that Latchkey depends on. The outcome of the operation is unknown, so that the caller should
/// try again later. Displayed as the operation and the chain of causes, for the log.
#[derive(Clone, Debug)]
pub struct BackendError {
    /// The operation that failed.
    pub operation: &'static str,
    // Shared, because callers that wait for the same load share its failure.
    source: Arc<dyn Error + Send + Sync>,
}

impl BackendError {
    /// A failure with a cause of Latchkey's own, which must not hold a secret.
    pub fn new(operation: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { operation, source: Arc::from(source.into()) }
    }

    /// A failure of an AWS service.
    pub fn aws<E, R>(operation: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: Error + ProvideErrorMetadata + 'static,
        R: fmt::Debug,
    {
        Self::new(operation, AwsError::from(error))
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, chain(&*self.source))
    }
}

// Not derived, so that the source is the error itself and not the `Arc` around it, and can be downcast.
impl Error for BackendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// The cause of a failed AWS request. It holds neither the request nor the response, which may contain a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AwsError {
    /// The service answered with an error.
    #[error("{code}: {message}")]
    Service {
        /// The service's error code.
        code: String,
        /// The service's message.
        message: String,
    },
    /// The service answered with an error that has neither a code nor a message.
    #[error("the response is not one of this service")]
    UnknownResponse,
    /// An attempt, or all of them together, took too long.
    #[error("timed out")]
    TimedOut,
    /// The request was not sent, for this reason.
    #[error("{0}")]
    NotSent(String),
    /// The request's deadline had passed before it was sent.
    #[error(transparent)]
    DeadlineExceeded(#[from] DeadlineExceeded),
    /// The response is not one to the operation.
    #[error(transparent)]
    ImplausibleResponse(#[from] ImplausibleResponse),
    /// The response is not what the SDK can read.
    #[error("the response could not be read")]
    UnreadableResponse,
    /// The SDK could not build the request.
    #[error("the request could not be built")]
    NotBuilt,
}

impl<E, R> From<&SdkError<E, R>> for AwsError
where
    E: Error + ProvideErrorMetadata + 'static,
    R: fmt::Debug,
{
    fn from(error: &SdkError<E, R>) -> Self {
        match error {
            SdkError::ServiceError(service) => {
                let meta = service.err().meta();
                match (meta.code(), meta.message()) {
                    (None, None) => Self::UnknownResponse,
                    (code, message) => Self::Service {
                        code: code.unwrap_or("unknown error").to_owned(),
                        message: message.unwrap_or("no message").to_owned(),
                    },
                }
            }
            SdkError::TimeoutError(_) => Self::TimedOut,
            SdkError::DispatchFailure(failure) => Self::NotSent(
                failure.as_connector_error().map_or_else(|| "not sent".to_owned(), |error| chain(error)),
            ),
            _ => known_cause(error).unwrap_or(match error {
                SdkError::ResponseError(_) => Self::UnreadableResponse,
                _ => Self::NotBuilt,
            }),
        }
    }
}

/// A response that does not belong to the operation that was called: it is empty, or has the members of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response cannot be one to this operation")]
pub struct ImplausibleResponse;

/// The first error of Latchkey's own among an error's sources. The others may quote the request or the response, which
/// may contain a secret.
fn known_cause(error: &dyn Error) -> Option<AwsError> {
    let mut next = error.source();
    while let Some(source) = next {
        if let Some(passed) = source.downcast_ref::<DeadlineExceeded>() {
            return Some((*passed).into());
        }
        if let Some(implausible) = source.downcast_ref::<ImplausibleResponse>() {
            return Some((*implausible).into());
        }
        next = source.source();
    }
    None
}

/// The output of an AWS request, or `None` where the service answered with an error that `expected` accepts.
pub fn ok_or_expected<T, E, R>(
    operation: &'static str,
    sent: Result<T, SdkError<E, R>>,
    expected: impl FnOnce(&E) -> bool,
) -> Result<Option<T>, BackendError>
where
    E: Error + ProvideErrorMetadata + 'static,
    R: fmt::Debug,
{
    match sent {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.as_service_error().is_some_and(expected) => Ok(None),
        Err(error) => Err(BackendError::aws(operation, &error)),
    }
}

/// An error and its sources, joined by colons. The text of a `BackendError` has its sources in it already.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut last = error;
    while let Some(source) = last.source().filter(|_| !last.is::<BackendError>()) {
        text.push_str(": ");
        text.push_str(&source.to_string());
        last = source;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_display_is_the_operation_and_its_causes() {
        let text = BackendError::new("reading", "not text");
        assert_eq!(text.to_string(), "reading: not text");
        let wrapped = BackendError::new("reading", text);
        assert_eq!(wrapped.to_string(), "reading: reading: not text");
    }

    #[test]
    fn the_cause_can_be_told_by_its_type() {
        let failed = BackendError::new("reading", AwsError::TimedOut);
        let source = failed.source().and_then(|source| source.downcast_ref::<AwsError>());
        assert_eq!(source, Some(&AwsError::TimedOut));
    }
}
