//! Permissions: the resources and scopes that a client may request tokens for.

use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::FieldError;
use crate::domain::resource::Resource;
use crate::domain::resource::scope::ScopeSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most permissions of one client.
pub const MAX_PERMISSIONS: usize = 20;

/// A resource and some of its scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// The resource.
    pub resource: ResourceId,
    /// Its scopes that the client may request.
    pub scopes: ScopeSet,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// A permission as requested through the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedPermission {
    /// The resource.
    pub resource: ResourceId,
    /// `None` for the resource's `default_scopes`.
    pub scopes: Option<ScopeSet>,
}

/// Validates requested permissions against the catalogue (`find`), and fills in the default scopes.
///
/// Paths in the errors are relative to the list.
pub fn resolve<'a>(
    requested: Vec<RequestedPermission>,
    find: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<Vec<Permission>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut permissions = Vec::new();
    let mut held: BTreeMap<(String, String), ResourceId> = BTreeMap::new();
    if requested.len() > MAX_PERMISSIONS {
        errors.push(FieldError::new("", format!("must hold at most {MAX_PERMISSIONS} permissions")));
    }
    for (index, permission) in requested.into_iter().enumerate() {
        let Some(resource) = find(&permission.resource) else {
            errors.push(FieldError::new(
                format!("{index}/resource"),
                format!("no resource {} exists", permission.resource),
            ));
            continue;
        };
        let service_and_stage = (resource.service.as_str().to_owned(), resource.stage.as_str().to_owned());
        if let Some(other) = held.insert(service_and_stage, permission.resource.clone()) {
            errors.push(FieldError::new(
                format!("{index}/resource"),
                format!(
                    "a client holds one resource per service and stage; {other} is already the one for {} in {}",
                    resource.service.as_str(),
                    resource.stage.as_str()
                ),
            ));
        }
        let scopes = permission.scopes.unwrap_or_else(|| resource.default_scopes.clone());
        let unknown = scopes.difference(&resource.scope_names());
        if !unknown.is_empty() {
            errors.push(FieldError::new(
                format!("{index}/scopes"),
                format!("{} does not offer: {unknown}", permission.resource),
            ));
        }
        permissions.push(Permission {
            resource: permission.resource,
            scopes,
            unknown: UnknownAttributes::default(),
        });
    }
    if errors.is_empty() { Ok(permissions) } else { Err(errors) }
}
