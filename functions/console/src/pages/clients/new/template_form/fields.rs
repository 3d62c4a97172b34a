//! The fields of a template's form, and the members of the API that they are.

use crate::forms::Form;
use crate::forms::lifetime::{LifetimeUnit, exact_unit, usual_unit};
use crate::pages::clients::rotate::form::SecretForm;
use serde_json::{Map, Value, json};
use shared::domain::client::registration::template::{AskedMember, ClientTemplate};
use shared::domain::oauth::lifetime::MAX_REFRESH_SECONDS;
use shared::texts::Texts;
use strum::VariantArray;

/// A field of the form.
pub struct TemplateField {
    /// The member that it is.
    pub member: &'static str,
    /// Text of its label.
    pub label: String,
    /// Text of its hint.
    pub hint: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// Whether it cannot be left empty.
    pub is_required: bool,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text, with the type of the input.
    Text(&'static str),
    /// One value a line.
    Lines,
    /// A text of several lines.
    Block,
    /// A lifetime in units of so many seconds.
    Lifetime { unit: u32 },
}

/// How a member is filled in; `None` for the secret, which has fields of its own.
fn kind(template: &ClientTemplate, member: AskedMember) -> Option<FieldKind> {
    Some(match member {
        AskedMember::ClientName | AskedMember::Description => FieldKind::Text("text"),
        AskedMember::ClientUri | AskedMember::JwksUri => FieldKind::Text("url"),
        AskedMember::RedirectUris | AskedMember::Contacts | AskedMember::AllowedIps => FieldKind::Lines,
        AskedMember::PublicKeyPem => FieldKind::Block,
        AskedMember::AccessTokenLifetime | AskedMember::RefreshTokenLifetime => {
            FieldKind::Lifetime { unit: lifetime_unit(template, member.as_str()) }
        }
        AskedMember::Secret => return None,
    })
}

/// The unit of a lifetime, in seconds: the largest one that says the template's default exactly.
pub fn lifetime_unit(template: &ClientTemplate, member: &str) -> u32 {
    let default = template.defaults.get(member).and_then(Value::as_u64);
    let default = default.and_then(|seconds| u32::try_from(seconds).ok());
    default.map_or_else(|| usual_unit(member), |seconds| exact_unit(member, seconds))
}

/// Whether the form has a field for a member.
fn is_shown(template: &ClientTemplate, member: AskedMember) -> bool {
    template.asked.contains(&member) || template.defaults.contains_key(member.as_str())
}

/// The fields of what a template asks for, and of what it presets only.
pub fn fields_of(
    texts: Texts,
    template: &ClientTemplate,
    max_access_token_lifetime: u32,
) -> [Vec<TemplateField>; 2] {
    let field = |member: &AskedMember| {
        let kind = kind(template, *member)?;
        let (label, hint) = words(texts, *member, kind, max_access_token_lifetime);
        let is_asked = template.asked.contains(member);
        let has_value = template.defaults.contains_key(member.as_str())
            || (*member == AskedMember::ClientName && template.name_pattern.is_some());
        Some(TemplateField {
            member: member.as_str(),
            label,
            hint,
            kind,
            is_required: is_asked && !has_value,
        })
    };
    let asked = template.asked.iter().filter_map(field).collect();
    let is_preset = |member: &&AskedMember| is_shown(template, **member) && !template.asked.contains(member);
    let preset = AskedMember::VARIANTS.iter().filter(is_preset).filter_map(field).collect();
    [asked, preset]
}

fn words(texts: Texts, member: AskedMember, kind: FieldKind, max_access: u32) -> (String, String) {
    let in_unit = |max_seconds| match kind {
        FieldKind::Lifetime { unit } => LifetimeUnit::new(texts, unit, max_seconds).hint,
        _ => String::new(),
    };
    let both = |label: String, hint: String| (label, hint);
    match member {
        AskedMember::ClientName => both(texts.get("label-client-name"), texts.get("hint-client-name")),
        AskedMember::Description => both(texts.get("label-description"), texts.get("hint-description")),
        AskedMember::ClientUri => both(texts.get("label-client-uri"), texts.get("hint-client-uri")),
        AskedMember::RedirectUris => both(texts.get("label-redirect-uris"), texts.get("hint-redirect-uris")),
        AskedMember::Contacts => both(texts.get("label-contacts"), texts.get("hint-contacts")),
        AskedMember::AllowedIps => both(texts.get("label-allowed-ips"), texts.get("hint-allowed-ips")),
        AskedMember::JwksUri => both(texts.get("label-jwks-uri"), texts.get("hint-jwks-uri")),
        AskedMember::PublicKeyPem => {
            both(texts.get("label-public-key-pem"), texts.get("hint-public-key-pem"))
        }
        AskedMember::AccessTokenLifetime => {
            both(texts.get("label-access-token-lifetime"), in_unit(max_access))
        }
        AskedMember::RefreshTokenLifetime => {
            let hint =
                format!("{} {}", texts.get("hint-refresh-token-lifetime"), in_unit(MAX_REFRESH_SECONDS));
            both(texts.get("label-refresh-token-lifetime"), hint)
        }
        AskedMember::Secret => Default::default(),
    }
}

/// The template's defaults as what is filled in.
pub fn default_values(template: &ClientTemplate) -> Vec<(String, String)> {
    let filled = |member: &AskedMember| {
        let value = template.defaults.get(member.as_str())?;
        let text = match (kind(template, *member)?, value) {
            (FieldKind::Lifetime { unit }, value) => {
                (value.as_u64().unwrap_or_default() / u64::from(unit)).to_string()
            }
            (_, Value::Array(lines)) => lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
            (_, value) => value.as_str().unwrap_or_default().to_owned(),
        };
        Some((member.as_str().to_owned(), text))
    };
    AskedMember::VARIANTS.iter().filter_map(filled).collect()
}

/// The members of the API that a form fills in, beside the template. An empty field takes a default away, where one can.
pub fn members(template: &ClientTemplate, form: &Form) -> Map<String, Value> {
    let mut members = Map::new();
    for member in AskedMember::VARIANTS.iter().filter(|member| is_shown(template, **member)) {
        let name = member.as_str();
        let text = form.get(name).map(str::trim).filter(|text| !text.is_empty());
        let has_default = template.defaults.contains_key(name);
        let value = match (kind(template, *member), text) {
            (None, _) if template.asked.contains(member) => SecretForm::api_body(form),
            (Some(FieldKind::Lines), text) if text.is_some() || has_default => {
                let lines = text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
                json!(lines.collect::<Vec<_>>())
            }
            (Some(FieldKind::Lifetime { unit }), Some(text)) => {
                // What is no number is refused by the type of the member.
                let value = text.parse::<u32>().ok().and_then(|number| number.checked_mul(unit));
                value.map_or_else(|| json!(text), |value| json!(value))
            }
            (Some(FieldKind::Text(_) | FieldKind::Block), Some(text)) => json!(text),
            (Some(FieldKind::Text(_)), None) if has_default && *member == AskedMember::Description => {
                json!("")
            }
            (Some(FieldKind::Text(_)), None) if has_default && *member == AskedMember::ClientUri => {
                Value::Null
            }
            _ => continue,
        };
        members.insert(name.to_owned(), value);
    }
    members
}
