//! A conditional update of one item: whether it happened.

use crate::adapters::fault::{Fault, answered};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};

/// What came of an update; `None` if its condition did not hold, and nothing was written.
pub(super) fn outcome(
    doing: &'static str,
    sent: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
) -> Result<Option<UpdateItemOutput>, Fault> {
    answered(doing, sent, UpdateItemError::is_conditional_check_failed_exception)
}
