//! Access patterns of resources, and the catalog that functions keep in memory.

use super::{AuditRecord, Cursor, Page, Store, WriteConflict, WriteOutcome, item, keys};
use crate::adapters::error::BackendError;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::Condition;
use crate::domain::primitives::ids::{AccountId, ResourceId};
use crate::domain::resource::Resource;
use std::collections::{BTreeMap, BTreeSet};

/// The resources and the disabled accounts of a deployment.
#[derive(Clone, Debug, Default)]
pub struct ResourceCatalog {
    /// All resources.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// The ids of deleted resources.
    pub retired_resources: BTreeSet<ResourceId>,
    /// The disabled accounts.
    pub disabled_accounts: BTreeSet<AccountId>,
}

const BATCH: i32 = 1_000;

impl ResourceCatalog {
    /// Whether the catalog is recent enough to have this resource, present or deleted.
    #[must_use]
    pub fn knows(&self, id: &ResourceId) -> bool {
        self.resources.contains_key(id) || self.retired_resources.contains(id)
    }
}

impl Store {
    /// Creates a resource, unless its id is or was taken.
    pub async fn create_resource(
        &self,
        resource: &Resource,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (id, directory) = (&resource.resource_id, &self.tables.directory);
        let item = item::write(&keys::resource(id), resource)?;
        let transaction = self
            .change("creating a resource", record)?
            .put(directory, item, &Condition::Absent, WriteConflict::AlreadyExists)?
            .check(directory, &keys::retired_resource(id), &Condition::Absent, WriteConflict::IdRetired)?;
        self.finish(transaction).await
    }

    /// Replaces a resource if it is as it was read.
    pub async fn update_resource(
        &self,
        resource: &Resource,
        expected_version: u64,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let item = item::write(&keys::resource(&resource.resource_id), resource)?;
        let transaction = self.change("changing a resource", record)?.put(
            &self.tables.directory,
            item,
            &Condition::Version(expected_version),
            WriteConflict::VersionMismatch,
        )?;
        self.finish(transaction).await
    }

    /// Deletes a resource if it is as it was read. Its id is never used again, so that permissions which clients hold
    /// for it never apply to another resource.
    pub async fn delete_resource(
        &self,
        resource: &Resource,
        record: &AuditRecord<'_>,
    ) -> Result<WriteOutcome, BackendError> {
        let (id, directory) = (&resource.resource_id, &self.tables.directory);
        let transaction = self
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
        self.finish(transaction).await
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

    /// The whole catalog. Consistent.
    pub async fn load_catalogue(&self) -> Result<ResourceCatalog, BackendError> {
        let listing = self.catalogue_listing("");
        let mut catalogue = ResourceCatalog::default();
        let mut after = None;
        loop {
            let batch = self.read_batch(&listing, BATCH, after).await?;
            for found in batch.items {
                let sk = item::string(&found, "sk");
                if let Some(account) = sk.strip_prefix(keys::SUSPENDED_PREFIX) {
                    catalogue.disabled_accounts.extend(AccountId::parse(account).ok());
                } else if let Some(resource) = sk.strip_prefix(keys::RETIRED_PREFIX) {
                    catalogue.retired_resources.extend(ResourceId::parse(resource).ok());
                } else {
                    let resource: Resource = item::read(listing.operation, found)?;
                    catalogue.resources.insert(resource.resource_id.clone(), resource);
                }
            }
            after = batch.next;
            if after.is_none() {
                return Ok(catalogue);
            }
        }
    }

    fn catalogue_listing(&self, prefix: &'static str) -> QuerySpec<'_> {
        QuerySpec {
            operation: "reading the resources",
            table: &self.tables.directory,
            index: None,
            partition: keys::CATALOGUE.to_owned(),
            prefix,
            newest_first: false,
        }
    }
}
