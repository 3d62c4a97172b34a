//! The fields of a template's form, and the members of the API that they are.

use crate::forms::Form;
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
    /// A number of units of so many seconds, at most so many.
    Number { seconds: u32, most: u32 },
}

/// How a member is filled in; `None` for the secret, which has fields of its own.
const fn kind(member: AskedMember) -> Option<FieldKind> {
    Some(match member {
        AskedMember::ClientName | AskedMember::Description => FieldKind::Text("text"),
        AskedMember::ClientUri | AskedMember::JwksUri => FieldKind::Text("url"),
        AskedMember::RedirectUris | AskedMember::Contacts | AskedMember::AllowedIps => FieldKind::Lines,
        AskedMember::PublicKeyPem => FieldKind::Block,
        AskedMember::AccessTokenLifetime => FieldKind::Number { seconds: 60, most: 0 },
        AskedMember::RefreshTokenLifetime => {
            FieldKind::Number { seconds: 86_400, most: MAX_REFRESH_SECONDS / 86_400 }
        }
        AskedMember::Secret => return None,
    })
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
        let kind = match kind(*member)? {
            FieldKind::Number { seconds: 60, .. } => {
                FieldKind::Number { seconds: 60, most: max_access_token_lifetime / 60 }
            }
            kind => kind,
        };
        let (label, hint) = words(texts, *member, kind);
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

fn words(texts: Texts, member: AskedMember, kind: FieldKind) -> (String, String) {
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
            let FieldKind::Number { most, .. } = kind else { return Default::default() };
            let hint = texts.count("hint-access-token-lifetime", u64::from(most));
            both(texts.get("label-access-token-lifetime"), hint)
        }
        AskedMember::RefreshTokenLifetime => {
            both(texts.get("label-refresh-token-lifetime"), texts.get("hint-refresh-token-lifetime"))
        }
        AskedMember::Secret => Default::default(),
    }
}

/// The template's defaults as what is filled in.
pub fn default_values(template: &ClientTemplate) -> Vec<(String, String)> {
    let filled = |member: &AskedMember| {
        let value = template.defaults.get(member.as_str())?;
        let text = match (kind(*member)?, value) {
            (FieldKind::Number { seconds, .. }, value) => {
                (value.as_u64().unwrap_or_default() / u64::from(seconds)).to_string()
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
        let value = match (kind(*member), text) {
            (None, _) if template.asked.contains(member) => SecretForm::api_body(form),
            (Some(FieldKind::Lines), text) if text.is_some() || has_default => {
                let lines = text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
                json!(lines.collect::<Vec<_>>())
            }
            (Some(FieldKind::Number { seconds, .. }), Some(text)) => {
                // What is no number is refused by the type of the member.
                let value = text.parse::<u32>().ok().and_then(|number| number.checked_mul(seconds));
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
