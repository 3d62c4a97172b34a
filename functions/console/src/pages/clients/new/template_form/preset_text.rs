//! What a template fixes, in words.

use crate::forms::filled_form::label_id;
use crate::pages::clients::permissions::words::{place, scope_words};
use crate::pages::operator::templates::fields::GRANTS;
use serde_json::Value;
use shared::adapters::store::ResourceCatalog;
use shared::domain::client::permission::RequestedPermission;
use shared::domain::client::registration::template::{AskedMember, ClientTemplate};
use shared::domain::primitives::validation::FromJson;
use shared::texts::Texts;
use std::str::FromStr;

/// A member that is fixed.
pub struct PresetRow {
    /// Its name in the API.
    pub member: String,
    /// Text of its label; the name if there is none.
    pub label: String,
    /// Its values in words.
    pub values: Vec<String>,
}

/// What cannot be filled in: what is fixed, and presets of members that have no field.
pub fn rows(texts: Texts, template: &ClientTemplate, catalogue: &ResourceCatalog) -> Vec<PresetRow> {
    let without_field = template.defaults.iter().filter(|(member, _)| AskedMember::from_str(member).is_err());
    let row = |(member, value): (&String, &Value)| PresetRow {
        label: label_id(member).map_or_else(|| member.clone(), |id| texts.get(id)),
        values: values(texts, member, value, catalogue),
        member: member.clone(),
    };
    template.fixed.iter().chain(without_field).map(row).collect()
}

fn values(texts: Texts, member: &str, value: &Value, catalogue: &ResourceCatalog) -> Vec<String> {
    match (member, value) {
        ("permissions", value) => {
            let requested = Vec::<RequestedPermission>::from_json(value).unwrap_or_default();
            requested.iter().map(|permission| permission_words(texts, permission, catalogue)).collect()
        }
        ("access_token_lifetime" | "refresh_token_lifetime", value) => {
            vec![texts.count("minutes", value.as_u64().unwrap_or_default() / 60)]
        }
        ("grant_types", Value::Array(grants)) => {
            let words =
                |grant: &Value| GRANTS.iter().find(|(name, _)| grant == name).map(|(_, id)| texts.get(id));
            grants.iter().map(|grant| words(grant).unwrap_or_else(|| text(grant))).collect()
        }
        (_, Value::Array(values)) => values.iter().map(text).collect(),
        (_, Value::Object(members)) => {
            members.iter().map(|(name, value)| format!("{name}: {}", text(value))).collect()
        }
        (_, value) => vec![text(value)],
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn permission_words(texts: Texts, permission: &RequestedPermission, catalogue: &ResourceCatalog) -> String {
    let id = &permission.resource;
    let resource = catalogue.resources.get(id);
    let default = || resource.map(|known| known.default_scopes.clone()).unwrap_or_default();
    let scopes = permission.scopes.clone().unwrap_or_else(default);
    format!("{}: {}", place(resource, id), scope_words(texts, resource, id, &scopes).join(", "))
}
