//! A store that did not do what it was asked to. Nothing may be concluded from it.

use crate::adapters::lambda::deadline::DeadlineExceeded;
use aws_sdk_dynamodb::error::SdkError;
use std::error::Error;
use std::fmt;

/// A failure outside Latchkey. The caller is told to try again; the cause is for the log.
#[derive(Clone, Debug)]
pub struct BackendError {
    /// What was being done, in the words of the store's method.
    pub operation: &'static str,
    cause: String,
}

impl BackendError {
    /// A fault with a cause of our own wording, which must not hold anything secret.
    pub fn new(operation: &'static str, cause: impl fmt::Display) -> Self {
        Self { operation, cause: cause.to_string() }
    }

    /// A fault of an AWS service.
    ///
    /// Only the error's own code and message are kept: never the request, which may hold a secret.
    pub fn aws<E, R>(operation: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: Error + aws_sdk_dynamodb::error::ProvideErrorMetadata + 'static,
        R: fmt::Debug,
    {
        let cause = match error {
            SdkError::ServiceError(service) => {
                let meta = service.err().meta();
                match (meta.code(), meta.message()) {
                    (None, None) => "the response is not one of this service".to_owned(),
                    (code, message) => {
                        format!("{}: {}", code.unwrap_or("unknown error"), message.unwrap_or("no message"))
                    }
                }
            }
            SdkError::TimeoutError(_) => "timed out".to_owned(),
            SdkError::DispatchFailure(failure) => {
                failure.as_connector_error().map_or_else(|| "not sent".to_owned(), chain)
            }
            _ => known_cause(error).unwrap_or_else(|| match error {
                SdkError::ResponseError(_) => "the response could not be read".to_owned(),
                _ => "the request could not be built".to_owned(),
            }),
        };
        Self { operation, cause }
    }
}

/// A response that cannot be one to the operation that was called: it is empty, or has the members of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the response cannot be one to this operation")]
pub struct ImplausibleResponse;

/// A cause of our own among an error's sources. Others may quote the request or the response, which may hold a secret.
fn known_cause(error: &dyn Error) -> Option<String> {
    let mut next = error.source();
    while let Some(source) = next {
        if source.is::<DeadlineExceeded>() || source.is::<ImplausibleResponse>() {
            return Some(source.to_string());
        }
        next = source.source();
    }
    None
}

/// What a service answered; `None` where it refused for a reason that is foreseen. Whatever else goes wrong is a fault.
pub fn ok_or_expected<T, E, R>(
    operation: &'static str,
    sent: Result<T, SdkError<E, R>>,
    foreseen: impl FnOnce(&E) -> bool,
) -> Result<Option<T>, BackendError>
where
    E: Error + aws_sdk_dynamodb::error::ProvideErrorMetadata + 'static,
    R: fmt::Debug,
{
    match sent {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.as_service_error().is_some_and(foreseen) => Ok(None),
        Err(error) => Err(BackendError::aws(operation, &error)),
    }
}

fn chain(error: &(impl Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.cause)
    }
}

impl Error for BackendError {}
