//! The boxes that are ticked: as a client holds permissions, and as a form sends them.

use super::offered::{OfferedApis, choice_field};
use crate::forms::Form;
use shared::domain::client::permission::{Permission, RequestedPermission};
use shared::domain::primitives::ids::ResourceId;
use shared::domain::primitives::validation::FieldError;
use shared::domain::resource::scope::{Scope, ScopeSet};
use std::collections::{BTreeMap, BTreeSet};

/// Name of the boxes. The value is an API and one of its scopes, with a space between; of a permission without scopes, the API
/// alone.
pub const SCOPE_FIELD: &str = "scope";

/// Name of the buttons that tick all boxes of an API.
pub const TICK_ALL: &str = "tick_all";

/// Name of the buttons that tick none.
pub const TICK_NONE: &str = "tick_none";

/// APIs and their scopes that are ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TickedScopes(BTreeMap<ResourceId, ScopeSet>);

/// What a form with the boxes says.
#[derive(Debug, Default)]
pub struct PermissionsForm {
    /// What is ticked, of the APIs that are chosen.
    pub ticked: TickedScopes,
    /// What is ticked of APIs that are not chosen among those of their stage.
    pub ignored: TickedScopes,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Whether all boxes of an API were to be ticked, or none: the form is shown again, and nothing else happens.
    pub is_shown_again: bool,
}

impl TickedScopes {
    /// What a client holds.
    pub fn held(permissions: &[Permission]) -> Self {
        let held =
            permissions.iter().map(|permission| (permission.resource.clone(), permission.scopes.clone()));
        Self(held.collect())
    }

    /// What is preset; `None` if boxes cannot say it: with an API twice, or with the scopes that it gives by itself.
    pub fn preset(permissions: Vec<RequestedPermission>) -> Option<Self> {
        let mut ticked = BTreeMap::new();
        for permission in permissions {
            if ticked.insert(permission.resource, permission.scopes?).is_some() {
                return None;
            }
        }
        Some(Self(ticked))
    }

    /// The scopes of an API; `None` if nothing of it is ticked.
    pub fn of(&self, resource: &ResourceId) -> Option<&ScopeSet> {
        self.0.get(resource)
    }

    /// The APIs, each with its scopes.
    pub fn iter(&self) -> impl Iterator<Item = (&ResourceId, &ScopeSet)> {
        self.0.iter()
    }

    /// The same as a request.
    pub fn requested(&self) -> Vec<RequestedPermission> {
        let requested = |(resource, scopes): (&ResourceId, &ScopeSet)| RequestedPermission {
            resource: resource.clone(),
            scopes: Some(scopes.clone()),
        };
        self.0.iter().map(requested).collect()
    }

    /// The values of the boxes.
    pub fn values(&self) -> Vec<String> {
        let boxes = self.0.iter().map(|(resource, scopes)| {
            if scopes.is_empty() {
                vec![resource.to_string()]
            } else {
                scopes.iter().map(|scope| format!("{resource} {scope}")).collect()
            }
        });
        boxes.flatten().collect()
    }

    /// The radio buttons that choose its APIs among others of their stages: names and values.
    pub fn choices(&self, offered: &OfferedApis<'_>) -> Vec<(String, String)> {
        let chosen = self.iter().filter_map(|(id, _)| {
            let (api, apis) = offered.find(id)?;
            (apis.len() > 1).then(|| (choice_field(api.resource), id.to_string()))
        });
        chosen.collect()
    }

    fn tick(&mut self, resource: ResourceId, scope: Option<Scope>) {
        let scopes = self.0.entry(resource).or_default();
        scope.map(|scope| scopes.insert(scope));
    }
}

impl PermissionsForm {
    /// Reads the boxes. Of several APIs of one service and stage, only the boxes of the chosen one count.
    pub fn read(form: &Form, offered: &OfferedApis<'_>) -> Self {
        let mut read = Self::default();
        let mut without_scopes = BTreeSet::new();
        for value in form.all(SCOPE_FIELD) {
            match parse(value) {
                None => {
                    read.errors
                        .push(FieldError::new("permissions", "must name an API and one of its scopes"));
                }
                Some((resource, scope)) if is_chosen(form, offered, &resource) => {
                    if scope.is_none() {
                        without_scopes.insert(resource.clone());
                    }
                    read.ticked.tick(resource, scope);
                }
                Some((resource, scope)) => read.ignored.tick(resource, scope),
            }
        }
        read.is_shown_again = read.tick_all_or_none(form, offered);
        read.add_chosen(form, offered, &without_scopes);
        read
    }

    fn tick_all_or_none(&mut self, form: &Form, offered: &OfferedApis<'_>) -> bool {
        let named = |field| form.get(field).and_then(|id| ResourceId::parse(id).ok());
        let (all, none) = (named(TICK_ALL), named(TICK_NONE));
        if let Some(id) = &none {
            self.ticked.0.remove(id);
        }
        if let Some(id) = &all
            && let Some(permitted) = offered.permitted(id)
        {
            self.ticked.0.insert(id.clone(), permitted);
        }
        all.is_some() || none.is_some()
    }

    /// Adds the APIs that are chosen among several and of which no box is ticked. One that has scopes is of no use like this.
    fn add_chosen(&mut self, form: &Form, offered: &OfferedApis<'_>, without_scopes: &BTreeSet<ResourceId>) {
        let stages = offered.services.values().flat_map(BTreeMap::values);
        for apis in stages.filter(|apis| apis.len() > 1) {
            let chosen = form.get(&choice_field(apis[0].resource));
            let chosen = apis.iter().find(|api| Some(api.resource.resource_id.as_str()) == chosen);
            let Some(api) = chosen else { continue };
            let id = &api.resource.resource_id;
            let scopes = self.ticked.0.entry(id.clone()).or_default();
            if scopes.is_empty() && !api.permitted.is_empty() && !without_scopes.contains(id) {
                let detail = format!("choose at least one scope of {id}, or no API of this stage");
                self.errors.push(FieldError::new("permissions", detail));
            }
        }
    }
}

/// Whether the boxes of an API count: it is the only one of its stage, or the chosen one. What the account may not use counts,
/// so that it is complained about.
fn is_chosen(form: &Form, offered: &OfferedApis<'_>, id: &ResourceId) -> bool {
    match offered.find(id) {
        Some((api, apis)) if apis.len() > 1 => form.get(&choice_field(api.resource)) == Some(id.as_str()),
        _ => true,
    }
}

fn parse(value: &str) -> Option<(ResourceId, Option<Scope>)> {
    let (resource, scope) = match value.split_once(' ') {
        Some((resource, scope)) => (resource, Some(Scope::parse(scope).ok()?)),
        None => (value, None),
    };
    Some((ResourceId::parse(resource).ok()?, scope))
}
