//! Which resource has an audience.

use crate::adapters::error::{BackendError, ok_or_expected};
use crate::adapters::store::{Store, item, keys};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::{Audience, Resource};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use serde::{Deserialize, Serialize};

/// The resource that an audience is recorded for.
#[derive(Serialize, Deserialize)]
struct AudienceRecord {
    resource_id: ResourceId,
    #[serde(flatten)]
    unknown: UnknownAttributes,
}

/// The item that records a resource's audience.
pub(super) fn audience_item(resource: &Resource) -> Result<item::Item, BackendError> {
    let resource_id = resource.resource_id.clone();
    let record = AudienceRecord { resource_id, unknown: UnknownAttributes::default() };
    item::write(&keys::audience(&resource.audience), &record)
}

impl Store {
    /// The resource that an audience is recorded for. Consistent. It may have been deleted by version 0.1.0, which does
    /// not delete the record.
    pub async fn load_audience_owner(&self, audience: &Audience) -> Result<Option<ResourceId>, BackendError> {
        let record: Option<AudienceRecord> =
            self.load_item("reading who has an audience", &keys::audience(audience)).await?;
        Ok(record.map(|record| record.resource_id))
    }

    /// Records the audience of a resource that was stored without; whether it is recorded now. It is not if another
    /// resource has the same one.
    pub async fn record_audience(&self, resource: &Resource) -> Result<bool, BackendError> {
        const OP: &str = "recording an audience";
        let sent = self
            .dynamodb
            .put_item()
            .table_name(&self.tables.directory)
            .set_item(Some(audience_item(resource)?))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        let put = ok_or_expected(OP, sent, PutItemError::is_conditional_check_failed_exception)?;
        Ok(put.is_some())
    }
}
