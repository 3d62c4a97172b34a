//! The difference between the permissions that a client holds and those that it would hold, in words.

use super::words::{place, scope_words};
use shared::domain::client::permission::Permission;
use shared::domain::primitives::ids::ResourceId;
use shared::domain::resource::Resource;
use shared::domain::resource::scope::ScopeSet;
use shared::texts::Texts;
use std::collections::{BTreeMap, BTreeSet};

/// A scope that is given or taken away.
pub struct RightChange {
    /// Whether it is given.
    pub is_added: bool,
    /// What it permits, in words.
    pub words: String,
    /// The API and its stage.
    pub place: String,
}

/// What is given and what is taken away, by API.
pub fn changes(
    texts: Texts,
    catalogue: &BTreeMap<ResourceId, Resource>,
    before: &[Permission],
    after: &[Permission],
) -> Vec<RightChange> {
    let ids: BTreeSet<&ResourceId> =
        before.iter().chain(after).map(|permission| &permission.resource).collect();
    let scopes = |permissions: &[Permission], id: &ResourceId| {
        let held = permissions.iter().find(|permission| permission.resource == *id);
        held.map(|permission| permission.scopes.clone())
    };
    let mut found = Vec::new();
    for id in ids {
        let (old, new) = (scopes(before, id), scopes(after, id));
        let resource = catalogue.get(id);
        let mut add = |is_added: bool, from: &Option<ScopeSet>, to: &Option<ScopeSet>| {
            let Some(to) = to else { return };
            let missing = from.as_ref().map_or_else(|| to.clone(), |from| to.difference(from));
            if missing.is_empty() && from.is_some() {
                return;
            }
            let words = scope_words(texts, resource, id, &missing).into_iter();
            found.extend(words.map(|words| RightChange { is_added, words, place: place(resource, id) }));
        };
        add(true, &old, &new);
        add(false, &new, &old);
    }
    found
}
