//! Access to the parts of the OpenAPI document.

use crate::support::app::TestApp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The OpenAPI document as it is served.
pub struct Document(pub Value);

impl Document {
    pub async fn of(latchkey: &TestApp) -> Self {
        Self(latchkey.request("GET", "/openapi.json").send().await.expect(200).json())
    }

    /// Every method and path of the management API with its operation.
    pub fn operations(&self) -> BTreeMap<(String, String), &Value> {
        let all = self.all_operations().into_iter();
        all.filter(|(_, operation)| operation["tags"] != json!(["oauth"])).collect()
    }

    /// The same of the OAuth endpoints.
    pub fn oauth_operations(&self) -> BTreeMap<(String, String), &Value> {
        let all = self.all_operations().into_iter();
        all.filter(|(_, operation)| operation["tags"] == json!(["oauth"])).collect()
    }

    /// Every method and path with its operation.
    pub fn all_operations(&self) -> BTreeMap<(String, String), &Value> {
        let paths = self.0["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| ((method.to_uppercase(), path.clone()), operation))
        });
        operations.collect()
    }

    pub fn operation(&self, method: &str, path: &str) -> &Value {
        let operations = self.all_operations();
        operations.get(&(method.to_owned(), path.to_owned())).unwrap_or_else(|| panic!("{method} {path}"))
    }

    /// The members of an object and their schemas, at any level of composition.
    pub fn members<'a>(&'a self, schema: &'a Value) -> BTreeMap<String, &'a Value> {
        let mut members = BTreeMap::new();
        for part in self.parts(schema) {
            let properties = part.get("properties").and_then(Value::as_object);
            members.extend(properties.into_iter().flatten().map(|(name, schema)| (name.clone(), schema)));
        }
        members
    }

    /// The schema of the elements of a list.
    pub fn element<'a>(&'a self, schema: &'a Value) -> &'a Value {
        self.parts(schema).into_iter().find_map(|part| part.get("items")).unwrap()
    }

    /// A schema and all schemas that it refers to or is composed of.
    fn parts<'a>(&'a self, schema: &'a Value) -> Vec<&'a Value> {
        let mut parts = vec![schema];
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            parts.extend(self.parts(self.target(reference)));
        }
        for name in ["allOf", "oneOf", "anyOf"] {
            let inner = schema.get(name).and_then(Value::as_array);
            parts.extend(inner.into_iter().flatten().flat_map(|part| self.parts(part)));
        }
        parts
    }

    fn target(&self, reference: &str) -> &Value {
        let pointer = reference.strip_prefix('#').unwrap();
        self.0.pointer(pointer).unwrap_or_else(|| panic!("{reference} does not resolve"))
    }

    /// Every `$ref` of the document.
    pub fn references(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        visit(&self.0, &mut |name, value| {
            if name == "$ref" {
                found.insert(value.as_str().unwrap().to_owned());
            }
        });
        found
    }

    /// Every member name in the document's schemas.
    pub fn all_member_names(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        visit(&self.0, &mut |name, value| {
            if name == "properties" {
                found.extend(value.as_object().unwrap().keys().cloned());
            }
        });
        found
    }

    /// The schema of the JSON request body of an operation.
    pub fn request(operation: &Value) -> &Value {
        &operation["requestBody"]["content"]["application/json"]["schema"]
    }

    /// The names of an operation's parameters with this `in` value.
    pub fn parameters(operation: &Value, place: &str) -> BTreeSet<String> {
        let all = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let there = all.filter(|parameter| parameter["in"] == place);
        there.map(|parameter| parameter["name"].as_str().unwrap().to_owned()).collect()
    }
}

fn visit<'a>(value: &'a Value, visitor: &mut impl FnMut(&'a str, &'a Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                visitor(name, member);
                visit(member, visitor);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, visitor)),
        _ => {}
    }
}
