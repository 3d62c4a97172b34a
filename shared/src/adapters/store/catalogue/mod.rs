//! Access patterns of resources, and the catalog that functions keep in memory.

mod audiences;
mod logo;
mod resources;
mod templates;

use crate::adapters::error::BackendError;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::transaction::{Condition, Transaction};
use crate::adapters::store::{Store, WriteConflict, item, keys};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::resource::Resource;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The resources of a deployment.
#[derive(Clone, Debug, Default)]
pub struct ResourceCatalog {
    /// All resources.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// The ids of deleted resources.
    pub retired_resources: BTreeSet<ResourceId>,
}

/// The catalog as a change of it finds it. The change is committed only if no other one was in between.
#[derive(Clone, Debug)]
pub struct CatalogueState {
    /// The resources.
    pub catalogue: ResourceCatalog,
    /// The number of changes before.
    lock_version: u64,
}

#[derive(Serialize, Deserialize)]
struct CatalogueLock {
    version: u64,
    #[serde(flatten)]
    unknown: UnknownAttributes,
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
    /// The whole catalog, to be changed.
    pub async fn load_catalogue_state(&self) -> Result<CatalogueState, BackendError> {
        // The lock comes first: a change after it makes this one fail.
        let lock: Option<CatalogueLock> =
            self.load_item("reading the lock of the resources", &keys::catalogue_lock()).await?;
        let lock_version = lock.map_or(0, |lock| lock.version);
        Ok(CatalogueState { catalogue: self.load_catalogue().await?, lock_version })
    }

    /// Makes the transaction fail if the catalog was changed since it was read.
    fn while_unchanged(
        &self,
        transaction: Transaction<WriteConflict>,
        state: &CatalogueState,
    ) -> Result<Transaction<WriteConflict>, BackendError> {
        let version = state.lock_version;
        let lock = CatalogueLock { version: version + 1, unknown: UnknownAttributes::default() };
        let condition = if version == 0 { Condition::Absent } else { Condition::Version(version) };
        let item = item::write(&keys::catalogue_lock(), &lock)?;
        transaction.put(&self.tables.directory, item, &condition, WriteConflict::VersionMismatch)
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
                if sk.starts_with(keys::SUSPENDED_PREFIX) {
                    // For version 0.1.0: this one reads the accounts themselves.
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
