//! A template as a caller sends it, and what is valid in one.

use crate::adapters::store::ResourceCatalog;
use crate::domain::client::Client;
use crate::domain::client::permission::RequestedPermission;
use crate::domain::client::registration::name_pattern::NamePattern;
use crate::domain::client::registration::template::{AskedMember, ClientTemplate, MAX_ORDER};
use crate::domain::management;
use crate::domain::primitives::display_text::{Description, Name};
use crate::domain::primitives::ids::{AccountId, ChosenId, ClientId, TemplateId};
use crate::domain::primitives::json_members::{JsonMembers, merge};
use crate::domain::primitives::link_url::LinkUrl;
use crate::domain::primitives::unknown_attributes::UnknownAttributes;
use crate::domain::primitives::validation::{FieldError, FromJson, Validator};
use crate::services::clients::CreateClient;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The members that a caller sets, but for the id.
const MEMBERS: [&str; 8] =
    ["title", "summary", "order", "documentation_url", "fixed", "defaults", "asked", "name_pattern"];

/// Kinds of client that the console offers beside the templates.
const BUILT_IN: [&str; 5] = ["secret", "workload", "key", "app", "blank"];

/// Members of a client that are its own: no template has a value for them.
const OWN: [&str; 5] = ["client_id", "jwks", "jwks_uri", "public_key_pem", "federated_identities"];

/// The members of a new template, or of one after a change.
#[derive(Clone, Debug)]
pub struct TemplateInput(Map<String, Value>);

/// What the values of a template are checked against.
#[derive(Clone, Copy)]
pub struct TemplateRules<'a> {
    /// The resources.
    pub catalogue: &'a ResourceCatalog,
    /// The longest lifetime of an access token, in seconds.
    pub max_access_token_lifetime: u32,
}

impl TemplateInput {
    /// What was sent.
    #[must_use]
    pub const fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// A template of a document of the whole catalogue: without the times that are written when it is read.
    #[must_use]
    pub fn from_document(mut members: Map<String, Value>) -> Self {
        members.retain(|name, _| !["created_at", "updated_at"].contains(&name.as_str()));
        Self(members)
    }

    /// A stored template, with a merge patch (RFC 7396).
    #[must_use]
    pub fn patched(before: &ClientTemplate, patch: &Map<String, Value>) -> Self {
        let stored = serde_json::to_value(before).unwrap_or_default();
        let members = MEMBERS.iter().filter_map(|name| Some(((*name).to_owned(), stored.get(name)?.clone())));
        match merge(&Value::Object(members.collect()), &Value::Object(patch.clone())) {
            Value::Object(merged) => Self(merged),
            _ => Self(Map::new()),
        }
    }

    /// Its id, if it is a legal one.
    #[must_use]
    pub fn chosen_id(&self) -> Option<TemplateId> {
        self.id(&mut Validator::new())
    }

    /// The id of a new template.
    pub fn id(&self, checked: &mut Validator) -> Option<TemplateId> {
        let id = JsonMembers::new(&self.0).field::<ChosenId<TemplateId>>("template_id");
        let id = checked.required("template_id", id).map(ChosenId::into_inner)?;
        if BUILT_IN.contains(&id.as_str()) {
            checked.error("template_id", "is one of the kinds of client that the console offers itself");
            return None;
        }
        Some(id)
    }

