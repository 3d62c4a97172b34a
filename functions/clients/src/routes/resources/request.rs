//! Resources on the wire.

use crate::json_body::{RequestBody, UnknownFields};
use crate::problem::Problem;
use crate::request_context::RequestContext;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::domain::primitives::display_text::{Description, Name};
use shared::domain::primitives::ids::ResourceId;
use shared::domain::primitives::validation::{Field, FieldError, FromJson, Validator, kind_of, wrong};
use shared::domain::resource::scope::{Scope, ScopeSet};
use shared::domain::resource::{
    Audience, Resource, ScopeDefinition, ServiceLabel, TokenSigningAlg, validate,
};
use utoipa::ToSchema;

/// A scope to be offered.
#[derive(Deserialize, ToSchema)]
pub struct ScopeSchema {
    /// The scope token (RFC 6749 §3.3).
    #[serde(default)]
    #[schema(required = true, value_type = String, example = "orders:read")]
    name: Field<Scope>,
    /// What it lets a client do, in a person's words.
    #[serde(default)]
    #[schema(value_type = String, max_length = 500, example = "Read orders")]
    description: Field<Description>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// One element of `scopes`.
pub struct ScopeInput(pub ScopeDefinition);

impl FromJson for ScopeInput {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Ok(body) = ScopeSchema::deserialize(value) else {
            return wrong(format!("must be an object with name and description, not {}", kind_of(value)));
        };
        let mut checked = Validator::new();
        checked.extend(crate::json_body::unknown_members(&body.unknown));
        let name = checked.required("name", body.name);
        let description = checked.optional("description", body.description).unwrap_or_default();
        match name {
            Some(name) if checked.is_ok() => Ok(Self(ScopeDefinition { name, description })),
            _ => Err(checked.into_errors()),
        }
    }
}

/// A resource to be made.
#[derive(Deserialize, ToSchema)]
pub struct CreateResourceRequest {
    /// Its id; never changes.
    #[serde(default)]
    #[schema(required = true, value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "backoffice_api")]
    pub resource_id: Field<ResourceId>,
    /// For people; the id if absent.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Back office")]
    pub resource_name: Field<Name>,
    /// `aud` of its tokens; may hold `{account_id}`; the id if absent; never changes.
    #[serde(default)]
    #[schema(value_type = String, max_length = 200, example = "https://api.example.com")]
    pub audience: Field<Audience>,
    /// The service it belongs to; the id if absent.
    #[serde(default)]
    #[schema(value_type = String, example = "backoffice")]
    pub service: Field<ServiceLabel>,
    /// Where it runs; `production` if absent.
    #[serde(default)]
    #[schema(value_type = String, example = "production")]
    pub stage: Field<ServiceLabel>,
    /// What it offers; at most 100.
    #[serde(default)]
    #[schema(value_type = Vec<ScopeSchema>)]
    pub scopes: Field<Vec<ScopeInput>>,
    /// What a permission without scopes gets.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["orders:read"]))]
    pub default_scopes: Field<ScopeSet>,
    /// How its tokens are signed: `RS256` (if absent) or `ES256`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(RS256|ES256)$")]
    pub token_signing_alg: Field<TokenSigningAlg>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// Reads a resource to be made, with every complaint at once.
pub fn read_new(ctx: &RequestContext) -> Result<Resource, Problem> {
    let (body, mut checked) = crate::json_body::read::<CreateResourceRequest>(ctx.json()?)?;
    let id = checked.required("resource_id", body.resource_id);
    let name = checked.optional("resource_name", body.resource_name);
    let audience = checked.optional("audience", body.audience);
    let service = checked.optional("service", body.service);
    let stage = checked.optional("stage", body.stage);
    let scopes = checked.optional("scopes", body.scopes).unwrap_or_default();
    let default_scopes = checked.optional("default_scopes", body.default_scopes).unwrap_or_default();
    let token_signing_alg = checked.optional("token_signing_alg", body.token_signing_alg).unwrap_or_default();
    let scopes: Vec<ScopeDefinition> = scopes.into_iter().map(|scope| scope.0).collect();
    checked.extend(validate(&scopes, &default_scopes));
    let (Some(id), true) = (id, checked.is_ok()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let from_id = |error: &dyn std::fmt::Display| Problem::field("resource_id", error.to_string());
    Ok(Resource {
        resource_name: name.map_or_else(|| Name::parse(id.as_str()), Ok).map_err(|error| from_id(&error))?,
        audience: audience
            .map_or_else(|| Audience::parse(id.as_str()), Ok)
            .map_err(|error| from_id(&error))?,
        service: service
            .map_or_else(|| ServiceLabel::parse(id.as_str()), Ok)
            .map_err(|error| from_id(&error))?,
        stage: stage
            .map_or_else(|| ServiceLabel::parse("production"), Ok)
            .map_err(|error| from_id(&error))?,
        resource_id: id,
        scopes,
        default_scopes,
        token_signing_alg,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    })
}

/// What is to change about a resource. Its id and its audience never do.
#[derive(Deserialize, ToSchema)]
pub struct UpdateResourceRequest {
    /// For people.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub resource_name: Field<Name>,
    /// What it offers. A scope that is left out is granted to nobody any more.
    #[serde(default)]
    #[schema(value_type = Vec<ScopeSchema>)]
    pub scopes: Field<Vec<ScopeInput>>,
    /// What a permission without scopes gets from now on.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub default_scopes: Field<ScopeSet>,
    /// How its tokens are signed from now on.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(RS256|ES256)$")]
    pub token_signing_alg: Field<TokenSigningAlg>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

impl RequestBody for CreateResourceRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

impl RequestBody for UpdateResourceRequest {
    fn unknown(&self) -> &UnknownFields {
        &self.unknown
    }
}

/// A scope that is offered.
#[derive(Serialize, ToSchema)]
pub struct ScopeResponse {
    #[schema(value_type = String)]
    name: Scope,
    #[schema(value_type = String)]
    description: Description,
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
            scopes: scopes
                .map(|scope| ScopeResponse { name: scope.name, description: scope.description })
                .collect(),
            default_scopes: resource.default_scopes,
            token_signing_alg: resource.token_signing_alg,
            created_at: resource.created_at,
            updated_at: resource.updated_at,
        }
    }
}
