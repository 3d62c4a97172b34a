//! Resources: the APIs that tokens are for (RFC 8707), and their scopes.

pub mod scope;

use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::ids::{AccountId, InvalidId, ResourceId};
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, from_string, invalid};
use crate::domain::resource::scope::{Scope, ScopeSet};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use strum::{EnumString, IntoStaticStr};

/// The most scopes of one resource.
pub const MAX_SCOPES: usize = 100;

/// A scope, with the description that the consent page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeDefinition {
    /// The scope token.
    pub name: Scope,
    /// What it permits, in words for people.
    #[serde(default, skip_serializing_if = "Description::is_empty")]
    pub description: Description,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
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

/// `aud` of a resource's tokens; may contain `{account_id}`. Never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Audience(String);

/// Error of [`Audience::parse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to 200 printable ASCII characters without space and quote; the only placeholder is {{account_id}}"
)]
pub struct InvalidAudience;

const ACCOUNT_PLACEHOLDER: &str = "{account_id}";

impl Audience {
    /// Checks characters, length and placeholders.
    pub fn parse(text: &str) -> Result<Self, InvalidAudience> {
        let legal = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        let rest = text.replace(ACCOUNT_PLACEHOLDER, "");
        let good = (1..=200).contains(&text.len()) && text.bytes().all(legal) && !rest.contains(['{', '}']);
        if good { Ok(Self(text.to_owned())) } else { Err(InvalidAudience) }
    }

    /// The audience of tokens for one account.
    #[must_use]
    pub fn for_account(&self, account: &AccountId) -> String {
        self.0.replace(ACCOUNT_PLACEHOLDER, account.as_str())
    }

    /// Whether `text` is the audience of tokens for this account.
    #[must_use]
    pub fn is_for(&self, account: &AccountId, text: &str) -> bool {
        if self.0.contains(ACCOUNT_PLACEHOLDER) { self.for_account(account) == text } else { self.0 == text }
    }

    /// The audience as registered, with its placeholder.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromJson for Audience {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, Self::parse)
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
}

/// Errors of a resource's scopes and default scopes in combination: duplicate scopes, and defaults that it does not have.
#[must_use]
pub fn validate(scopes: &[ScopeDefinition], default_scopes: &ScopeSet) -> Vec<FieldError> {
    let names: ScopeSet = scopes.iter().map(|scope| scope.name.clone()).collect();
    let mut errors = Vec::new();
    if scopes.len() > MAX_SCOPES {
        errors.push(FieldError::new("scopes", format!("must hold at most {MAX_SCOPES} scopes")));
    }
    if names.len() != scopes.len() {
        errors.push(FieldError::new("scopes", "must not name a scope twice"));
    }
    let unknown = default_scopes.difference(&names);
    if !unknown.is_empty() {
        errors.push(FieldError::new("default_scopes", format!("not among the scopes: {unknown}")));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_audience_of_an_account_has_no_braces(text in "[!-~{}]{0,40}(\\{account_id\\})?\\PC{0,9}") {
            if let Ok(audience) = Audience::parse(&text) {
                let account = AccountId::parse("T1").expect("good");
                let filled = audience.for_account(&account);
                prop_assert_eq!(filled.find(['{', '}']), None);
                prop_assert!(audience.is_for(&account, &filled));
            }
        }
    }

    #[test]
    fn the_only_placeholder_of_an_audience_is_the_account_id() {
        let audience = Audience::parse("https://{account_id}.api.example.com").expect("good");
        let account = AccountId::parse("T1").expect("good");
        assert_eq!(audience.for_account(&account), "https://T1.api.example.com");
        for text in ["", "a b", "{account}", "{account_id", "a\"b", &"a".repeat(201)] {
            assert_eq!(Audience::parse(text), Err(InvalidAudience), "{text}");
        }
    }
}
