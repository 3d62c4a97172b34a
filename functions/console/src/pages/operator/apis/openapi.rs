//! Scopes in an OpenAPI document.

use super::yaml::{self, InvalidYaml};
use serde_json::{Map, Value};
use shared::domain::primitives::display_text::Description;
use shared::domain::resource::scope::Scope;
use std::collections::BTreeMap;

/// Why a document has no scopes to import.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDocument {
    /// It looks like JSON, and is neither that nor YAML.
    #[error("must be JSON or YAML: {0}")]
    NoJson(String),
    /// It is no YAML that is read.
    #[error(transparent)]
    Yaml(#[from] InvalidYaml),
    /// It defines no scopes.
    #[error("has no security scheme of the type oauth2 with scopes")]
    NoScopes,
}

/// The scopes of a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct FoundScopes {
    /// Those that can be scopes here, with their descriptions.
    pub scopes: BTreeMap<Scope, Description>,
    /// Scopes that cannot be scopes here, by name, with the reason.
    pub unusable: BTreeMap<String, String>,
    /// Scopes whose descriptions cannot be descriptions here, with the reason.
    pub undescribed: BTreeMap<String, String>,
}

/// What a document in JSON begins with. One in YAML can begin like this too.
const JSON_BEGINS: [char; 2] = ['{', '['];

/// The document, of JSON or of YAML.
fn parse(document: &str) -> Result<Value, InvalidDocument> {
    if !document.trim_start().starts_with(JSON_BEGINS) {
        return Ok(yaml::parse(document)?);
    }
    let json = match serde_json::from_str(document) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    match yaml::parse(document) {
        Ok(value) => Ok(value),
        // The JSON parser's message fits what is meant to be JSON better.
        Err(InvalidYaml::Syntax(_)) => Err(InvalidDocument::NoJson(json.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// The scopes of all flows of the security schemes of the type `oauth2` with their descriptions, by name: of OpenAPI 3
/// (`components.securitySchemes`) and of its version 2 (`securityDefinitions`).
pub fn scopes(document: &str) -> Result<FoundScopes, InvalidDocument> {
    let document = parse(document)?;
    let schemes = [&document["components"]["securitySchemes"], &document["securityDefinitions"]];
    let mut found = FoundScopes::default();
    for scheme in schemes.into_iter().filter_map(Value::as_object).flat_map(Map::values) {
        if scheme["type"] != "oauth2" {
            continue;
        }
        let flows = scheme["flows"].as_object().into_iter().flat_map(Map::values);
        for (name, words) in flows.chain([scheme]).filter_map(|flow| flow["scopes"].as_object()).flatten() {
            found.add(name, words.as_str().unwrap_or_default());
        }
    }
    if found == FoundScopes::default() { Err(InvalidDocument::NoScopes) } else { Ok(found) }
}

impl FoundScopes {
    fn add(&mut self, name: &str, words: &str) {
        let scope = match Scope::parse(name) {
            Ok(scope) => scope,
            Err(error) => {
                self.unusable.insert(name.to_owned(), error.to_string());
                return;
            }
        };
        let words = Description::parse(words).unwrap_or_else(|error| {
            self.undescribed.insert(name.to_owned(), error.to_string());
            Description::default()
        });
        let known = self.scopes.entry(scope).or_default();
        if known.is_empty() {
            *known = words;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(document: &Value) -> Vec<String> {
        let found = scopes(&document.to_string()).expect("there are scopes").scopes;
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
    fn what_is_left_out_is_said_with_its_reason() {
        let flow = json!({ "two words": "x", "orders:read": "a".repeat(501), "orders:write": "Write" });
        let document = json!({ "securityDefinitions": { "o": { "type": "oauth2", "scopes": flow } } });
        let found = scopes(&document.to_string()).expect("there are scopes");
        assert_eq!(found.unusable.keys().collect::<Vec<_>>(), ["two words"]);
        assert_eq!(found.undescribed.keys().collect::<Vec<_>>(), ["orders:read"]);
        assert_eq!(found.scopes.len(), 2);
        let only = json!({ "securityDefinitions": { "o": { "type": "oauth2", "scopes": { "a b": "" } } } });
        assert_eq!(scopes(&only.to_string()).expect("something").unusable.len(), 1);
    }

    #[test]
    fn documents_are_of_json_or_yaml() {
        let yaml = "openapi: 3.1.0\ninfo: {title: Orders, version: 1.0}\ncomponents:\n  securitySchemes:\n    oauth:\n      type: \
                    oauth2\n      flows:\n        clientCredentials:\n          tokenUrl: https://x.example\n          scopes:\n            \
                    'orders:read': Read orders\n            orders:write: >-\n              Change\n              orders\n            \
                    on: yes\n";
        let found = scopes(yaml).expect("there are scopes").scopes;
        let found: Vec<_> = found.iter().map(|(name, words)| format!("{name} {}", words.as_str())).collect();
        assert_eq!(found, ["on yes", "orders:read Read orders", "orders:write Change orders"]);
    }

    #[test]
    fn document_without_scopes_is_another_thing_than_none() {
        assert_eq!(scopes("{}"), Err(InvalidDocument::NoScopes));
        assert_eq!(scopes("[]"), Err(InvalidDocument::NoScopes));
        assert_eq!(scopes("openapi: 3.1.0"), Err(InvalidDocument::NoScopes));
        assert_eq!(scopes(""), Err(InvalidDocument::NoScopes));
        assert_eq!(scopes("{openapi: 3.1.0}"), Err(InvalidDocument::NoScopes), "YAML begins like JSON");
        assert!(matches!(scopes("{openapi: 3.1.0"), Err(InvalidDocument::NoJson(_))));
        let aliases = Err(InvalidDocument::Yaml(InvalidYaml::Aliases));
        assert_eq!(scopes("{a: &a [x], b: *a}"), aliases);
        assert!(matches!(scopes("a: [b"), Err(InvalidDocument::Yaml(InvalidYaml::Syntax(_)))));
    }
}
