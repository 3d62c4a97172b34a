//! The form of a template, and the members of the API that it fills in.

use super::{api_url, path};
use crate::forms::Form;
use crate::forms::filled_form::{FilledForm, label_id};
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, Link};
use crate::operator_request::OperatorRequest;
use crate::pages::clients::permissions::ticked::SCOPE_FIELD;
use crate::pages::clients::permissions::words::in_words;
use crate::pages::parts::by_api::{api_command, create_command};
use crate::state::ConsoleState;
use askama::Template;
use serde_json::{Map, Value, json};
use shared::adapters::crypto::random::random_hex;
use shared::adapters::store::ResourceCatalog;
use shared::domain::client::registration::template::{AskedMember, ClientTemplate, NamePattern};
use shared::domain::management;
use shared::domain::primitives::link_url::LinkUrl;
use shared::domain::primitives::validation::FieldError;
use shared::domain::resource::Resource;
use std::collections::BTreeMap;
use strum::VariantArray;

/// Texts that are sent as they are.
const TEXTS: [&str; 4] = ["title", "summary", "documentation_url", "name_pattern"];
/// Fixed members that have fields of their own.
const OWN_FIELDS: [&str; 2] = ["permissions", "access_token_lifetime"];

/// An API with the scopes that can be ticked.
pub struct ApiBoxes {
    /// Its name and stage.
    name: String,
    /// Value, words, token if the words are others, and whether it is ticked.
    boxes: Vec<(String, String, Option<String>, bool)>,
}

#[derive(Template)]
#[template(path = "operator/templates/editor.html")]
pub struct EditorPage<'a> {
    pub frame: Frame<'a>,
    target: FormTarget,
    /// The version of the template; `None` for a new one.
    version: Option<u64>,
    number: String,
    form: FilledForm,
    /// The members that can be asked: name, label, and whether it is ticked.
    asked: Vec<(&'static str, String, bool)>,
    apis: Vec<ApiBoxes>,
    /// Whether another person changed it meanwhile.
    is_changed: bool,
    /// URL of the page that deletes it.
    delete: Option<String>,
    back: String,
    command: String,
}

/// A form, before it is a page.
pub struct Editor<'t> {
    /// The template; `None` for a new one.
    pub template: Option<&'t ClientTemplate>,
    /// What is filled in.
    pub form: FilledForm,
    /// Whether another person changed it meanwhile.
    pub is_changed: bool,
}

impl Editor<'_> {
    /// The page.
    pub fn page<'a>(
        self,
        state: &'a ConsoleState,
        request: &OperatorRequest,
        catalogue: &ResourceCatalog,
        frame: Frame<'a>,
    ) -> EditorPage<'a> {
        let texts = request.texts;
        let values = self.form.values();
        let asked = AskedMember::VARIANTS.iter().map(|member| {
            let name = member.as_str();
            let label =
                if *member == AskedMember::Secret { Some("new-client-secret") } else { label_id(name) };
            (name, label.map_or_else(|| name.to_owned(), |id| texts.get(id)), self.form.has("asked", name))
        });
        let body = Value::Object(members(values).unwrap_or_default());
        let list = Link { href: path(""), text: texts.get("nav-operator-templates") };
        let mut frame = frame.below(vec![list]);
        frame.has_errors = self.form.has_errors() || self.is_changed;
        EditorPage {
            frame,
            target: request.form_target(),
            version: self.template.map(|template| template.version),
            number: random_hex(),
            asked: asked.collect(),
            apis: boxes(catalogue, values),
            is_changed: self.is_changed,
            delete: self.template.map(|template| path(&format!("/{}/delete", template.template_id))),
            back: path(""),
            command: match self.template {
                Some(template) => {
                    let url = api_url(state, &format!("/{}", template.template_id));
                    api_command("PATCH", &url, template.version, &body)
                }
                None => create_command(&api_url(state, ""), &body),
            },
            form: self.form,
        }
    }
}

