//! Scopes in an OpenAPI document.

use super::yaml::{self, InvalidYaml};
use serde_json::{Map, Value};
use shared::domain::primitives::display_text::Description;
use shared::domain::resource::scope::Scope;
use std::collections::BTreeMap;

/// Why a document has no scopes to import.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocument {
    /// It looks like JSON, and is none.
    #[error("must be JSON: {0}")]
    NoJson(String),
    /// It is no YAML that is read.
    #[error(transparent)]
    Yaml(#[from] InvalidYaml),
    /// It defines no scopes.
    #[error("has no security scheme of the type oauth2 with scopes")]
    NoScopes,
}

/// What a document in JSON begins with.
const JSON_BEGINS: [char; 2] = ['{', '['];

/// The document, of JSON or of YAML.
fn parse(document: &str) -> Result<Value, InvalidDocument> {
    if document.trim_start().starts_with(JSON_BEGINS) {
        return serde_json::from_str(document).map_err(|error| InvalidDocument::NoJson(error.to_string()));
    }
    Ok(yaml::parse(document)?)
}

/// The scopes of all flows of the security schemes of the type `oauth2` with their descriptions, by name: of OpenAPI 3
/// (`components.securitySchemes`) and of its version 2 (`securityDefinitions`). What cannot be a scope or a description here is
/// left out.
pub fn scopes(document: &str) -> Result<BTreeMap<Scope, Description>, InvalidDocument> {
    let document = parse(document)?;
    let schemes = [&document["components"]["securitySchemes"], &document["securityDefinitions"]];
    let mut found = BTreeMap::new();
    for scheme in schemes.into_iter().filter_map(Value::as_object).flat_map(Map::values) {
        if scheme["type"] != "oauth2" {
            continue;
        }
        let flows = scheme["flows"].as_object().into_iter().flat_map(Map::values);
        for (name, words) in flows.chain([scheme]).filter_map(|flow| flow["scopes"].as_object()).flatten() {
            let Ok(name) = Scope::parse(name) else { continue };
            let words = Description::parse(words.as_str().unwrap_or_default()).unwrap_or_default();
            let known: &mut Description = found.entry(name).or_default();
            if known.is_empty() {
                *known = words;
            }
        }
    }
    if found.is_empty() { Err(InvalidDocument::NoScopes) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(document: &Value) -> Vec<String> {
        let found = scopes(&document.to_string()).expect("there are scopes");
        found.iter().map(|(name, words)| format!("{name} {}", words.as_str())).collect()
    }

    #[test]
    fn scopes_of_all_flows_are_found_once() {
        let flow = |scopes: Value| json!({ "tokenUrl": "https://x.example", "scopes": scopes });
        let document = json!({ "components": { "securitySchemes": {
            "key": { "type": "apiKey", "scopes": { "no": "No" } },
            "oauth": { "type": "oauth2", "flows": {
                "clientCredentials": flow(json!({ "orders:read": "Read orders", "two words": "x" })),
                "authorizationCode": flow(json!({ "orders:read": "", "orders:write": 7 })),
            } },
        } } });
        assert_eq!(names(&document), ["orders:read Read orders", "orders:write "]);
        let old = json!({ "securityDefinitions": { "o": { "type": "oauth2", "scopes": { "a": "A" } } } });
        assert_eq!(names(&old), ["a A"]);
    }

    #[test]
    fn documents_are_of_json_or_yaml() {
        let yaml = "openapi: 3.1.0\ninfo: {title: Orders, version: 1.0}\ncomponents:\n  securitySchemes:\n    oauth:\n      type: \
                    oauth2\n      flows:\n        clientCredentials:\n          tokenUrl: https://x.example\n          scopes:\n            \
                    'orders:read': Read orders\n            orders:write: >-\n              Change\n              orders\n            \
                    on: yes\n";
        let found = scopes(yaml).expect("there are scopes");
        let found: Vec<_> = found.iter().map(|(name, words)| format!("{name} {}", words.as_str())).collect();
        assert_eq!(found, ["on yes", "orders:read Read orders", "orders:write Change orders"]);
    }

    #[test]
    fn document_without_scopes_is_another_thing_than_none() {
        assert_eq!(scopes("{}"), Err(InvalidDocument::NoScopes));
        assert_eq!(scopes("[]"), Err(InvalidDocument::NoScopes));
        assert_eq!(scopes("openapi: 3.1.0"), Err(InvalidDocument::NoScopes));
        assert_eq!(scopes(""), Err(InvalidDocument::NoScopes));
        assert!(matches!(scopes("{openapi: 3.1.0}"), Err(InvalidDocument::NoJson(_))));
        assert!(matches!(scopes("a: [b"), Err(InvalidDocument::Yaml(InvalidYaml::Syntax(_)))));
    }
}
