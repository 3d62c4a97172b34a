//! Rules between a resource and all others.

use crate::adapters::store::ResourceCatalog;
use crate::domain::management;
use crate::domain::primitives::validation::FieldError;
use crate::domain::resource::{Audience, MAX_CATALOGUE_BYTES, MAX_RESOURCE_BYTES, MAX_RESOURCES, Resource};
use crate::services::resources::ResourceError;

/// The size of the item of a deleted resource, in bytes.
const RETIRED_BYTES: usize = 160;

/// Fails if a new resource has the audience of another one or of the management API, or if there is no room for it.
pub(super) fn validate_new(
    resource: &Resource,
    catalogue: &ResourceCatalog,
    issuer: &str,
) -> Result<(), ResourceError> {
    validate_audience(&resource.audience, catalogue, issuer)?;
    if catalogue.resources.len() >= MAX_RESOURCES {
        return Err(ResourceError::TooManyResources);
    }
    validate_size(resource, None, catalogue)
}

fn validate_audience(
    audience: &Audience,
    catalogue: &ResourceCatalog,
    issuer: &str,
) -> Result<(), ResourceError> {
    let invalid = |detail: String| Err(ResourceError::Invalid(vec![FieldError::new("audience", detail)]));
    let own = management::resource(issuer).audience;
    if audience.normalized() == own.normalized() {
        return invalid("is the management API's own".to_owned());
    }
    if audience.overlaps(&own) {
        return invalid(format!("can become {own}, which is the management API's own, for some account_id"));
    }
    let others = || catalogue.resources.values();
    if others().any(|other| other.audience.normalized() == audience.normalized()) {
        return Err(ResourceError::AudienceTaken);
    }
    match others().find(|other| other.audience.overlaps(audience)) {
        Some(Resource { resource_id, audience: other, .. }) => {
            invalid(format!("for some account_id it is the same as {other}, the audience of {resource_id}"))
        }
        None => Ok(()),
    }
}

/// Fails if a resource, or all of them together, are too large. One that was stored before there were limits can be
/// changed if it does not grow.
pub(super) fn validate_size(
    resource: &Resource,
    before: Option<&Resource>,
    catalogue: &ResourceCatalog,
) -> Result<(), ResourceError> {
    let (bytes, bytes_before) = (resource.bytes(), before.map_or(0, Resource::bytes));
    if bytes <= bytes_before {
        return Ok(());
    }
    if bytes > MAX_RESOURCE_BYTES {
        let detail = format!(
            "name, scopes and their descriptions take {bytes} bytes; {MAX_RESOURCE_BYTES} are allowed"
        );
        return Err(ResourceError::Invalid(vec![FieldError::new("", detail)]));
    }
    let stored: usize = catalogue.resources.values().map(Resource::bytes).sum();
    let retired = catalogue.retired_resources.len() * RETIRED_BYTES;
    if stored + retired + bytes - bytes_before > MAX_CATALOGUE_BYTES {
        return Err(ResourceError::CatalogueTooLarge);
    }
    Ok(())
}
