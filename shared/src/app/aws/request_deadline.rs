//! Every call to AWS ends by the deadline of the request that it is made for.

use crate::adapters::lambda::deadline::{self, DeadlineExceeded};
use aws_sdk_dynamodb::config::interceptors::BeforeSerializationInterceptorContextRef;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept};
use aws_smithy_runtime_api::box_error::BoxError;
use std::time::Duration;

/// Limits an operation's timeout to the time that is left, and fails the operation if no time is left.
#[derive(Debug)]
pub(super) struct RequestDeadline;

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for RequestDeadline {
    fn name(&self) -> &'static str {
        "RequestDeadline"
    }

    fn read_before_execution(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(remaining) = deadline::remaining() else { return Ok(()) };
        if remaining.is_zero() {
            return Err(DeadlineExceeded.into());
        }
        let configured = cfg.load::<TimeoutConfig>().and_then(TimeoutConfig::operation_timeout);
        if remaining < configured.unwrap_or(Duration::MAX) {
            let timeout = TimeoutConfig::builder().operation_timeout(remaining).build();
            cfg.interceptor_state().store_put(timeout);
        }
        Ok(())
    }
}
