//! The APIs that an account may give its clients, by service and stage.

use shared::domain::account::Entitlements;
use shared::domain::management;
use shared::domain::primitives::ids::ResourceId;
use shared::domain::resource::Resource;
use shared::domain::resource::scope::ScopeSet;
use std::collections::BTreeMap;

/// An API, with the scopes that the account may use.
pub struct OfferedApi<'a> {
    /// The API.
    pub resource: &'a Resource,
    /// Those of its scopes that the account may use.
    pub permitted: ScopeSet,
    /// Whether those that are restricted are marked.
    pub marks_restricted: bool,
}

/// Stages of a service, and the APIs of each. A client holds one of them at most.
pub type Stages<'a> = BTreeMap<&'a str, Vec<OfferedApi<'a>>>;

/// The APIs that an account may use.
pub struct OfferedApis<'a> {
    /// All APIs, those that the account may not use too.
    pub catalogue: &'a BTreeMap<ResourceId, Resource>,
    /// Those that it may use, without the management API.
    pub services: BTreeMap<&'a str, Stages<'a>>,
}

impl<'a> OfferedApis<'a> {
    /// Those of these APIs that an account with these entitlements may use.
    pub fn new(catalogue: &'a BTreeMap<ResourceId, Resource>, entitlements: &Entitlements) -> Self {
        Self::where_permitted(catalogue, false, |resource| entitlements.permitted_scopes(resource))
    }

    /// All of these APIs, as the operator sees them.
    pub fn all(catalogue: &'a BTreeMap<ResourceId, Resource>) -> Self {
        Self::where_permitted(catalogue, true, |resource| Some(resource.scope_names()))
    }

    fn where_permitted(
        catalogue: &'a BTreeMap<ResourceId, Resource>,
        marks_restricted: bool,
        permitted: impl Fn(&Resource) -> Option<ScopeSet>,
    ) -> Self {
        let mut services: BTreeMap<&str, Stages<'a>> = BTreeMap::new();
        for resource in
            catalogue.values().filter(|known| known.resource_id.as_str() != management::RESOURCE_ID)
        {
            if let Some(permitted) = permitted(resource) {
                let stages = services.entry(resource.service.as_str()).or_default();
                let apis = stages.entry(resource.stage.as_str()).or_default();
                apis.push(OfferedApi { resource, permitted, marks_restricted });
            }
        }
        Self { catalogue, services }
    }

    /// The management API.
    pub fn management(&self) -> Option<&'a Resource> {
        self.catalogue.values().find(|resource| resource.resource_id.as_str() == management::RESOURCE_ID)
    }

    /// An API that the account may use, and the others of its service and stage.
    pub fn find(&self, id: &ResourceId) -> Option<(&OfferedApi<'a>, &[OfferedApi<'a>])> {
        let resource = self.catalogue.get(id)?;
        let apis = self.services.get(resource.service.as_str())?.get(resource.stage.as_str())?;
        let found = apis.iter().find(|api| api.resource.resource_id == *id)?;
        Some((found, apis))
    }

    /// The scopes of an API that the account may use; of the management API, all.
    pub fn permitted(&self, id: &ResourceId) -> Option<ScopeSet> {
        if id.as_str() == management::RESOURCE_ID {
            return self.management().map(Resource::scope_names);
        }
        self.find(id).map(|(api, _)| api.permitted.clone())
    }
}

/// Name of the radio buttons that choose among several APIs of a service and stage.
pub fn choice_field(resource: &Resource) -> String {
    format!("resource:{}/{}", resource.service.as_str(), resource.stage.as_str())
}
