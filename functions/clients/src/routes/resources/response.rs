//! Resources in responses.

use serde::Serialize;
use shared::domain::primitives::display_text::{Description, Name};
use shared::domain::primitives::ids::ResourceId;
use shared::domain::primitives::link_url::LinkUrl;
use shared::domain::resource::scope::{Scope, ScopeSet};
use shared::domain::resource::{
    AccountAccess, Audience, Resource, ScopeDefinition, ServiceLabel, TokenSigningAlg,
};
use utoipa::ToSchema;

/// A scope of a resource.
#[derive(Serialize, ToSchema)]
pub struct ScopeResponse {
    #[schema(value_type = String)]
    name: Scope,
    #[schema(value_type = String)]
    description: Description,
    /// Whether an account needs an entitlement that names it.
    restricted: bool,
    /// Scopes that come with it.
    #[schema(value_type = Vec<String>)]
    implies: ScopeSet,
}

impl From<ScopeDefinition> for ScopeResponse {
    fn from(scope: ScopeDefinition) -> Self {
        let ScopeDefinition { name, description, restricted, implies, unknown: _ } = scope;
        Self { name, description, restricted, implies }
    }
}

/// An API that tokens are for.
#[derive(Serialize, ToSchema)]
pub struct ResourceResponse {
    #[schema(value_type = String)]
    resource_id: ResourceId,
    #[schema(value_type = String)]
    resource_name: Name,
    #[schema(value_type = String)]
    audience: Audience,
    #[schema(value_type = String)]
    service: ServiceLabel,
    #[schema(value_type = String)]
    stage: ServiceLabel,
    scopes: Vec<ScopeResponse>,
    #[schema(value_type = Vec<String>)]
    default_scopes: ScopeSet,
    #[schema(value_type = String)]
    token_signing_alg: TokenSigningAlg,
    #[schema(value_type = String, pattern = "^(entitled|all)$")]
    account_access: AccountAccess,
    #[schema(value_type = Option<String>)]
    documentation_url: Option<LinkUrl>,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

impl From<Resource> for ResourceResponse {
    fn from(resource: Resource) -> Self {
        let scopes = resource.scopes.into_iter();
        Self {
            resource_id: resource.resource_id,
            resource_name: resource.resource_name,
            audience: resource.audience,
            service: resource.service,
            stage: resource.stage,
            scopes: scopes.map(ScopeResponse::from).collect(),
            default_scopes: resource.default_scopes,
            token_signing_alg: resource.token_signing_alg,
            account_access: resource.account_access,
            documentation_url: resource.documentation_url,
            created_at: resource.created_at,
            updated_at: resource.updated_at,
        }
    }
}
