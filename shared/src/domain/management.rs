//! Latchkey's own management API, as a resource like any other.

use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::validation::{FieldError, FromJson, wrong};
use crate::domain::resource::scope::{Scope, ScopeSet};
use crate::domain::resource::{Audience, Resource, ScopeDefinition, ServiceLabel, TokenSigningAlg};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The id of the management API among the resources; nobody else may take it.
pub const RESOURCE_ID: &str = "latchkey";

macro_rules! management_scopes {
    ($($variant:ident = $name:literal, $what:literal;)+) => {
        /// A right to manage. A member holds some; a client holds them as scopes of `latchkey`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ManagementScope {
            $(#[doc = $what] #[serde(rename = $name)] $variant,)+
        }

        impl ManagementScope {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The scope token.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it lets its holder do.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$variant => $what),+ }
            }
        }
    };
}

management_scopes! {
    AccountsManage = "accounts:manage", "Create and change accounts; act in every account";
    ResourcesManage = "resources:manage", "Create, change and delete resources";
    MembersManage = "members:manage", "See and change the account's members";
    ClientsRead = "clients:read", "See the account's API clients";
    ClientsManage = "clients:manage", "Create, change and delete the account's API clients and their secrets";
    SecretsReveal = "secrets:reveal", "Read client secrets again after they were created";
    AuditRead = "audit:read", "Read the account's audit trail";
}

impl FromJson for ManagementScope {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        let known = Self::ALL.iter().find(|scope| value.as_str() == Some(scope.as_str()));
        known.copied().map_or_else(
            || {
                let names: Vec<_> = Self::ALL.iter().map(|scope| scope.as_str()).collect();
                wrong(format!("must be one of {}", names.join(", ")))
            },
            Ok,
        )
    }
}

/// The management API as a resource: audience `<issuer>/v1`.
///
/// # Panics
///
/// Never: its literals are legal, and the configuration has checked that the issuer is a short URL.
#[must_use]
pub fn resource(issuer: &str) -> Resource {
    let scope = |scope: &ManagementScope| ScopeDefinition {
        name: Scope::parse(scope.as_str()).expect("a literal scope is legal"),
        description: Description::parse(scope.description()).expect("a literal description is legal"),
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
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        version: 1,
    }
}

/// `aud` of the tokens that the management API takes.
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
}
