//! Scopes and APIs in words.

use crate::frame::display_name;
use shared::domain::management::{self, ManagementScope};
use shared::domain::primitives::ids::ResourceId;
use shared::domain::primitives::visible_text::without_hidden_characters;
use shared::domain::resource::scope::{Scope, ScopeSet};
use shared::domain::resource::{Resource, ScopeDefinition};
use shared::texts::Texts;

/// What a scope permits, in words, and its token if the words are others.
pub fn in_words(scope: &ScopeDefinition) -> (String, Option<String>) {
    let (words, code) = (without_hidden_characters(scope.description.as_str()), scope.name.to_string());
    if words.is_empty() { (code, None) } else { (words, Some(code)) }
}

/// What a scope of the management API permits, in words.
pub fn management_words(texts: Texts, scope: ManagementScope) -> String {
    texts.get(match scope {
        ManagementScope::AccountsManage => "right-accounts-manage",
        ManagementScope::ResourcesManage => "right-resources-manage",
        ManagementScope::MembersManage => "right-members-manage",
        ManagementScope::ClientsRead => "right-clients-read",
        ManagementScope::ClientsManage => "right-clients-manage",
        ManagementScope::SecretsReveal => "right-secrets-reveal",
        ManagementScope::AuditRead => "right-audit-read",
    })
}

/// Scopes of an API in words. Without scopes, its mere use.
pub fn scope_words(
    texts: Texts,
    resource: Option<&Resource>,
    id: &ResourceId,
    scopes: &ScopeSet,
) -> Vec<String> {
    if scopes.is_empty() {
        return vec![texts.get("permission-without-scopes")];
    }
    let words = |scope: &Scope| {
        let right = ManagementScope::try_from(scope.to_string()).ok();
        if let Some(right) = right.filter(|_| id.as_str() == management::RESOURCE_ID) {
            return management_words(texts, right);
        }
        let definitions = resource.map(|known| known.scopes.as_slice()).unwrap_or_default();
        let definition = definitions.iter().find(|definition| definition.name == *scope);
        definition.map_or_else(|| scope.to_string(), |definition| in_words(definition).0)
    };
    scopes.iter().map(words).collect()
}

/// An API and its stage.
pub fn place(resource: Option<&Resource>, id: &ResourceId) -> String {
    match resource {
        Some(known) if id.as_str() == management::RESOURCE_ID => display_name(&known.resource_name),
        Some(known) => format!("{}, {}", display_name(&known.resource_name), known.stage.as_str()),
        None => id.to_string(),
    }
}
