//! Time limits of requests to the provider.

use crate::adapters::error::BackendError;
use crate::adapters::lambda::deadline;
use crate::adapters::remote::{FETCH_TIMEOUT, FetchError};
use std::time::Duration;

/// The most time that starting a sign-in, or handling a callback, may take. Each single request has three seconds.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(10);

/// Limits `future` to the total time.
pub(super) async fn bounded<T>(
    operation: &'static str,
    future: impl Future<Output = T>,
) -> Result<T, BackendError> {
    tokio::time::timeout(deadline::at_most(TOTAL_TIMEOUT), future)
        .await
        .map_err(|_| BackendError::new(operation, FetchError::TooSlow))
}

/// Limits one request to its time.
pub(super) async fn fetched<T>(
    operation: &'static str,
    fetching: impl Future<Output = Result<T, FetchError>>,
) -> Result<T, BackendError> {
    let result = tokio::time::timeout(deadline::at_most(FETCH_TIMEOUT), fetching)
        .await
        .unwrap_or(Err(FetchError::TooSlow));
    result.map_err(|error| BackendError::new(operation, error))
}
