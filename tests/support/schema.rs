//! Checks JSON against a JSON Schema (2020-12). Stricter than the standard: formats are validated, a member that the
//! schema does not describe is an error, and so is a keyword in the schema that is not in [`KEYWORDS`].

use jsonschema::Evaluation;
use serde_json::Value;
use std::collections::BTreeSet;

/// Keywords of our schemas. The validator ignores unknown ones, so that a misspelt keyword would check nothing.
const KEYWORDS: [&str; 18] = [
    "$schema",
    "$id",
    "$defs",
    "$ref",
    "title",
    "description",
    "type",
    "const",
    "enum",
    "format",
    "minLength",
    "minItems",
    "minimum",
    "required",
    "properties",
    "items",
    "allOf",
    "oneOf",
];

/// Fails the test, with the location of each error, unless `value` is valid.
#[track_caller]
pub fn assert_valid(schema: &Value, value: &Value) {
    assert_keywords(schema);
    let options = jsonschema::options().should_validate_formats(true).should_ignore_unknown_formats(false);
    let evaluation = options.build(schema).unwrap_or_else(|error| panic!("{error}")).evaluate(value);
    let errors =
        evaluation.iter_errors().map(|entry| format!("{}: {}", entry.instance_location, entry.error));
    let errors: Vec<String> = errors.collect();
    assert!(evaluation.is_valid(), "{}\nin {value:#}", errors.join("\n"));
    assert_described(&described(&evaluation), value, "");
}

/// The members that the schema describes, as JSON pointers: the annotations of `properties`.
fn described(evaluation: &Evaluation) -> BTreeSet<String> {
    let of_properties =
        evaluation.iter_annotations().filter(|entry| entry.schema_location.ends_with("/properties"));
    let pointers = of_properties.flat_map(|entry| {
        let names = entry.annotations.value().as_array().into_iter().flatten();
        names.map(move |name| format!("{}/{}", entry.instance_location, name.as_str().unwrap()))
    });
    pointers.collect()
}

#[track_caller]
fn assert_described(described: &BTreeSet<String>, value: &Value, at: &str) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        assert!(described.contains(&at), "{at} is not described");
        assert_described(described, member, &at);
    }
    for (index, element) in value.as_array().into_iter().flatten().enumerate() {
        assert_described(described, element, &format!("{at}/{index}"));
    }
}

#[track_caller]
fn assert_keywords(schema: &Value) {
    for (keyword, value) in schema.as_object().unwrap() {
        assert!(KEYWORDS.contains(&keyword.as_str()), "{keyword} is not a known keyword");
        match keyword.as_str() {
            "properties" | "$defs" => value.as_object().unwrap().values().for_each(assert_keywords),
            "allOf" | "oneOf" => value.as_array().unwrap().iter().for_each(assert_keywords),
            "items" => assert_keywords(value),
            _ => {}
        }
    }
}
