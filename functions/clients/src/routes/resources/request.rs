//! Resources as they are sent.

use crate::json_body::{self, RequestBody, UnknownFields};
use crate::problem::Problem;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::domain::primitives::display_text::{Description, Name};
use shared::domain::primitives::ids::{ChosenId, ResourceId};
use shared::domain::primitives::link_url::LinkUrl;
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::primitives::validation::{Field, FieldError, FromJson, Validator, invalid, kind_of};
use shared::domain::resource::scope::{Scope, ScopeSet};
use shared::domain::resource::{AccountAccess, Audience, ScopeDefinition, ServiceLabel, TokenSigningAlg};
use shared::services::resources::catalogue::ResourceInput;
use shared::services::resources::{CreateResource, ResourceChange};
use utoipa::ToSchema;

/// A scope of a new or changed resource.
#[derive(Deserialize, ToSchema)]
pub struct ScopeSchema {
    /// The scope token (RFC 6749 §3.3).
    #[serde(default)]
    #[schema(required = true, value_type = String, example = "orders:read")]
    name: Field<Scope>,
    /// What it allows a client to do, for people.
    #[serde(default)]
    #[schema(value_type = String, max_length = 500, example = "Read orders")]
    description: Field<Description>,
    /// Whether an account needs an entitlement that names it; false if absent.
    #[serde(default)]
    #[schema(value_type = bool)]
    restricted: Field<bool>,
    /// Scopes of the same resource that come with it.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["orders:list"]))]
    implies: Field<ScopeSet>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// One element of `scopes`.
pub struct ScopeInput(pub ScopeDefinition);

impl FromJson for ScopeInput {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let Ok(body) = ScopeSchema::deserialize(value) else {
            return invalid(format!("must be an object with name and description, not {}", kind_of(value)));
        };
        let mut checked = Validator::new();
        checked.extend(json_body::unknown_members(&body.unknown));
        let name = checked.required("name", body.name);
        let description = checked.optional("description", body.description).unwrap_or_default();
        let restricted = checked.optional("restricted", body.restricted).unwrap_or_default();
        let implies = checked.optional("implies", body.implies).unwrap_or_default();
        match name {
            Some(name) if checked.is_ok() => {
                let unknown = UnknownAttributes::default();
                Ok(Self(ScopeDefinition { name, description, restricted, implies, unknown }))
            }
            _ => Err(checked.into_errors()),
        }
    }
}

/// A new resource.
#[derive(Deserialize, ToSchema)]
pub struct CreateResourceRequest {
    /// Its id; never changes.
    #[serde(default)]
    #[schema(required = true, value_type = String, pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", example = "backoffice_api")]
    pub resource_id: Field<ChosenId<ResourceId>>,
    /// Its name; the id if absent.
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
    /// Its scopes; at most 100.
    #[serde(default)]
    #[schema(value_type = Vec<ScopeSchema>)]
    pub scopes: Field<Vec<ScopeInput>>,
    /// The scopes of a permission that names none.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["orders:read"]))]
    pub default_scopes: Field<ScopeSet>,
    /// How its tokens are signed: `RS256` (if absent) or `ES256`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(RS256|ES256)$")]
    pub token_signing_alg: Field<TokenSigningAlg>,
    /// Which accounts may use it: `entitled` (if absent) or `all`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(entitled|all)$")]
    pub account_access: Field<AccountAccess>,
    /// Where its documentation is: an https URL, shown to the accounts that may use it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "https://docs.example.com/orders")]
    pub documentation_url: Field<Option<LinkUrl>>,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: UnknownFields,
}

/// A change of a resource. Its id and audience never change.
#[derive(Deserialize, ToSchema)]
pub struct UpdateResourceRequest {
    /// Its name.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    pub resource_name: Field<Name>,
    /// All its scopes. One that is left out is no longer granted.
    #[serde(default)]
    #[schema(value_type = Vec<ScopeSchema>)]
    pub scopes: Field<Vec<ScopeInput>>,
    /// The scopes that a permission gets from now on that names none.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub default_scopes: Field<ScopeSet>,
    /// How its tokens are signed from now on.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(RS256|ES256)$")]
    pub token_signing_alg: Field<TokenSigningAlg>,
    /// Which accounts may use it: `entitled` (if absent) or `all`.
    #[serde(default)]
    #[schema(value_type = String, pattern = "^(entitled|all)$")]
    pub account_access: Field<AccountAccess>,
    /// Where its documentation is: an https URL, shown to the accounts that may use it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "https://docs.example.com/orders")]
    pub documentation_url: Field<Option<LinkUrl>>,
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

fn definitions(scopes: Vec<ScopeInput>) -> Vec<ScopeDefinition> {
    scopes.into_iter().map(|scope| scope.0).collect()
}

impl CreateResourceRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<CreateResource, Problem> {
        let (body, errors) = json_body::read::<Self>(json)?;
        Ok(CreateResource {
            resource_id: body.resource_id,
            resource_name: body.resource_name,
            audience: body.audience,
            service: body.service,
            stage: body.stage,
            scopes: body.scopes.map(definitions),
            default_scopes: body.default_scopes,
            token_signing_alg: body.token_signing_alg,
            account_access: body.account_access,
            documentation_url: body.documentation_url,
            errors,
        })
    }
}

/// A resource of a document of the whole catalogue.
pub struct ResourceDocument;

impl ResourceDocument {
    /// What a read shows, and no request sets.
    const READ_ONLY: [&str; 2] = ["created_at", "updated_at"];
    /// What never changes in one that exists.
    const FIXED: [&str; 4] = ["resource_id", "audience", "service", "stage"];

    /// Parses its members.
    pub fn parse(mut members: Map<String, Value>) -> Result<ResourceInput, Problem> {
        members.retain(|name, _| !Self::READ_ONLY.contains(&name.as_str()));
        let new = CreateResourceRequest::parse(&to_json(&members))?;
        let mut checked = new.errors.clone();
        members.retain(|name, _| !Self::FIXED.contains(&name.as_str()));
        match UpdateResourceRequest::parse(&to_json(&members)) {
            Ok(change) if checked.is_ok() => Ok(ResourceInput { new, change }),
            Ok(_) => Err(Problem::Invalid(checked.into_errors())),
            Err(Problem::Invalid(errors)) => {
                let known: Vec<String> =
                    checked.clone().into_errors().into_iter().map(|error| error.path).collect();
                checked.extend(errors.into_iter().filter(|error| !known.contains(&error.path)));
                Err(Problem::Invalid(checked.into_errors()))
            }
            Err(problem) => Err(problem),
        }
    }
}

fn to_json(members: &Map<String, Value>) -> Vec<u8> {
    Value::Object(members.clone()).to_string().into_bytes()
}

impl UpdateResourceRequest {
    /// Parses the body.
    pub fn parse(json: &[u8]) -> Result<ResourceChange, Problem> {
        let (body, mut checked) = json_body::read::<Self>(json)?;
        let change = ResourceChange {
            resource_name: checked.optional("resource_name", body.resource_name),
            scopes: checked.optional("scopes", body.scopes).map(definitions),
            default_scopes: checked.optional("default_scopes", body.default_scopes),
            token_signing_alg: checked.optional("token_signing_alg", body.token_signing_alg),
            account_access: checked.optional("account_access", body.account_access),
            documentation_url: checked.patch("documentation_url", body.documentation_url),
        };
        if checked.is_ok() { Ok(change) } else { Err(Problem::Invalid(checked.into_errors())) }
    }
}
