//! Templates: presets for creating clients, which the operator defines.
//!
//! A template acts when a client is created, and at no other time: changing or deleting it changes no client.

use crate::domain::client::permission::RequestedPermission;
use crate::domain::client::registration::name_pattern::NamePattern;
use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::ids::{ResourceId, TemplateId};
use crate::domain::primitives::json_members::pointer_token;
use crate::domain::primitives::link_url::LinkUrl;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, from_name};
use crate::domain::resource::scope::Scope;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The most templates of a deployment.
pub const MAX_TEMPLATES: usize = 100;
/// The largest template, in bytes of its JSON.
pub const MAX_TEMPLATE_BYTES: usize = 8 * 1024;
/// The last place in the order.
pub const MAX_ORDER: u32 = 9_999;

/// A preset for creating clients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientTemplate {
    /// Its id.
    pub template_id: TemplateId,
    /// What it is called.
    pub title: Name,
    /// What it is for, in one sentence.
    #[serde(default, skip_serializing_if = "Description::is_empty")]
    pub summary: Description,
    /// Its place among the others, the least first.
    #[serde(default)]
    pub order: u32,
    /// Where its documentation is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation_url: Option<LinkUrl>,
    /// Members of a client that cannot be sent otherwise.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fixed: Map<String, Value>,
    /// Members of a client that have these values if they are not sent.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub defaults: Map<String, Value>,
    /// Members of a client that are to be sent. One that also has a default may be left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<AskedMember>,
    /// The name of a client for which none is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_pattern: Option<NamePattern>,
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

/// A member of a client that a template can ask for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AskedMember {
    /// Its name.
    ClientName,
    /// Its description.
    Description,
    /// Its website.
    ClientUri,
    /// Its redirect URIs.
    RedirectUris,
    /// Recipients of its reminders.
    Contacts,
    /// The networks that it calls from.
    AllowedIps,
    /// Where it publishes its keys.
    JwksUri,
    /// Its key or certificate.
    PublicKeyPem,
    /// Lifetime of its access tokens.
    AccessTokenLifetime,
    /// Lifetime of its refresh tokens.
    RefreshTokenLifetime,
    /// Options of its first secret.
    Secret,
}

impl AskedMember {
    /// The name of the member.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl FromJson for AskedMember {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_name(value)
    }
}

impl ClientTemplate {
    /// The members of a new client: those that were sent, the template's defaults, and what it fixes. Errors name what it does
    /// not ask for, what it fixes otherwise, and what is missing.
    pub fn apply(&self, sent: &Map<String, Value>) -> Result<Map<String, Value>, Vec<FieldError>> {
        let mut errors = Vec::new();
        for (member, value) in sent {
            let detail = match self.fixed.get(member) {
                Some(fixed) if fixed == value => continue,
                Some(_) => format!("is fixed by the template {}: leave it out", self.template_id),
                None if self.defaults.contains_key(member) || self.asks_for(member) => continue,
                None => format!("the template {} does not ask for it: leave it out", self.template_id),
            };
            errors.push(FieldError::new(pointer_token(member), detail));
        }
        let mut members = self.defaults.clone();
        members.extend(sent.iter().map(|(member, value)| (member.clone(), value.clone())));
        members.extend(self.fixed.iter().map(|(member, value)| (member.clone(), value.clone())));
        let required = self.asked.iter().filter(|member| !matches!(member, AskedMember::Secret));
        for member in required.map(|member| member.as_str()) {
            if members.get(member).is_none_or(Value::is_null) && !self.names(member) {
                errors
                    .push(FieldError::new(member, format!("the template {} asks for it", self.template_id)));
            }
        }
        if let Some(pattern) = self.name_pattern.as_ref().filter(|_| !members.contains_key("client_name")) {
            let name = pattern.name(members.get("client_uri").and_then(Value::as_str));
            members.insert("client_name".to_owned(), Value::String(name));
        }
        if errors.is_empty() { Ok(members) } else { Err(errors) }
    }

    /// The permissions that it gives clients, as they are preset; `None` if it presets none.
    #[must_use]
    pub fn permissions(&self) -> Option<&Value> {
        self.fixed.get("permissions").or_else(|| self.defaults.get("permissions"))
    }

    /// Whether it presets a resource, or one of its scopes by name.
    #[must_use]
    pub fn gives(&self, resource: &ResourceId, scope: Option<&Scope>) -> bool {
        let preset = self.permissions().and_then(|preset| Vec::<RequestedPermission>::from_json(preset).ok());
        let named = |permission: &RequestedPermission| {
            let has = |scope| permission.scopes.as_ref().is_some_and(|scopes| scopes.has(scope));
            permission.resource == *resource && scope.is_none_or(has)
        };
        preset.iter().flatten().any(named)
    }

    /// Whether it asks for a member of this name.
    #[must_use]
    pub fn asks_for(&self, member: &str) -> bool {
        self.asked.iter().any(|asked| asked.as_str() == member)
    }

    /// Whether it makes a value for this member from others.
    fn names(&self, member: &str) -> bool {
        member == "client_name" && self.name_pattern.is_some()
    }

    /// Errors of its members in combination.
    #[must_use]
    pub fn validate(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (index, member) in self.asked.iter().enumerate() {
            let mut error = |detail: &str| errors.push(FieldError::new(format!("asked/{index}"), detail));
            if self.asked[..index].contains(member) {
                error("is there twice");
            }
            if self.fixed.contains_key(member.as_str()) {
                error("is fixed: what cannot be sent is not asked");
            }
        }
        for member in self.defaults.keys().filter(|member| self.fixed.contains_key(*member)) {
            errors.push(FieldError::new(format!("defaults/{}", pointer_token(member)), "is fixed already"));
        }
        let has = |member: &str| {
            self.fixed.contains_key(member) || self.defaults.contains_key(member) || self.asks_for(member)
        };
        if self.name_pattern.is_none() && !has("client_name") {
            let detail = "is required, unless client_name is asked, fixed or has a default";
            errors.push(FieldError::new("name_pattern", detail));
        }
        if self.name_pattern.as_ref().is_some_and(NamePattern::names_host) && !has("client_uri") {
            errors.push(FieldError::new("name_pattern", "needs client_uri: ask for it"));
        }
        if self.bytes() > MAX_TEMPLATE_BYTES {
            let detail = format!("takes {} bytes; {MAX_TEMPLATE_BYTES} are allowed", self.bytes());
            errors.push(FieldError::new("", detail));
        }
        errors
    }

    fn bytes(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }
}
