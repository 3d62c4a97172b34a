//! A conditional update of one item: whether it happened.

use crate::adapters::fault::Fault;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};

/// What came of an update; `None` if its condition did not hold, and nothing was written.
pub(super) fn outcome<H>(
    doing: &'static str,
    sent: Result<UpdateItemOutput, SdkError<UpdateItemError, H>>,
) -> Result<Option<UpdateItemOutput>, Fault> {
    match sent {
        Ok(output) => Ok(Some(output)),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(None),
            _ => Err(Fault::aws(doing, &error)),
        },
    }
}
