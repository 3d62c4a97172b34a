//! The boxes of the management API.

use super::offered::OfferedApis;
use super::scope_box::ScopeBox;
use super::ticked::TickedScopes;
use super::words::management_words;
use shared::domain::management::ManagementScope;
use shared::domain::resource::ScopeDefinition;
use shared::domain::resource::scope::ScopeSet;
use shared::services::principal::Principal;
use shared::texts::Texts;
use std::collections::BTreeSet;

/// The scopes of the management API. Those that the client holds can be taken away; of the others, the person gives those that
/// they may give.
pub fn administration(
    texts: Texts,
    offered: &OfferedApis<'_>,
    person: &Principal,
    held: &TickedScopes,
    ticked: &TickedScopes,
) -> Vec<ScopeBox> {
    let Some(resource) = offered.management() else { return Vec::new() };
    let none = ScopeSet::default();
    let of = |set: &TickedScopes| set.of(&resource.resource_id).unwrap_or(&none).clone();
    let (held, ticked) = (of(held), of(ticked));
    let own = |scope: &ScopeDefinition| {
        let right = ManagementScope::try_from(scope.name.to_string()).ok();
        let is_given = right.is_some_and(|right| person.may_grant(&BTreeSet::from([right])));
        let shown = ScopeBox::new(resource, scope, &ticked);
        let words = right.map_or(shown.words, |right| management_words(texts, right));
        ScopeBox {
            words,
            code: Some(scope.name.to_string()),
            is_locked: !is_given && !held.has(&scope.name),
            ..shown
        }
    };
    resource.scopes.iter().map(own).collect()
}
