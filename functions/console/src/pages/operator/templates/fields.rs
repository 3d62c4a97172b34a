//! The fields of a template, and the members of the API that they fill in.

use crate::forms::Form;
use crate::pages::clients::permissions::offered::OfferedApis;
use crate::pages::clients::permissions::ticked::{PermissionsForm, SCOPE_FIELD, TickedScopes};
use serde_json::{Map, Value, json};
use shared::domain::client::permission::RequestedPermission;
use shared::domain::client::registration::name_pattern::NamePattern;
use shared::domain::client::registration::template::ClientTemplate;
use shared::domain::primitives::link_url::LinkUrl;
use shared::domain::primitives::validation::{FieldError, FromJson};

/// Texts that are sent as they are.
const TEXTS: [&str; 4] = ["title", "summary", "documentation_url", "name_pattern"];
/// Members of a client that have fields of their own, and need not be written as JSON.
const OWN_FIELDS: [&str; 3] = ["permissions", "access_token_lifetime", "grant_types"];
/// The grants that have a box.
pub const GRANTS: [(&str, &str); 3] = [
    ("client_credentials", "grant-client-credentials"),
    ("authorization_code", "grant-authorization-code"),
    ("refresh_token", "grant-refresh-token"),
];
/// All fields, in their order.
const LISTED: [&str; 13] = [
    "title",
    "summary",
    "documentation_url",
    "order",
    "asked",
    "name_pattern",
    SCOPE_FIELD,
    "grant_types",
    "grant_types_as",
    "access_token_lifetime",
    "access_token_lifetime_as",
    "fixed",
    "defaults",
];
/// The two kinds of preset: what is fixed, and what has a default.
const PRESETS: [&str; 2] = ["fixed", "defaults"];

/// The fields of a template.
pub fn fields(template: &ClientTemplate, offered: &OfferedApis<'_>) -> Form {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let mut fields = vec![
        ("title".to_owned(), template.title.to_string()),
        ("summary".to_owned(), template.summary.to_string()),
        ("order".to_owned(), template.order.to_string()),
        ("documentation_url".to_owned(), text(template.documentation_url.as_ref().map(LinkUrl::as_str))),
        ("name_pattern".to_owned(), text(template.name_pattern.as_ref().map(NamePattern::as_str))),
    ];
    fields.extend(template.asked.iter().map(|member| ("asked".to_owned(), member.as_str().to_owned())));
    let mut presets = [template.fixed.clone(), template.defaults.clone()];
    if let Some(ticked) = presets[0].get("permissions").and_then(ticked) {
        presets[0].remove("permissions");
        fields.extend(ticked.choices(offered));
        fields.extend(ticked.values().into_iter().map(|value| (SCOPE_FIELD.to_owned(), value)));
    }
    for (preset, kind) in presets.iter_mut().zip(PRESETS) {
        for (member, values) in [
            ("access_token_lifetime", preset.get("access_token_lifetime").and_then(minutes)),
            ("grant_types", preset.get("grant_types").and_then(grants)),
        ] {
            if let Some(values) = values
                && preset.remove(member).is_some()
            {
                fields.push((kind_field(member), kind.to_owned()));
                fields.extend(values.into_iter().map(|value| (member.to_owned(), value)));
            }
        }
    }
    for (preset, kind) in presets.iter().zip(PRESETS).filter(|(preset, _)| !preset.is_empty()) {
        fields.push((kind.to_owned(), format!("{:#}", Value::Object(preset.clone()))));
    }
    fields.into_iter().collect()
}

/// The fields of a template as they are now, as the API calls them.
pub fn present(template: &ClientTemplate, offered: &OfferedApis<'_>) -> Vec<(&'static str, String)> {
    let mut listed = fields(template, offered).listed(&LISTED);
    if let Some(scopes) = listed.iter_mut().find(|(name, _)| *name == SCOPE_FIELD) {
        scopes.0 = "permissions";
    }
    listed
}

/// Name of the field that says whether a member is fixed or has a default.
fn kind_field(member: &str) -> String {
    format!("{member}_as")
}