fn boxes(catalogue: &ResourceCatalog, form: &Form) -> Vec<ApiBoxes> {
    let own = |resource: &&Resource| resource.resource_id.as_str() != management::RESOURCE_ID;
    let mut resources: Vec<&Resource> = catalogue.resources.values().filter(own).collect();
    resources.sort_by_key(|resource| (resource.service.as_str(), resource.stage.as_str()));
    let boxes_of = |resource: &Resource| {
        let of_scope = resource.scopes.iter().map(|scope| {
            let (words, code) = in_words(scope);
            let value = format!("{} {}", resource.resource_id, scope.name);
            let is_ticked = form.all(SCOPE_FIELD).any(|ticked| ticked == value);
            (value, words, code, is_ticked)
        });
        let name = format!("{}, {}", resource.resource_name, resource.stage.as_str());
        ApiBoxes { name, boxes: of_scope.collect() }
    };
    resources.into_iter().map(boxes_of).collect()
}

/// The fields of a template.
pub fn fields(template: &ClientTemplate) -> Form {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let mut fields = vec![
        ("title".to_owned(), template.title.to_string()),
        ("summary".to_owned(), template.summary.to_string()),
        ("order".to_owned(), template.order.to_string()),
        ("documentation_url".to_owned(), text(template.documentation_url.as_ref().map(LinkUrl::as_str))),
        ("name_pattern".to_owned(), text(template.name_pattern.as_ref().map(NamePattern::as_str))),
    ];
    fields.extend(template.asked.iter().map(|member| ("asked".to_owned(), member.as_str().to_owned())));
    let mut fixed = template.fixed.clone();
    for permission in fixed.remove("permissions").iter().filter_map(Value::as_array).flatten() {
        let resource = permission["resource"].as_str().unwrap_or_default();
        let scopes = permission["scopes"].as_array().into_iter().flatten().filter_map(Value::as_str);
        fields.extend(scopes.map(|scope| (SCOPE_FIELD.to_owned(), format!("{resource} {scope}"))));
    }
    if let Some(seconds) = fixed.remove("access_token_lifetime").as_ref().and_then(Value::as_u64) {
        fields.push(("access_token_lifetime".to_owned(), (seconds / 60).to_string()));
    }
    let json = |members: &Map<String, Value>| {
        if members.is_empty() { String::new() } else { format!("{:#}", Value::Object(members.clone())) }
    };
    fields.push(("fixed".to_owned(), json(&fixed)));
    fields.push(("defaults".to_owned(), json(&template.defaults)));
    fields.into_iter().collect()
}

/// The members of the API that a form fills in.
pub fn members(form: &Form) -> Result<Map<String, Value>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut object = |field: &str| match form.get(field).map(serde_json::from_str) {
        None => Map::new(),
        Some(Ok(Value::Object(members))) => members,
        Some(_) => {
            errors.push(FieldError::new(field, "must be a JSON object, such as {\"contacts\": []}"));
            Map::new()
        }
    };
    let (mut fixed, defaults) = (object("fixed"), object("defaults"));
    if let Some(minutes) = text(form, "access_token_lifetime") {
        fixed.insert("access_token_lifetime".to_owned(), number(minutes, 60));
    }
    let mut permissions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (resource, scope) in form.all(SCOPE_FIELD).filter_map(|value| value.split_once(' ')) {
        permissions.entry(resource).or_default().push(scope);
    }
    if !permissions.is_empty() {
        let permissions = permissions.into_iter();
        let permissions =
            permissions.map(|(resource, scopes)| json!({ "resource": resource, "scopes": scopes }));
        fixed.insert("permissions".to_owned(), permissions.collect());
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
    members.insert("fixed".to_owned(), Value::Object(fixed));
    members.insert("defaults".to_owned(), Value::Object(defaults));
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
        let own = error
            .path
            .strip_prefix("fixed/")
            .filter(|path| OWN_FIELDS.contains(&path.split('/').next().unwrap_or_default()));
        own.map(str::to_owned).map_or(error.clone(), |path| FieldError { path, ..error })
    };
    errors.into_iter().map(at).collect()
}
