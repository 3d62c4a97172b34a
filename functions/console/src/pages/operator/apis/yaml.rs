//! YAML that a person pastes: it is measured before it is loaded.

use saphyr::{LoadableYamlNode, Scalar, ScanError, Yaml};
use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

/// How deep a document may be nested.
const MAX_DEPTH: usize = 64;

/// Why YAML is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidYaml {
    /// It is not well-formed.
    #[error("must be JSON or YAML: {0}")]
    Syntax(String),
    /// It is nested deeper than documents are.
    #[error("is nested too deep")]
    TooDeep,
    /// It repeats parts of itself, which could make it as large as one likes.
    #[error("has YAML aliases, which are not read: convert it to JSON")]
    Aliases,
}

impl From<ScanError> for InvalidYaml {
    fn from(error: ScanError) -> Self {
        Self::Syntax(error.to_string())
    }
}

/// The first document of a text, as JSON. Keys are texts.
pub fn parse(text: &str) -> Result<Value, InvalidYaml> {
    let mut depth = 0_usize;
    // Event by event: nothing is nested yet.
    for event in Parser::new_from_str(text) {
        match event?.0 {
            Event::Alias(..) => return Err(InvalidYaml::Aliases),
            Event::SequenceStart(..) | Event::MappingStart(..) if depth == MAX_DEPTH => {
                return Err(InvalidYaml::TooDeep);
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => depth += 1,
            Event::SequenceEnd | Event::MappingEnd => depth -= 1,
            _ => {}
        }
    }
    Ok(Yaml::load_from_str(text)?.first().map_or(Value::Null, to_json))
}

fn to_json(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(scalar) => scalar_to_json(scalar),
        Yaml::Representation(text, ..) => Value::String(text.to_string()),
        Yaml::Tagged(_, inner) => to_json(inner),
        Yaml::Sequence(items) => items.iter().map(to_json).collect(),
        Yaml::Mapping(members) => {
            let member = |(name, value): (&Yaml<'_>, &Yaml<'_>)| {
                let name = match to_json(name) {
                    Value::String(name) => name,
                    other => other.to_string(),
                };
                (name, to_json(value))
            };
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        Yaml::Alias(_) | Yaml::BadValue => Value::Null,
    }
}

fn scalar_to_json(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(value) => Value::Bool(*value),
        Scalar::Integer(number) => Value::from(*number),
        Scalar::FloatingPoint(number) => Value::from(number.into_inner()),
        Scalar::String(text) => Value::String(text.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yaml_is_read_as_json() {
        let text = "a: &x [1, two, ~, true, 1.5]\n200: {\"b\": c}\n? [k]\n: v\n--- other\n";
        let expected = json!({ "a": [1, "two", null, true, 1.5], "200": { "b": "c" }, "[\"k\"]": "v" });
        assert_eq!(parse(text), Ok(expected));
        assert_eq!(parse("# nothing"), Ok(Value::Null));
        assert!(matches!(parse("a: 'b"), Err(InvalidYaml::Syntax(_))));
        assert!(matches!(parse("a: 1\na: 2"), Err(InvalidYaml::Syntax(_))), "a key that is there twice");
    }

    #[test]
    fn text_that_would_grow_is_not_loaded() {
        let level = |level: usize| format!("l{}: &l{} [*l{level}, *l{level}]\n", level + 1, level + 1);
        let bomb: String = std::iter::once("l0: &l0 [x, x]\n".to_owned()).chain((0..40).map(level)).collect();
        assert_eq!(parse(&bomb), Err(InvalidYaml::Aliases));
    }

    #[test]
    fn text_that_is_nested_without_end_is_not_loaded() {
        for (part, length) in
            [("- ", 500_000), ("[", 1_000_000), ("{a: ", 250_000), ("? ", 500_000), ("!t ", 300_000)]
        {
            assert!(parse(&part.repeat(length)).is_err(), "{part}");
        }
        assert!(parse(&"- ".repeat(MAX_DEPTH)).is_ok());
    }
}
