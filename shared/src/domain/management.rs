//! The management API as a resource, and its scopes.

use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, from_name};
use crate::domain::resource::scope::{Scope, ScopeSet};
use crate::domain::resource::{
    AccountAccess, Audience, Resource, ScopeDefinition, ServiceLabel, TokenSigningAlg,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Id of the management API's resource; reserved.
pub const RESOURCE_ID: &str = "latchkey";
/// Id of the operator's account, which the bootstrap creates.
pub const OPERATOR_ACCOUNT: &str = "T00000001";
/// Id of the operator's client, which the bootstrap creates.
pub const OPERATOR_CLIENT: &str = "latchkey-operator";

/// A right to manage. A member has some; a client has them as scopes of the resource `latchkey`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(try_from = "String", into = "&'static str")]
pub enum ManagementScope {
    /// Create and change accounts; act in every account.
    #[strum(serialize = "accounts:manage")]
    AccountsManage,
    /// Create, change and delete resources.
    #[strum(serialize = "resources:manage")]
    ResourcesManage,
    /// See and change the account's members.
    #[strum(serialize = "members:manage")]
    MembersManage,
    /// See the account's API clients.
    #[strum(serialize = "clients:read")]
    ClientsRead,
    /// Create, change and delete the account's API clients and their secrets.
    #[strum(serialize = "clients:manage")]
    ClientsManage,
    /// Read client secrets again after they were created.
    #[strum(serialize = "secrets:reveal")]
    SecretsReveal,
    /// Read the account's audit trail.
    #[strum(serialize = "audit:read")]
    AuditRead,
}

impl ManagementScope {
    /// Every scope.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The scope token.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// What it permits, in words for people.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::AccountsManage => "Create and change accounts; act in every account",
            Self::ResourcesManage => "Create, change and delete resources",
            Self::MembersManage => "See and change the account's members",
            Self::ClientsRead => "See the account's API clients",
            Self::ClientsManage => "Create, change and delete the account's API clients and their secrets",
            Self::SecretsReveal => "Read client secrets again after they were created",
            Self::AuditRead => "Read the account's audit trail",
        }
    }
}

impl TryFrom<String> for ManagementScope {
    type Error = strum::ParseError;

    fn try_from(text: String) -> Result<Self, strum::ParseError> {
        text.parse()
    }
}

impl FromJson for ManagementScope {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_name(value)
    }
}

/// The management API as a resource: audience `<issuer>/v1`.
///
/// # Panics
///
/// Never: its literals are valid, and the configuration has checked that the issuer is a short URL.
#[must_use]
pub fn resource(issuer: &str) -> Resource {
    let scope = |scope: &ManagementScope| ScopeDefinition {
        name: Scope::parse(scope.as_str()).expect("a literal scope is legal"),
        description: Description::parse(scope.description()).expect("a literal description is legal"),
        restricted: false,
        implies: ScopeSet::default(),
        unknown: UnknownAttributes::default(),
    };
    let label = |text| ServiceLabel::parse(text).expect("a literal label is legal");
    Resource {
        resource_id: ResourceId::parse(RESOURCE_ID).expect("a literal id is legal"),
        resource_name: Name::parse("Latchkey management").expect("a literal name is legal"),
        audience: Audience::parse(&audience(issuer)).expect("an issuer makes a legal audience"),
        service: label(RESOURCE_ID),
        stage: label("management"),
        scopes: ManagementScope::ALL.iter().map(scope).collect(),
        default_scopes: ScopeSet::default(),
        token_signing_alg: TokenSigningAlg::RS256,
        account_access: AccountAccess::All,
        documentation_url: None,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        version: 1,
        unknown: UnknownAttributes::default(),
    }
}

/// `aud` of the tokens that the management API accepts.
#[must_use]
pub fn audience(issuer: &str) -> String {
    format!("{issuer}/v1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::resource::validate;

    #[test]
    fn the_built_in_resource_is_consistent() {
        let resource = resource("https://id.example.com");
        assert_eq!(resource.audience.as_str(), "https://id.example.com/v1");
        assert!(validate(&resource.scopes, &resource.default_scopes).is_empty());
        assert_eq!(resource.scopes.len(), ManagementScope::ALL.len());
    }

    #[test]
    fn names_are_scope_tokens() {
        for scope in ManagementScope::ALL {
            let json = serde_json::json!(scope.as_str());
            assert_eq!(serde_json::to_value(scope).expect("JSON"), json);
            assert_eq!(serde_json::from_value::<ManagementScope>(json.clone()).expect("a scope"), *scope);
            assert_eq!(ManagementScope::from_json(&json), Ok(*scope));
        }
        assert_eq!(ManagementScope::ClientsManage.as_str(), "clients:manage");
        assert!(serde_json::from_value::<ManagementScope>(serde_json::json!("other")).is_err());
    }
}