    /// The template of this id, or every error at once.
    pub fn template(
        &self,
        id: Option<TemplateId>,
        mut checked: Validator,
        rules: TemplateRules<'_>,
        now: Timestamp,
    ) -> Result<ClientTemplate, Vec<FieldError>> {
        let members = JsonMembers::new(&self.0);
        checked.extend(members.unknown(&[&MEMBERS[..], &["template_id"]].concat()));
        let title = checked.required("title", members.field::<Name>("title"));
        let summary = checked.optional("summary", members.field::<Description>("summary"));
        let order = checked.optional("order", members.field::<u32>("order"));
        if order.is_some_and(|order| order > MAX_ORDER) {
            checked.error("order", format!("must be {MAX_ORDER} or less"));
        }
        let documentation_url =
            checked.optional("documentation_url", members.field::<Option<LinkUrl>>("documentation_url"));
        let fixed = checked.optional("fixed", members.field::<Map<String, Value>>("fixed"));
        let defaults = checked.optional("defaults", members.field::<Map<String, Value>>("defaults"));
        let asked = checked.optional("asked", members.field::<Vec<AskedMember>>("asked"));
        let name_pattern =
            checked.optional("name_pattern", members.field::<Option<NamePattern>>("name_pattern"));
        let (fixed, defaults) = (fixed.unwrap_or_default(), defaults.unwrap_or_default());
        for (name, preset) in [("fixed", &fixed), ("defaults", &defaults)] {
            let errors = check_preset(preset, rules, now).into_iter();
            checked.extend(errors.map(|error| error.nested(name)));
        }
        if self.0.get("template_id").zip(id.as_ref()).is_some_and(|(sent, id)| sent != id.as_str()) {
            checked.error("template_id", "cannot be changed here: it never changes");
        }
        let (Some(template_id), Some(title), true) = (id, title, checked.is_ok()) else {
            return Err(checked.into_errors());
        };
        let template = ClientTemplate {
            template_id,
            title,
            summary: summary.unwrap_or_default(),
            order: order.unwrap_or_default(),
            documentation_url: documentation_url.flatten(),
            fixed,
            defaults,
            asked: asked.unwrap_or_default(),
            name_pattern: name_pattern.flatten(),
            created_at: now,
            updated_at: now,
            version: 1,
            unknown: UnknownAttributes::default(),
        };
        checked.extend(template.validate());
        if checked.is_ok() { Ok(template) } else { Err(checked.into_errors()) }
    }
}

/// Errors of the values that a template presets: those that they would have in a creation by themselves.
fn check_preset(preset: &Map<String, Value>, rules: TemplateRules<'_>, now: Timestamp) -> Vec<FieldError> {
    let mut checked = Validator::new();
    for name in OWN.iter().filter(|name| preset.contains_key(**name)) {
        checked.error(name, "differs from client to client: ask for it, or leave it out");
    }
    let new = CreateClient::from_members(preset);
    checked.extend(new.errors.into_errors().into_iter().filter(|error| !OWN.contains(&error.path.as_str())));
    if let Some(mut client) = sample(now) {
        new.metadata.apply(&mut client, rules.max_access_token_lifetime, now, &mut checked);
    }
    checked.optional("status", new.status);
    if let Some(secret) = checked.optional("secret", new.secret)
        && secret.expires_on.is_some()
    {
        checked.error("secret/expires_on", "is a day: it would not move on with time");
    }
    let permissions = checked.optional("permissions", new.permissions).unwrap_or_default();
    checked.extend(check_permissions(&permissions, rules.catalogue));
    checked.into_errors()
}

/// Why a template is offered to no account: what it presets and no API has, or has any more.
#[must_use]
pub fn template_faults(template: &ClientTemplate, catalogue: &ResourceCatalog) -> Vec<FieldError> {
    let preset = template.permissions().map(Vec::<RequestedPermission>::from_json);
    match preset {
        None => Vec::new(),
        Some(Ok(preset)) => check_permissions(&preset, catalogue),
        Some(Err(errors)) => errors,
    }
}

/// A client to try values on.
fn sample(now: Timestamp) -> Option<Client> {
    let (id, account) = (ClientId::parse("sample").ok()?, AccountId::parse("sample").ok()?);
    Some(Client::new(id, account, Name::parse("sample").ok()?, now))
}

/// Errors of permissions that no account could have.
fn check_permissions(permissions: &[RequestedPermission], catalogue: &ResourceCatalog) -> Vec<FieldError> {
    let (mut errors, mut seen) = (Vec::new(), BTreeSet::new());
    for (index, permission) in permissions.iter().enumerate() {
        let id = &permission.resource;
        let mut error = |member: &str, detail: String| {
            errors.push(FieldError::new(format!("permissions/{index}/{member}"), detail));
        };
        if id.as_str() == management::RESOURCE_ID {
            error("resource", "a template gives no rights to manage: leave it out".to_owned());
            continue;
        }
        let Some(resource) = catalogue.resources.get(id) else {
            error("resource", format!("no resource {id} exists"));
            continue;
        };
        if !seen.insert((resource.service.as_str(), resource.stage.as_str())) {
            error("resource", "a client holds one resource per service and stage".to_owned());
        }
        let unknown = permission.scopes.as_ref().map(|scopes| scopes.difference(&resource.scope_names()));
        if let Some(unknown) = unknown.filter(|unknown| !unknown.is_empty()) {
            error("scopes", format!("{id} does not offer: {unknown}"));
        }
    }
    errors
}
