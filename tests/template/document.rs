//! The templates as CloudFormation reads them: YAML whose short tags are expanded to their JSON form.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// A template.
pub struct Template(pub Value);

/// A resource of one type.
pub struct Resource<'a> {
    pub name: &'a str,
    pub properties: &'a Value,
    pub whole: &'a Value,
}

/// The folder of the templates.
pub fn infra() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra")
}

impl Template {
    /// `infra/template.yaml`
    pub fn stack() -> Self {
        Self::read(&infra().join("template.yaml"))
    }

    /// `infra/monitoring.yaml`
    pub fn monitoring() -> Self {
        Self::read(&infra().join("monitoring.yaml"))
    }

    /// `infra/edge.yaml`
    pub fn edge() -> Self {
        Self::read(&infra().join("edge.yaml"))
    }

    /// A template in YAML.
    pub fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let documents = Yaml::load_from_str(&text).unwrap();
        let [document] = &documents[..] else { panic!("{} is one document", file.display()) };
        Self(long_form(document))
    }

    /// All resources of a type, by logical id.
    pub fn resources(&self, kind: &str) -> Vec<Resource<'_>> {
        let all = self.0["Resources"].as_object().unwrap().iter();
        let found: Vec<_> = all
            .filter(|(_, resource)| resource["Type"] == kind)
            .map(|(name, whole)| Resource { name, properties: &whole["Properties"], whole })
            .collect();
        assert!(!found.is_empty(), "no {kind}");
        found
    }
}

/// The logical id in a `Ref`, to a function's alias too, in a `Fn::GetAtt`, or in the ARN of a function or of its alias
/// `live` in a `Fn::Sub`.
pub fn referenced_id(value: &Value) -> Option<&str> {
    let by_arn = || Some(value["Fn::Sub"].as_str()?.split_once(":function:${")?.1.split_once('}')?.0);
    let by_ref = || value["Ref"].as_str().map(|name| name.strip_suffix(".Alias").unwrap_or(name));
    by_ref().or_else(|| value["Fn::GetAtt"][0].as_str()).or_else(by_arn)
}

fn long_form(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Mapping(mapping) => {
            let members = mapping.iter().map(|(name, value)| (key(name), long_form(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Yaml::Sequence(items) => items.iter().map(long_form).collect(),
        Yaml::Value(scalar) => match scalar {
            Scalar::Null => Value::Null,
            Scalar::Boolean(flag) => json!(flag),
            Scalar::Integer(number) => json!(number),
            Scalar::FloatingPoint(number) => json!(number.into_inner()),
            Scalar::String(text) => json!(text),
        },
        Yaml::Tagged(tag, inner) => match (tag.suffix.as_str(), long_form(inner)) {
            (name @ ("Ref" | "Condition"), value) => json!({ name: value }),
            ("GetAtt", Value::String(path)) => {
                let (name, attribute) = path.split_once('.').unwrap();
                json!({ "Fn::GetAtt": [name, attribute] })
            }
            (name, value) => json!({ format!("Fn::{name}"): value }),
        },
        other => panic!("not expected in a template: {other:?}"),
    }
}

fn key(yaml: &Yaml<'_>) -> String {
    match long_form(yaml) {
        Value::String(text) => text,
        // Plain scalars such as `5xx` are strings; numbers are statuses or ports.
        other => other.to_string(),
    }
}
