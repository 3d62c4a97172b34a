//! The committed document is the code's, and takes nothing away that the last release offered.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The document of the last release: replaced when a version is released.
const RELEASED: &str = include_str!("released.json");
/// Writes the committed document instead of comparing it.
const UPDATE: &str = "LATCHKEY_UPDATE_OPENAPI";

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Which side of a request a schema is on: what a caller may send, or what it can rely on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Response,
}

/// Two documents, and what the newer one takes away.
struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    seen: BTreeSet<(String, bool)>,
    narrowed: Vec<String>,
}

impl<'a> Comparison<'a> {
    fn of(old: &'a Value, new: &'a Value) -> Vec<String> {
        let mut comparison = Self { old, new, seen: BTreeSet::new(), narrowed: Vec::new() };
        comparison.paths();
        comparison.narrowed
    }

    fn paths(&mut self) {
        let (old, new) = (self.old, self.new);
        for (path, item) in old["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                let (before, after) = (&item[method], &new["paths"][path][method]);
                let was_announced = before["deprecated"] == true;
                if before.is_null() || was_announced {
                    continue;
                }
                let what = format!("{method} {path}");
                if after.is_null() {
                    self.narrowed.push(format!("{what} is gone"));
                    continue;
                }
                self.parameters(&what, before, after);
                self.body(&what, before, after);
                self.responses(&what, before, after);
            }
        }
    }

    fn parameters(&mut self, what: &str, before: &Value, after: &Value) {
        let list = |operation: &Value| operation["parameters"].as_array().cloned().unwrap_or_default();
        let (before, after) = (list(before), list(after));
        let same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
        for parameter in &before {
            if !after.iter().any(|other| same(parameter, other)) {
                self.narrowed.push(format!("{what}: parameter {} is gone", parameter["name"]));
            }
        }
        for parameter in after.iter().filter(|parameter| parameter["required"] == true) {
            let was_required = before.iter().any(|other| same(parameter, other) && other["required"] == true);
            if !was_required {
                self.narrowed.push(format!("{what}: parameter {} is required now", parameter["name"]));
            }
        }
    }

    fn body(&mut self, what: &str, before: &Value, after: &Value) {
        let (before, after) = (&before["requestBody"], &after["requestBody"]);
        if after["required"] == true && before["required"] != true {
            self.narrowed.push(format!("{what}: the body is required now"));
        }
        self.contents(&format!("{what} request"), &before["content"], &after["content"], Side::Request);
    }

    fn responses(&mut self, what: &str, before: &Value, after: &Value) {
        for (status, response) in before["responses"].as_object().into_iter().flatten() {
            let new = &after["responses"][status];
            if new.is_null() {
                self.narrowed.push(format!("{what}: response {status} is gone"));
            } else {
                let what = format!("{what} response {status}");
                self.contents(&what, &response["content"], &new["content"], Side::Response);
            }
        }
    }

    fn contents(&mut self, what: &str, before: &Value, after: &Value, side: Side) {
        for (media_type, content) in before.as_object().into_iter().flatten() {
            match after.get(media_type) {
                None => self.narrowed.push(format!("{what}: {media_type} is gone")),
                Some(new) => self.schema(what, &content["schema"], &new["schema"], side),
            }
        }
    }

    fn schema(&mut self, what: &str, before: &Value, after: &Value, side: Side) {
        if let Some(reference) = before["$ref"].as_str()
            && !self.seen.insert((reference.to_owned(), side == Side::Request))
        {
            return;
        }
        let (before, after) = (Members::of(self.old, before), Members::of(self.new, after));
        if before.is_deprecated {
            return;
        }
        for value in &before.values {
            if side == Side::Request && !after.values.is_empty() && !after.values.contains(value) {
                self.narrowed.push(format!("{what}: the value {value} is gone"));
            }
        }
        for (name, member) in &before.properties {
            let what = format!("{what}.{name}");
            let Some(new) = after.properties.get(name) else {
                self.narrowed.push(format!("{what} is gone"));
                continue;
            };
            if side == Side::Response && before.required.contains(name) && !after.required.contains(name) {
                self.narrowed.push(format!("{what} may be absent now"));
            }
            self.schema(&what, member, new, side);
        }
        for name in after.required.difference(&before.required) {
            if side == Side::Request {
                self.narrowed.push(format!("{what}.{name} is required now"));
            }
        }
        if let (Some(before), Some(after)) = (before.element, after.element) {
            self.schema(&format!("{what}[]"), before, after, side);
        }
    }
}

