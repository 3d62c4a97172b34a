//! The deployment that the tables belong to.

use crate::adapters::error::BackendError;
use crate::adapters::store::{Store, item, keys};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;

impl Store {
    /// Records that the directory belongs to this stage, unless it belongs to one, and returns the stage that it belongs
    /// to. Of several calls at once, all return the same.
    pub async fn claim_stage(&self, stage: &str) -> Result<String, BackendError> {
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.directory)
            .set_item(Some(item::key(&keys::deployment_stage())))
            .item("stage", item::text(stage))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(stage.to_owned()) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                let found = failed.item().map(|found| item::string(found, "stage").to_owned());
                found.ok_or_else(|| BackendError::aws("recording the stage", &error))
            }
            _ => Err(BackendError::aws("recording the stage", &error)),
        }
    }
}
