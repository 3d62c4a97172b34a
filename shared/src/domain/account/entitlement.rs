//! Entitlements: what an account may give its clients.

use crate::domain::management;
use crate::domain::primitives::ids::ResourceId;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::FieldError;
use crate::domain::resource::scope::ScopeSet;
use crate::domain::resource::{AccountAccess, MAX_RESOURCES, Resource};
use serde::{Deserialize, Serialize};

/// The largest size of an account's entitlements, in bytes: the account is read for its tokens once a minute.
const MAX_BYTES: usize = 16 * 1024;

/// A resource that an account may use, and its scopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entitlement {
    /// The resource.
    pub resource: ResourceId,
    /// The scopes, restricted ones too; `None` for all that are not restricted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<ScopeSet>,
    /// Attributes of a later version.
    #[serde(flatten)]
    pub unknown: UnknownAttributes,
}

/// The entitlements of an account, at most one for each resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entitlements(Vec<Entitlement>);

impl Entitlements {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entitlements, as they were set.
    pub fn iter(&self) -> impl Iterator<Item = &Entitlement> {
        self.0.iter()
    }

    /// Validates new entitlements. Those that are among `present` stay even if their resource or scopes are gone.
    ///
    /// Paths in the errors are relative to the list.
    pub fn resolve<'a>(
        new: Vec<Entitlement>,
        present: &Self,
        find: impl Fn(&ResourceId) -> Option<&'a Resource>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        if new.len() > MAX_RESOURCES {
            errors.push(FieldError::new("", format!("must hold at most {MAX_RESOURCES} entitlements")));
        }
        let bytes = serde_json::to_vec(&new).map_or(usize::MAX, |json| json.len());
        if bytes > MAX_BYTES {
            errors.push(FieldError::new("", format!("take {bytes} bytes; {MAX_BYTES} are allowed")));
        }
        for (index, entitlement) in new.iter().enumerate() {
            let Entitlement { resource, scopes, .. } = entitlement;
            if new[..index].iter().any(|other| other.resource == *resource) {
                errors.push(FieldError::new(format!("{index}/resource"), format!("names {resource} twice")));
            }
            if present.0.contains(entitlement) {
                continue;
            }
            if resource.as_str() == management::RESOURCE_ID {
                let detail = "every account may use the management API: leave it out";
                errors.push(FieldError::new(format!("{index}/resource"), detail));
                continue;
            }
            let Some(known) = find(resource) else {
                errors.push(FieldError::new(
                    format!("{index}/resource"),
                    format!("no resource {resource} exists"),
                ));
                continue;
            };
            let unknown = scopes.as_ref().map(|scopes| scopes.difference(&known.scope_names()));
            if let Some(unknown) = unknown.filter(|unknown| !unknown.is_empty()) {
                let detail = format!("{resource} does not offer: {unknown}");
                errors.push(FieldError::new(format!("{index}/scopes"), detail));
            }
        }
        if errors.is_empty() { Ok(Self(new)) } else { Err(errors) }
    }

    /// The scopes of a resource that the account may use, with those that they imply; `None` if it may not use the
    /// resource at all. Every account may use the management API.
    #[must_use]
    pub fn permitted_scopes(&self, resource: &Resource) -> Option<ScopeSet> {
        if resource.resource_id.as_str() == management::RESOURCE_ID {
            return Some(resource.scope_names());
        }
        let entitlement = self.0.iter().find(|own| own.resource == resource.resource_id);
        let scopes = match (entitlement.map(|own| &own.scopes), resource.account_access) {
            (None, AccountAccess::Entitled) => return None,
            (None, AccountAccess::All) | (Some(None), _) => resource.unrestricted_scopes(),
            (Some(Some(scopes)), AccountAccess::All) => resource.unrestricted_scopes().union(scopes),
            (Some(Some(scopes)), AccountAccess::Entitled) => scopes.clone(),
        };
        Some(resource.with_implied(&scopes).intersection(&resource.scope_names()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::resource::ScopeDefinition;
    use crate::domain::resource::scope::Scope;

    fn scopes(text: &str) -> ScopeSet {
        if text.is_empty() { ScopeSet::default() } else { ScopeSet::parse(text).expect("legal") }
    }

    /// A resource with `read` and `write`, which implies it; and with `admin`, restricted, which implies `write`.
    fn orders(account_access: AccountAccess) -> Resource {
        let base = management::resource("https://id.example.com");
        let scope = |name, restricted, implies| ScopeDefinition {
            name: Scope::parse(name).expect("legal"),
            restricted,
            implies: scopes(implies),
            ..base.scopes[0].clone()
        };
        Resource {
            resource_id: ResourceId::parse("orders").expect("legal"),
            scopes: vec![
                scope("read", false, ""),
                scope("write", false, "read"),
                scope("admin", true, "write"),
            ],
            account_access,
            ..base
        }
    }

    fn entitlement(resource: &str, names: Option<&str>) -> Entitlement {
        Entitlement {
            resource: ResourceId::parse(resource).expect("legal"),
            scopes: names.map(scopes),
            unknown: UnknownAttributes::default(),
        }
    }

    fn permitted(access: AccountAccess, entitlements: &[Entitlement]) -> Option<String> {
        let permitted = Entitlements(entitlements.to_vec()).permitted_scopes(&orders(access));
        permitted.map(|scopes| scopes.to_string())
    }

    #[test]
    fn a_resource_for_entitled_accounts_needs_an_entitlement() {
        let access = AccountAccess::Entitled;
        assert_eq!(permitted(access, &[]), None);
        assert_eq!(permitted(access, &[entitlement("other", None)]), None);
        assert_eq!(permitted(access, &[entitlement("orders", None)]), Some("read write".into()));
        assert_eq!(permitted(access, &[entitlement("orders", Some(""))]), Some(String::new()));
        assert_eq!(permitted(access, &[entitlement("orders", Some("read gone"))]), Some("read".into()));
        assert_eq!(permitted(access, &[entitlement("orders", Some("write"))]), Some("read write".into()));
        assert_eq!(
            permitted(access, &[entitlement("orders", Some("admin"))]),
            Some("admin read write".into())
        );
    }

    #[test]
    fn a_resource_for_all_accounts_keeps_its_restricted_scopes() {
        let access = AccountAccess::All;
        for entitlements in
            [vec![], vec![entitlement("orders", None)], vec![entitlement("orders", Some("read"))]]
        {
            assert_eq!(permitted(access, &entitlements), Some("read write".into()));
        }
        assert_eq!(
            permitted(access, &[entitlement("orders", Some("admin"))]),
            Some("admin read write".into())
        );
    }

    #[test]
    fn a_scope_is_implied_by_the_widest_one_that_is_held() {
        let orders = orders(AccountAccess::All);
        let implied_by = |scope: &str, held: &str| {
            let found = orders.implied_by(&Scope::parse(scope).expect("legal"), &scopes(held));
            found.map(|definition| definition.name.to_string())
        };
        assert_eq!(implied_by("read", "write read").as_deref(), Some("write"));
        assert_eq!(implied_by("read", "admin write read").as_deref(), Some("admin"));
        assert_eq!(implied_by("write", "write read"), None);
        assert_eq!(implied_by("read", "read gone"), None);
    }

    #[test]
    fn the_management_api_needs_no_entitlement() {
        let own = management::resource("https://id.example.com");
        assert_eq!(Entitlements::default().permitted_scopes(&own), Some(own.scope_names()));
    }

    #[test]
    fn errors_name_resources_and_scopes() {
        let orders = orders(AccountAccess::Entitled);
        let find = |id: &ResourceId| (*id == orders.resource_id).then_some(&orders);
        let errors = |new: Vec<Entitlement>, present: &[Entitlement]| {
            let resolved = Entitlements::resolve(new, &Entitlements(present.to_vec()), find);
            let errors = resolved.err().unwrap_or_default();
            errors.into_iter().map(|error| error.path).collect::<Vec<_>>()
        };
        let gone = entitlement("gone", Some("x"));
        assert!(errors(vec![entitlement("orders", Some("read admin"))], &[]).is_empty());
        assert_eq!(errors(vec![gone.clone()], &[]), ["0/resource"]);
        assert!(errors(vec![gone.clone()], std::slice::from_ref(&gone)).is_empty());
        assert_eq!(errors(vec![entitlement("latchkey", None)], &[]), ["0/resource"]);
        assert_eq!(errors(vec![entitlement("orders", Some("read gone"))], &[]), ["0/scopes"]);
        assert_eq!(
            errors(vec![entitlement("orders", None), entitlement("orders", None)], &[]),
            ["1/resource"]
        );
        let many: Vec<_> = (0..201).map(|n| entitlement(&format!("r{n}"), None)).collect();
        assert_eq!(errors(many.clone(), &many), [""]);
        let large =
            vec![entitlement("r", Some(&(0..300).map(|n| format!("{n:064}")).collect::<Vec<_>>().join(" ")))];
        assert_eq!(errors(large.clone(), &large), [""]);
    }
}
