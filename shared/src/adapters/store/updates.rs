//! A conditional update of one item: whether it happened.

use crate::adapters::error::{BackendError, ok_or_expected};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};

/// What came of an update; `None` if its condition did not hold, and nothing was written.
pub(super) fn outcome(
    operation: &'static str,
    sent: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
) -> Result<Option<UpdateItemOutput>, BackendError> {
    ok_or_expected(operation, sent, UpdateItemError::is_conditional_check_failed_exception)
}
