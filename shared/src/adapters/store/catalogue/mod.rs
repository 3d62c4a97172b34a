//! Access patterns of resources, and the catalog that functions keep in memory.

mod resources;

use crate::adapters::error::BackendError;
use crate::adapters::store::query::QuerySpec;
use crate::adapters::store::{Store, item, keys};
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
