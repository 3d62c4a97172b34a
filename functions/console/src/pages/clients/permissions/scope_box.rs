//! A box for a scope.

use super::words::in_words;
use shared::domain::resource::scope::ScopeSet;
use shared::domain::resource::{Resource, ScopeDefinition};
use shared::texts::Texts;

/// A box.
#[derive(Clone)]
pub struct ScopeBox {
    /// Its value.
    pub value: String,
    /// What the scope permits, in words.
    pub words: String,
    /// The scope token, if the words are others.
    pub code: Option<String>,
    /// Whether it is ticked.
    pub is_ticked: bool,
    /// The words of a ticked scope that it comes with.
    pub part_of: Option<String>,
    /// Whether the person may not give it, since they do not hold it themselves.
    pub is_locked: bool,
    /// Whether only accounts that are entitled to the scope itself may give it, where that is shown.
    pub is_restricted: bool,
}

impl ScopeBox {
    pub(super) fn new(resource: &Resource, scope: &ScopeDefinition, ticked: &ScopeSet) -> Self {
        let (words, code) = in_words(scope);
        let part_of = resource.implied_by(&scope.name, ticked).map(|other| in_words(other).0);
        Self {
            value: format!("{} {}", resource.resource_id, scope.name),
            words,
            code,
            is_ticked: part_of.is_some() || ticked.has(&scope.name),
            part_of,
            is_locked: false,
            is_restricted: false,
        }
    }

    pub(super) fn without_scopes(texts: Texts, resource: &Resource, is_ticked: bool) -> Self {
        Self {
            value: resource.resource_id.to_string(),
            words: texts.get("permission-without-scopes"),
            code: None,
            is_ticked,
            part_of: None,
            is_locked: false,
            is_restricted: false,
        }
    }
}