/// What a schema says, with all that it refers to or is composed of.
#[derive(Default)]
struct Members<'a> {
    properties: BTreeMap<String, &'a Value>,
    required: BTreeSet<String>,
    values: Vec<&'a Value>,
    element: Option<&'a Value>,
    is_deprecated: bool,
}

impl<'a> Members<'a> {
    fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut found = Self::default();
        found.add(document, schema);
        found
    }

    fn add(&mut self, document: &'a Value, schema: &'a Value) {
        let properties = schema["properties"].as_object().into_iter().flatten();
        self.properties.extend(properties.map(|(name, member)| (name.clone(), member)));
        let required = schema["required"].as_array().into_iter().flatten();
        self.required.extend(required.filter_map(|name| name.as_str().map(str::to_owned)));
        self.values.extend(schema["enum"].as_array().into_iter().flatten());
        self.element = self.element.or(schema.get("items"));
        self.is_deprecated |= schema["deprecated"] == true;
        if let Some(reference) = schema["$ref"].as_str() {
            self.add(document, document.pointer(reference.trim_start_matches('#')).unwrap());
        }
        for composed in ["allOf", "oneOf", "anyOf"] {
            for part in schema[composed].as_array().into_iter().flatten() {
                self.add(document, part);
            }
        }
    }
}

/// The document of all functions, from their handlers.
fn generated() -> utoipa::openapi::OpenApi {
    let mut document = clients::openapi();
    document.merge(authorize::openapi());
    document.merge(token::openapi());
    document
}

#[test]
fn committed_document_is_the_codes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/openapi.json");
    let current = serde_json::to_string_pretty(&generated()).unwrap() + "\n";
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &current).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == current, "infra/openapi.json is not the code's: run this test with {UPDATE}=1");
}

#[test]
fn nothing_of_the_last_release_is_gone() {
    let released: Value = serde_json::from_str(RELEASED).unwrap();
    let current = serde_json::to_value(generated()).unwrap();
    let narrowed = Comparison::of(&released, &current);
    assert!(narrowed.is_empty(), "deprecate these for one release first: {narrowed:#?}");
}

#[test]
fn each_kind_of_narrowing_is_found() {
    let released: Value = serde_json::from_str(RELEASED).unwrap();
    let change = |pointer: &str, name: &str, value: Option<Value>| {
        let mut new = released.clone();
        let object = new.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        match value {
            Some(value) => drop(object.insert(name.to_owned(), value)),
            None => drop(object.remove(name).expect("it was there")),
        }
        Comparison::of(&released, &new)
    };
    let clients = "/paths/~1v1~1accounts~1{account_id}~1clients";
    assert!(change("/paths", "/v1/accounts/{account_id}/clients", None).len() >= 2);
    assert_eq!(change(clients, "get", None).len(), 1);
    assert_eq!(change(&format!("{clients}/get"), "parameters", Some(json!([]))).len(), 6);
    let new = json!([{ "name": "x", "in": "query", "required": true }]);
    assert!(change(&format!("{clients}/get"), "parameters", Some(new)).len() > 1);
    assert!(!change("/components/schemas/ClientResponse/properties", "client_name", None).is_empty());
    assert!(!change("/components/schemas/ClientResponse", "required", Some(json!([]))).is_empty());
    let required = Some(json!(["client_name", "contacts"]));
    assert!(!change("/components/schemas/CreateClientRequest", "required", required).is_empty());
    assert_eq!(Comparison::of(&released, &released), Vec::<String>::new());
}
