//! Access patterns of single resources, and of pages of them.

use crate::adapters::error::BackendError;
use crate::adapters::store::catalogue::CatalogueState;
use crate::adapters::store::catalogue::audiences::audience_item;
use crate::adapters::store::transaction::Condition;
use crate::adapters::store::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome, item, keys};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::resource::Resource;

impl Store {
    /// Creates a resource, unless its id is or was taken. Its audience is recorded for it; `former_owner` is the
    /// resource for which it is recorded now, and which does not exist any more.
    pub async fn create_resource(
        &self,
        resource: &Resource,
        state: &CatalogueState,
        former_owner: Option<&ResourceId>,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (id, directory) = (&resource.resource_id, &self.tables.directory);
        let item = item::write(&keys::resource(id), resource)?;
        let is_free = former_owner.map_or(Condition::Absent, Condition::AudienceOf);
        let transaction = self
            .change("creating a resource", record)?
            .put(directory, item, &Condition::Absent, WriteConflict::AlreadyExists)?
            .check(directory, &keys::retired_resource(id), &Condition::Absent, WriteConflict::IdRetired)?
            .put(directory, audience_item(resource)?, &is_free, WriteConflict::VersionMismatch)?;
        self.finish(self.while_unchanged(transaction, state)?).await
    }

    /// Replaces a resource if it and the catalog are as they were read.
    pub async fn update_resource(
        &self,
        resource: &Resource,
        expected_version: u64,
        state: &CatalogueState,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let item = item::write(&keys::resource(&resource.resource_id), resource)?;
        let transaction = self.change("changing a resource", record)?.put(
            &self.tables.directory,
            item,
            &Condition::Version(expected_version),
            WriteConflict::VersionMismatch,
        )?;
        self.finish(self.while_unchanged(transaction, state)?).await
    }

    /// Deletes a resource, and the record of its audience if that is its own, if it and the catalog are as they were
    /// read. Its id is never used again, so that permissions which clients hold for it never apply to another resource.
    pub async fn delete_resource(
        &self,
        resource: &Resource,
        state: &CatalogueState,
        owns_audience: bool,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (id, directory) = (&resource.resource_id, &self.tables.directory);
        let mut transaction = self
            .change("deleting a resource", record)?
            .delete(
                directory,
                &keys::resource(id),
                &Condition::Version(resource.version),
                WriteConflict::VersionMismatch,
            )?
            .put(
                directory,
                item::key(&keys::retired_resource(id)),
                &Condition::Always,
                WriteConflict::VersionMismatch,
            )?;
        if owns_audience {
            let (at, own) = (keys::audience(&resource.audience), Condition::AudienceOf(id));
            transaction = transaction.delete(directory, &at, &own, WriteConflict::VersionMismatch)?;
        }
        self.finish(self.while_unchanged(transaction, state)?).await
    }

    /// One resource. Consistent.
    pub async fn load_resource(&self, id: &ResourceId) -> Result<Option<Resource>, BackendError> {
        self.load_item("reading a resource", &keys::resource(id)).await
    }

    /// All resources in the order of their ids. Consistent.
    pub async fn list_resources(
        &self,
        limit: i32,
        after: Option<&Cursor>,
    ) -> Result<Page<Resource>, BackendError> {
        self.read_page(&self.catalogue_listing(keys::RESOURCE_PREFIX), limit, after).await
    }
}
