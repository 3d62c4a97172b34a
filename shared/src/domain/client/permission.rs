//! Permissions: what a client may ask tokens for.

use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::validation::FieldError;
use crate::domain::resource::Resource;
use crate::domain::resource::scope::ScopeSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most resources one client may hold.
pub const MAX_PERMISSIONS: usize = 20;

/// A resource and some of its scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// The resource.
    pub resource: ResourceId,
    /// The scopes of it that the client may ask for.
    pub scopes: ScopeSet,
}

/// A permission as it was asked for: no scopes means the resource's `default_scopes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedPermission {
    /// The resource.
    pub resource: ResourceId,
    /// `None` for the resource's defaults.
    pub scopes: Option<ScopeSet>,
}

/// Checks what was asked for against the catalogue (`find`), and fills in the defaults.
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
    for (index, wanted) in requested.into_iter().enumerate() {
        let Some(resource) = find(&wanted.resource) else {
            errors.push(FieldError::new(
                format!("{index}/resource"),
                format!("no resource {} exists", wanted.resource),
            ));
            continue;
        };
        let place = (resource.service.as_str().to_owned(), resource.stage.as_str().to_owned());
        if let Some(other) = held.insert(place, wanted.resource.clone()) {
            errors.push(FieldError::new(
                format!("{index}/resource"),
                format!(
                    "a client holds one resource per service and stage; {other} is already the one for {} in {}",
                    resource.service.as_str(),
                    resource.stage.as_str()
                ),
            ));
        }
        let scopes = wanted.scopes.unwrap_or_else(|| resource.default_scopes.clone());
        let unknown = scopes.difference(&resource.scope_names());
        if !unknown.is_empty() {
            errors.push(FieldError::new(
                format!("{index}/scopes"),
                format!("{} does not offer: {unknown}", wanted.resource),
            ));
        }
        permissions.push(Permission { resource: wanted.resource, scopes });
    }
    if errors.is_empty() { Ok(permissions) } else { Err(errors) }
}
