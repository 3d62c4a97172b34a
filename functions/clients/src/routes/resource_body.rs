//! Resources on the wire.

use crate::body::{Body, Unknown};
use crate::call::Call;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::domain::ids::ResourceId;
use shared::domain::resource::{
    Audience, Label, Resource, ScopeDefinition, TokenSigningAlg, inconsistencies,
};
use shared::domain::scope::{Scope, ScopeSet};
use shared::domain::text::{Description, Name};
use shared::domain::validation::{Checked, FieldError, FromJson, Input, kind_of, wrong};
use utoipa::ToSchema;

/// A scope to be offered.
#[derive(Deserialize, ToSchema)]
pub struct ScopeBody {
    /// The scope token (RFC 6749 §3.3).
    #[serde(default)]
    #[schema(required = true, value_type = String, example = "orders:read")]
    name: Input<Scope>,
    /// What it lets a client do, in a person's words.
    #[serde(default)]
    #[schema(value_type = String, max_length = 500, example = "Read orders")]
    description: Input<Description>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// One element of `scopes`.
pub struct OfferedScope(pub ScopeDefinition);

impl FromJson for OfferedScope {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Ok(body) = ScopeBody::deserialize(value) else {
            return wrong(format!("must be an object with name and description, not {}", kind_of(value)));
        };
        let mut checked = Checked::new();
        checked.extend(crate::body::unknown_members(&body.unknown));
        let name = checked.required("name", body.name);
        let description = checked.optional("description", body.description).unwrap_or_default();
        match name {
            Some(name) if checked.is_clean() => Ok(Self(ScopeDefinition { name, description })),
            _ => Err(checked.into_errors()),
        }
    }
}

/// A resource to be made.
#[derive(Deserialize, ToSchema)]
pub struct CreateResource {
    /// Its id; never changes.
    #[serde(default)]
    #[schema(required = true, value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "backoffice_api")]
    pub resource_id: Input<ResourceId>,
    /// For people; the id if absent.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100, example = "Back office")]
    pub resource_name: Input<Name>,
    /// `aud` of its tokens; may hold `{account_id}`; the id if absent; never changes.
    #[serde(default)]
    #[schema(value_type = String, max_length = 200, example = "https://api.example.com")]
    pub audience: Input<Audience>,
    /// The service it belongs to; the id if absent.
    #[serde(default)]
    #[schema(value_type = String, example = "backoffice")]
    pub service: Input<Label>,
    /// Where it runs; `production` if absent.
    #[serde(default)]
    #[schema(value_type = String, example = "production")]
    pub stage: Input<Label>,
    /// What it offers; at most 100.
    #[serde(default)]
    #[schema(value_type = Vec<ScopeBody>)]
    pub scopes: Input<Vec<OfferedScope>>,
    /// What a permission without scopes gets.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["orders:read"]))]
    pub default_scopes: Input<ScopeSet>,
    /// How its tokens are signed: `RS256` (if absent) or `ES256`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(RS256|ES256)$")]
    pub token_signing_alg: Input<TokenSigningAlg>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Reads a resource to be made, with every complaint at once.
pub fn read_new(call: &Call) -> Result<Resource, Problem> {
    let (body, mut checked) = crate::body::read::<CreateResource>(call.json()?)?;
    let id = checked.required("resource_id", body.resource_id);
    let name = checked.optional("resource_name", body.resource_name);
    let audience = checked.optional("audience", body.audience);
    let service = checked.optional("service", body.service);
    let stage = checked.optional("stage", body.stage);
    let scopes = checked.optional("scopes", body.scopes).unwrap_or_default();
    let default_scopes = checked.optional("default_scopes", body.default_scopes).unwrap_or_default();
    let token_signing_alg = checked.optional("token_signing_alg", body.token_signing_alg).unwrap_or_default();
    let scopes: Vec<ScopeDefinition> = scopes.into_iter().map(|scope| scope.0).collect();
    checked.extend(inconsistencies(&scopes, &default_scopes));
    let (Some(id), true) = (id, checked.is_clean()) else {
        return Err(Problem::Invalid(checked.into_errors()));
    };
    let from_id = |error: &dyn std::fmt::Display| Problem::field("resource_id", error.to_string());
    Ok(Resource {
        resource_name: name.map_or_else(|| Name::parse(id.as_str()), Ok).map_err(|error| from_id(&error))?,
        audience: audience
            .map_or_else(|| Audience::parse(id.as_str()), Ok)
            .map_err(|error| from_id(&error))?,
        service: service.map_or_else(|| Label::parse(id.as_str()), Ok).map_err(|error| from_id(&error))?,
        stage: stage.map_or_else(|| Label::parse("production"), Ok).map_err(|error| from_id(&error))?,
        resource_id: id,
        scopes,
        default_scopes,
        token_signing_alg,
        created_at: call.now,
        updated_at: call.now,
        version: 1,
    })
}

/// What is to change about a resource. Its id and its audience never do.
#[derive(Deserialize, ToSchema)]
pub struct UpdateResource {
    /// For people.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub resource_name: Input<Name>,
    /// What it offers. A scope that is left out is granted to nobody any more.
    #[serde(default)]
    #[schema(value_type = Vec<ScopeBody>)]
    pub scopes: Input<Vec<OfferedScope>>,
    /// What a permission without scopes gets from now on.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub default_scopes: Input<ScopeSet>,
    /// How its tokens are signed from now on.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(RS256|ES256)$")]
    pub token_signing_alg: Input<TokenSigningAlg>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl Body for CreateResource {
    fn unknown(&self) -> &Unknown {
        &self.unknown
    }
}

impl Body for UpdateResource {
    fn unknown(&self) -> &Unknown {
        &self.unknown
    }
}

/// A scope that is offered.
#[derive(Serialize, ToSchema)]
pub struct ScopeView {
    #[schema(value_type = String)]
    name: Scope,
    #[schema(value_type = String)]
    description: Description,
}

/// An API that tokens are for.
#[derive(Serialize, ToSchema)]
pub struct ResourceView {
    #[schema(value_type = String)]
    resource_id: ResourceId,
    #[schema(value_type = String)]
    resource_name: Name,
    #[schema(value_type = String)]
    audience: Audience,
    #[schema(value_type = String)]
    service: Label,
    #[schema(value_type = String)]
    stage: Label,
    scopes: Vec<ScopeView>,
    #[schema(value_type = Vec<String>)]
    default_scopes: ScopeSet,
    #[schema(value_type = String)]
    token_signing_alg: TokenSigningAlg,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: jiff::Timestamp,
}

impl From<Resource> for ResourceView {
    fn from(resource: Resource) -> Self {
        let scopes = resource.scopes.into_iter();
        Self {
            resource_id: resource.resource_id,
            resource_name: resource.resource_name,
            audience: resource.audience,
            service: resource.service,
            stage: resource.stage,
            scopes: scopes
                .map(|scope| ScopeView { name: scope.name, description: scope.description })
                .collect(),
            default_scopes: resource.default_scopes,
            token_signing_alg: resource.token_signing_alg,
            created_at: resource.created_at,
            updated_at: resource.updated_at,
        }
    }
}
