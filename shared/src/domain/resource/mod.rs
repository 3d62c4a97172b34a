//! Resources: the APIs that tokens are for (RFC 8707), and their scopes.

pub mod audience;
pub mod scope;
mod validation;

pub use audience::{Audience, InvalidAudience};
pub use validation::{MAX_CATALOGUE_BYTES, MAX_RESOURCE_BYTES, MAX_RESOURCES, MAX_SCOPES, validate};

use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::ids::{InvalidId, ResourceId};
use crate::domain::primitives::link_url::LinkUrl;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, from_name, from_string, invalid};
use crate::domain::resource::scope::{Scope, ScopeSet};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ops::Not;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A scope, with the description that the consent page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeDefinition {
    /// The scope token.
    pub name: Scope,
    /// What it permits, in words for people.
    #[serde(default, skip_serializing_if = "Description::is_empty")]
    pub description: Description,
    /// Whether an account needs an entitlement that names it.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub restricted: bool,
    /// Other scopes of the resource that come with this one.
    #[serde(default, skip_serializing_if = "ScopeSet::is_empty")]
    pub implies: ScopeSet,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// Which accounts may use a resource.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AccountAccess {
    /// Those that are entitled to it.
    Entitled,
    /// Every account; restricted scopes only those that are entitled to them.
    All,
}

impl AccountAccess {
    /// Access to a resource that was stored before there were entitlements.
    const fn of_older_items() -> Self {
        Self::All
    }
}

impl FromJson for AccountAccess {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_name(value)
    }
}

/// How access tokens for a resource are signed, as its verifier needs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr,
)]
pub enum TokenSigningAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256, which API Gateway's JWT authorizers require.
    #[default]
    RS256,
    /// ECDSA on P-256 with SHA-256: smaller, and an order of magnitude faster to sign.
    ES256,
}

impl TokenSigningAlg {
    /// `alg` in a JOSE header.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl FromJson for TokenSigningAlg {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let alg = value.as_str().and_then(|text| text.parse().ok());
        alg.map_or_else(|| invalid("must be \"RS256\" or \"ES256\""), Ok)
    }
}

/// The name of a service or of a stage (1 to 64 identifier characters).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServiceLabel(String);

impl ServiceLabel {
    /// Checks the characters: those of an identifier.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        ResourceId::parse(text).map(|id| Self(id.into()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromJson for ServiceLabel {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
    }
}

/// An API that tokens are for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its id; never changes, and is not reused after deletion.
    pub resource_id: ResourceId,
    /// Display name.
    pub resource_name: Name,
    /// `aud` of its tokens.
    pub audience: Audience,
    /// The service that it is a stage of. A client has at most one resource per service and stage.
    pub service: ServiceLabel,
    /// Its stage: `production`, `sandbox`, …
    pub stage: ServiceLabel,
    /// Its scopes.
    pub scopes: Vec<ScopeDefinition>,
    /// Scopes of a permission that names none. A subset of `scopes`.
    #[serde(default)]
    pub default_scopes: ScopeSet,
    /// How its tokens are signed.
    #[serde(default)]
    pub token_signing_alg: TokenSigningAlg,
    /// Which accounts may use it.
    #[serde(default = "AccountAccess::of_older_items")]
    pub account_access: AccountAccess,
    /// Where its documentation is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation_url: Option<LinkUrl>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Incremented by each change: its `ETag`.
    pub version: u64,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

impl Resource {
    /// Whether it offers this scope.
    #[must_use]
    pub fn offers(&self, scope: &Scope) -> bool {
        self.scopes.iter().any(|offered| offered.name == *scope)
    }

    /// The names of all its scopes.
    #[must_use]
    pub fn scope_names(&self) -> ScopeSet {
        self.scopes.iter().map(|scope| scope.name.clone()).collect()
    }

    /// The names of its scopes that are not restricted.
    #[must_use]
    pub fn unrestricted_scopes(&self) -> ScopeSet {
        self.scopes.iter().filter(|scope| !scope.restricted).map(|scope| scope.name.clone()).collect()
    }

    /// These scopes, with those that they imply.
    #[must_use]
    pub fn with_implied(&self, scopes: &ScopeSet) -> ScopeSet {
        let mut closure = scopes.clone();
        let mut pending: Vec<&Scope> = scopes.iter().collect();
        while let Some(scope) = pending.pop() {
            let definition = self.scopes.iter().find(|definition| definition.name == *scope);
            for implied in definition.iter().flat_map(|definition| definition.implies.iter()) {
                if closure.insert(implied.clone()) {
                    pending.push(implied);
                }
            }
        }
        closure
    }

    /// The one of these scopes that another scope comes with. Of several, one that comes with none of the others.
    #[must_use]
    pub fn implied_by(&self, scope: &Scope, scopes: &ScopeSet) -> Option<&ScopeDefinition> {
        let implies = |one: &Scope, other: &Scope| {
            one != other && self.with_implied(&ScopeSet::from_iter([one.clone()])).has(other)
        };
        let mut found = scopes.iter().filter(|one| implies(one, scope));
        let widest = found.find(|one| !scopes.iter().any(|other| implies(other, one)))?;
        self.scopes.iter().find(|definition| definition.name == *widest)
    }

    /// The size of its item, in bytes, and a little more: JSON has more punctuation than DynamoDB counts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }
}
