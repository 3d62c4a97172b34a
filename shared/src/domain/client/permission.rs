//! Permissions: the resources and scopes that a client may request tokens for.

use crate::domain::account::Entitlements;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::json_members::JsonMembers;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, Validator};
use crate::domain::resource::Resource;
use crate::domain::resource::scope::ScopeSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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

impl FromJson for RequestedPermission {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let members = JsonMembers::of(value, "resource and scopes")?;
        let mut checked = Validator::new();
        checked.extend(members.unknown(&["resource", "scopes"]));
        let resource = checked.required("resource", members.field("resource"));
        let scopes = checked.optional("scopes", members.field("scopes"));
        match resource {
            Some(resource) if checked.is_ok() => Ok(Self { resource, scopes }),
            _ => Err(checked.into_errors()),
        }
    }
}

impl From<&Permission> for RequestedPermission {
    fn from(held: &Permission) -> Self {
        Self { resource: held.resource.clone(), scopes: Some(held.scopes.clone()) }
    }
}

/// Validates requested permissions against the catalogue (`find`) and the account's entitlements, and fills in default
/// and implied scopes.
///
/// Paths in the errors are relative to the list. What an account is not entitled to is reported as what does not exist,
/// so that its administrators do not learn of it.
pub fn resolve<'a>(
    requested: Vec<RequestedPermission>,
    entitlements: &Entitlements,
    find: impl Fn(&ResourceId) -> Option<&'a Resource>,
) -> Result<Vec<Permission>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut permissions = Vec::new();
    let mut held: BTreeMap<(String, String), ResourceId> = BTreeMap::new();
    if requested.len() > MAX_PERMISSIONS {
        errors.push(FieldError::new("", format!("must hold at most {MAX_PERMISSIONS} permissions")));
    }
    for (index, permission) in requested.into_iter().enumerate() {
        let usable = find(&permission.resource)
            .and_then(|resource| Some((resource, entitlements.permitted_scopes(resource)?)));
        let Some((resource, permitted)) = usable else {
            errors.push(FieldError::new(
                format!("{index}/resource"),
                format!("the account may use no resource {}", permission.resource),
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
        let scopes = resource.with_implied(&scopes);
        let not_permitted = scopes.difference(&permitted);
        if !not_permitted.is_empty() {
            errors.push(FieldError::new(
                format!("{index}/scopes"),
                format!("{} does not offer to the account: {not_permitted}", permission.resource),
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
