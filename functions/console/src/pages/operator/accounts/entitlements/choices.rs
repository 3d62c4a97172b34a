//! The choices of the form: for each API nothing, all that is not restricted, or certain scopes.

use crate::forms::Form;
use crate::frame::display_name;
use crate::pages::clients::permissions::words::in_words;
use shared::adapters::store::ResourceCatalog;
use shared::domain::account::{Entitlement, Entitlements};
use shared::domain::management;
use shared::domain::primitives::unknown_attributes::UnknownAttributes;
use shared::domain::primitives::validation::FieldError;
use shared::domain::resource::scope::{Scope, ScopeSet};
use shared::domain::resource::{AccountAccess, Resource};
use std::collections::BTreeMap;

/// What the names of the radio buttons start with; the id of the API follows.
const GRANT_PREFIX: &str = "grant:";
/// Name of the boxes: an API and one of its scopes, with a space between.
const SCOPE: &str = "scope";

/// Nothing more than every account has.
const NONE: &str = "none";
/// All that is not restricted, now and later.
const ALL: &str = "all";
/// Certain scopes.
const SOME: &str = "some";

/// The choices of a service.
pub struct ServiceChoices {
    /// Its name.
    pub name: String,
    /// Its APIs, by stage.
    pub apis: Vec<ApiChoice>,
}

/// The choices of an API.
pub struct ApiChoice {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its stage.
    pub stage: String,
    /// Name of the radio buttons.
    pub field: String,
    /// The one that is chosen.
    pub chosen: String,
    /// Whether every account may use it: then only restricted scopes are to be chosen.
    pub is_for_all: bool,
    /// The scopes that can be chosen.
    pub boxes: Vec<ScopeChoice>,
}

/// A scope.
pub struct ScopeChoice {
    /// The value of its box.
    pub value: String,
    /// What it permits, in words.
    pub words: String,
    /// The scope token, if the words are others.
    pub code: Option<String>,
    /// Whether an account needs an entitlement that names it.
    pub restricted: bool,
    /// Whether it is ticked.
    pub is_ticked: bool,
}

/// The fields of a form with these entitlements.
pub fn fields(entitlements: &Entitlements) -> Form {
    let mut fields = Vec::new();
    for Entitlement { resource, scopes, .. } in entitlements.iter() {
        let chosen = if scopes.is_some() { SOME } else { ALL };
        fields.push((format!("{GRANT_PREFIX}{resource}"), chosen.to_owned()));
        let scopes = scopes.iter().flat_map(ScopeSet::iter);
        fields.extend(scopes.map(|scope| (SCOPE.to_owned(), format!("{resource} {scope}"))));
    }
    fields.into_iter().collect()
}

/// The fields of a form that was sent, to be sent again.
pub fn hidden(form: &Form) -> Vec<(String, String)> {
    let is_choice = |name: &str| name == SCOPE || name.starts_with(GRANT_PREFIX);
    form.pairs()
        .filter(|(name, _)| is_choice(name))
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

/// The choices of all APIs, as a form has them.
pub fn services(catalogue: &ResourceCatalog, form: &Form) -> Vec<ServiceChoices> {
    let mut services: BTreeMap<&str, Vec<&Resource>> = BTreeMap::new();
    for resource in customers(catalogue) {
        services.entry(resource.service.as_str()).or_default().push(resource);
    }
    let services = services.into_iter().map(|(name, mut resources)| {
        resources.sort_by(|one, other| one.stage.cmp(&other.stage));
        let apis = resources.into_iter().map(|resource| choice(resource, form));
        ServiceChoices { name: name.to_owned(), apis: apis.collect() }
    });
    services.collect()
}

fn customers(catalogue: &ResourceCatalog) -> impl Iterator<Item = &Resource> {
    catalogue.resources.values().filter(|resource| resource.resource_id.as_str() != management::RESOURCE_ID)
}

fn field(resource: &Resource) -> String {
    format!("{GRANT_PREFIX}{}", resource.resource_id)
}

fn choice(resource: &Resource, form: &Form) -> ApiChoice {
    let is_for_all = resource.account_access == AccountAccess::All;
    let scopes = resource.scopes.iter().filter(|scope| !is_for_all || scope.restricted);
    let boxes = scopes.map(|scope| {
        let (words, code) = in_words(scope);
        let value = format!("{} {}", resource.resource_id, scope.name);
        let is_ticked = form.all(SCOPE).any(|ticked| ticked == value);
        ScopeChoice { value, words, code, restricted: scope.restricted, is_ticked }
    });
    let field = field(resource);
    ApiChoice {
        id: resource.resource_id.to_string(),
        name: display_name(&resource.resource_name),
        stage: resource.stage.as_str().to_owned(),
        chosen: form.get(&field).unwrap_or(NONE).to_owned(),
        field,
        is_for_all,
        boxes: boxes.collect(),
    }
}

/// The entitlements that a form says. Present ones that stay keep what a later version has added to them.
pub fn read(
    form: &Form,
    catalogue: &ResourceCatalog,
    present: &Entitlements,
) -> Result<Vec<Entitlement>, Vec<FieldError>> {
    let (mut entitlements, mut errors) = (Vec::new(), Vec::new());
    for resource in customers(catalogue) {
        let id = &resource.resource_id;
        let scopes = match form.get(&field(resource)).unwrap_or(NONE) {
            NONE => continue,
            ALL => None,
            _ => {
                let own = form.all(SCOPE).filter_map(|value| value.split_once(' '));
                let own = own.filter(|(resource, _)| *resource == id.as_str());
                let scopes: ScopeSet = own.filter_map(|(_, scope)| Scope::parse(scope).ok()).collect();
                if scopes.is_empty() && !resource.scopes.is_empty() {
                    let detail = format!("choose at least one scope of {id}, or nothing of it");
                    errors.push(FieldError::new("", detail));
                }
                Some(scopes)
            }
        };
        let before = present.iter().find(|own| own.resource == *id);
        let unknown = before.map_or_else(UnknownAttributes::default, |own| own.unknown.clone());
        entitlements.push(Entitlement { resource: id.clone(), scopes, unknown });
    }
    if errors.is_empty() { Ok(entitlements) } else { Err(errors) }
}