/// Permissions as boxes; `None` if boxes cannot say them.
fn ticked(permissions: &Value) -> Option<TickedScopes> {
    let requested = Vec::<RequestedPermission>::from_json(permissions).ok()?;
    if requested.is_empty() { None } else { TickedScopes::preset(requested) }
}

/// A lifetime as whole minutes; `None` if it is none.
fn minutes(seconds: &Value) -> Option<Vec<String>> {
    let seconds = seconds.as_u64().filter(|seconds| seconds.is_multiple_of(60))?;
    Some(vec![(seconds / 60).to_string()])
}

/// Grants as boxes; `None` if one of them has none.
fn grants(grants: &Value) -> Option<Vec<String>> {
    let grants: Vec<String> = serde_json::from_value(grants.clone()).ok()?;
    let has_box = |grant: &String| GRANTS.iter().any(|(name, _)| name == grant);
    (!grants.is_empty() && grants.iter().all(has_box)).then_some(grants)
}

/// The members of the API that a form fills in.
pub fn members(form: &Form, offered: &OfferedApis<'_>) -> Result<Map<String, Value>, Vec<FieldError>> {
    let PermissionsForm { ticked, mut errors, .. } = PermissionsForm::read(form, offered);
    let mut object = |field: &str| match form.get(field).map(serde_json::from_str) {
        None => Map::new(),
        Some(Ok(Value::Object(members))) => members,
        Some(_) => {
            errors.push(FieldError::new(field, "must be a JSON object, such as {\"contacts\": []}"));
            Map::new()
        }
    };
    let mut presets = PRESETS.map(&mut object);
    let mut preset = |member: &str, value: Value| {
        let is_default = form.get(&kind_field(member)) == Some(PRESETS[1]);
        presets[usize::from(is_default)].insert(member.to_owned(), value);
    };
    if let Some(minutes) = text(form, "access_token_lifetime") {
        preset("access_token_lifetime", number(minutes, 60));
    }
    let grants: Vec<&str> = form.all("grant_types").collect();
    if !grants.is_empty() {
        preset("grant_types", json!(grants));
    }
    let permissions = ticked.iter().map(|(id, scopes)| json!({ "resource": id, "scopes": scopes }));
    let permissions: Vec<Value> = permissions.collect();
    if !permissions.is_empty() {
        presets[0].insert("permissions".to_owned(), Value::Array(permissions));
    }
    let mut members = Map::new();
    for name in TEXTS {
        if let Some(text) = text(form, name) {
            members.insert(name.to_owned(), json!(text));
        }
    }
    if let Some(id) = text(form, "template_id") {
        members.insert("template_id".to_owned(), json!(id));
    }
    members.insert("order".to_owned(), text(form, "order").map_or(json!(0), |order| number(order, 1)));
    members.insert("asked".to_owned(), form.all("asked").collect());
    members.extend(PRESETS.iter().map(|kind| (*kind).to_owned()).zip(presets.map(Value::Object)));
    if errors.is_empty() { Ok(members) } else { Err(errors) }
}

/// A number of units. What is no number is refused by the type of the member.
fn number(text: &str, unit: u32) -> Value {
    let number = text.parse::<u32>().ok().and_then(|number| number.checked_mul(unit));
    number.map_or_else(|| json!(text), |number| json!(number))
}

fn text<'a>(form: &'a Form, name: &str) -> Option<&'a str> {
    form.get(name).map(str::trim).filter(|text| !text.is_empty())
}

/// The complaints, those about what has a field of its own at that field.
pub fn at_fields(errors: Vec<FieldError>) -> Vec<FieldError> {
    let at = |error: FieldError| {
        let member = PRESETS.iter().find_map(|kind| error.path.strip_prefix(kind)?.strip_prefix('/'));
        let own = member.filter(|path| OWN_FIELDS.contains(&path.split('/').next().unwrap_or_default()));
        own.map(str::to_owned).map_or(error.clone(), |path| FieldError { path, ..error })
    };
    errors.into_iter().map(at).collect()
}
