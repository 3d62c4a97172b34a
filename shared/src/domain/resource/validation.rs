//! Rules of a resource's scopes in combination, and the sizes of resources.

use crate::domain::primitives::validation::FieldError;
use crate::domain::resource::ScopeDefinition;
use crate::domain::resource::scope::{Scope, ScopeSet};
use std::collections::BTreeMap;

/// The most scopes of one resource.
pub const MAX_SCOPES: usize = 100;
/// The largest resource, in bytes. Every instance of a function keeps all resources in memory.
pub const MAX_RESOURCE_BYTES: usize = 32 * 1024;
/// The most resources.
pub const MAX_RESOURCES: usize = 200;
/// The largest size of all resources together, in bytes: what one query returns.
pub const MAX_CATALOGUE_BYTES: usize = 1024 * 1024;

/// Errors of a resource's scopes and default scopes in combination: duplicate scopes, defaults and implied scopes that it
/// does not have, scopes that imply each other, and restricted ones implied by scopes that are not.
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
    let by_name: BTreeMap<&Scope, &ScopeDefinition> =
        scopes.iter().map(|scope| (&scope.name, scope)).collect();
    for (index, scope) in scopes.iter().enumerate() {
        let detail = implication_error(scope, &by_name);
        errors.extend(detail.map(|detail| FieldError::new(format!("scopes/{index}/implies"), detail)));
    }
    errors
}

fn implication_error(
    scope: &ScopeDefinition,
    by_name: &BTreeMap<&Scope, &ScopeDefinition>,
) -> Option<String> {
    let unknown = scope.implies.filtered(|implied| !by_name.contains_key(implied));
    if !unknown.is_empty() {
        return Some(format!("not among the scopes: {unknown}"));
    }
    let is_restricted = |implied: &Scope| by_name.get(implied).is_some_and(|implied| implied.restricted);
    let restricted = scope.implies.filtered(is_restricted);
    if !scope.restricted && !restricted.is_empty() {
        return Some(format!("a scope that is not restricted cannot imply restricted ones: {restricted}"));
    }
    let (mut seen, mut pending) = (ScopeSet::default(), vec![scope]);
    while let Some(definition) = pending.pop() {
        for implied in definition.implies.iter() {
            if *implied == scope.name {
                return Some(format!("{} implies itself by way of {}", scope.name, definition.name));
            }
            if seen.insert(implied.clone()) {
                pending.extend(by_name.get(implied));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::primitives::display_text::Description;
    use crate::domain::primitives::unknown_attributes::UnknownAttributes;

    fn scopes(text: &str) -> ScopeSet {
        if text.is_empty() { ScopeSet::default() } else { ScopeSet::parse(text).expect("legal") }
    }

    /// Scopes by name, whether they are restricted, and what they imply.
    fn errors(definitions: &[(&str, bool, &str)]) -> Vec<String> {
        let definitions: Vec<_> = definitions
            .iter()
            .map(|(name, restricted, implies)| ScopeDefinition {
                name: Scope::parse(name).expect("legal"),
                description: Description::default(),
                restricted: *restricted,
                implies: scopes(implies),
                unknown: UnknownAttributes::default(),
            })
            .collect();
        validate(&definitions, &ScopeSet::default()).into_iter().map(|error| error.path).collect()
    }

    #[test]
    fn a_scope_implies_others_of_its_resource_without_cycles() {
        assert!(errors(&[("a", false, "b c"), ("b", false, "c"), ("c", false, "")]).is_empty());
        assert_eq!(errors(&[("a", false, "x")]), ["scopes/0/implies"]);
        assert_eq!(errors(&[("a", false, "a")]), ["scopes/0/implies"]);
        let cycle = errors(&[("a", false, "b"), ("b", false, "c"), ("c", false, "a"), ("d", false, "a")]);
        assert_eq!(cycle, ["scopes/0/implies", "scopes/1/implies", "scopes/2/implies"]);
    }

    #[test]
    fn only_a_restricted_scope_implies_restricted_ones() {
        assert!(errors(&[("a", true, "b c"), ("b", true, ""), ("c", false, "")]).is_empty());
        assert_eq!(errors(&[("a", false, "b"), ("b", true, "")]), ["scopes/0/implies"]);
    }
}
