//! Scopes of OpenID Connect that libraries ask for by default. Latchkey issues no ID tokens, and refresh tokens follow from a
//! client's `grant_types`, so these scopes would stand for nothing.

use crate::domain::management;
use crate::domain::resource::scope::{Scope, ScopeSet};
use crate::domain::resource::{AccountAccess, Resource};
use std::collections::BTreeSet;

/// OpenID Connect Core 1.0 §3.1.2.1, §5.4 and §11.
const IGNORED: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The requested scopes without those of [`IGNORED`] that the resource does not define. If nothing else was requested, it is
/// as if no scope was.
#[must_use]
pub fn without_ignored(requested: Option<&ScopeSet>, resource: &Resource) -> Option<ScopeSet> {
    let requested = requested?;
    let defined = resource.scope_names();
    let kept = requested.filtered(|scope| !IGNORED.contains(&scope.as_str()) || defined.has(scope));
    let is_nothing_left = kept.is_empty() && !requested.is_empty();
    (!is_nothing_left).then_some(kept)
}

/// The scopes that metadata may name to anyone (RFC 8414 §2): those that every account may use. Not `openid`, which promises
/// an ID token, nor those of the management API, which no application asks for.
pub fn published_scopes<'a>(resources: impl Iterator<Item = &'a Resource>) -> BTreeSet<String> {
    resources
        .filter(|resource| resource.account_access == AccountAccess::All)
        .filter(|resource| resource.resource_id.as_str() != management::RESOURCE_ID)
        .flat_map(|resource| resource.unrestricted_scopes().iter().map(Scope::to_string).collect::<Vec<_>>())
        .filter(|scope| scope != "openid")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::resource::ScopeDefinition;

    fn kept(requested: &str, defined: &[&str]) -> Option<String> {
        let base = management::resource("https://id.example.com");
        let scope = |name: &&str| ScopeDefinition {
            name: Scope::parse(name).expect("legal"),
            ..base.scopes[0].clone()
        };
        let resource = Resource { scopes: defined.iter().map(scope).collect(), ..base.clone() };
        let requested = ScopeSet::parse(requested).expect("legal");
        without_ignored(Some(&requested), &resource).map(|scopes| scopes.to_string())
    }

    #[test]
    fn scopes_of_openid_are_ignored_where_the_resource_does_not_define_them() {
        assert_eq!(
            kept("openid orders:read offline_access", &["orders:read"]).as_deref(),
            Some("orders:read")
        );
        assert_eq!(kept("openid profile email offline_access", &["orders:read"]), None);
        assert_eq!(kept("openid email", &["email"]).as_deref(), Some("email"));
        assert_eq!(
            kept("openid address", &["orders:read"]).as_deref(),
            Some("address"),
            "it is another scope"
        );
        assert_eq!(without_ignored(None, &management::resource("https://id.example.com")), None);
    }
}
