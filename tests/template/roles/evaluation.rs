//! Whether a statement of a role allows a request, as far as IAM's rules are used in the template.

use super::list;
use serde_json::Value;
use std::collections::BTreeMap;

/// A request, as IAM sees it.
#[derive(Debug)]
pub struct IamRequest {
    pub action: String,
    /// The resource, as the template names it: a logical id, the path of an index below it, or the name of a secret.
    pub resource: String,
    /// The condition keys that the request has.
    pub keys: BTreeMap<&'static str, Vec<String>>,
}

/// The name of a resource in a statement. The directory may be another table than the stack's own.
fn resource_name(resource: &Value) -> String {
    match (&resource["Fn::GetAtt"][0], &resource["Fn::Sub"]) {
        (Value::String(name), _) => name.clone(),
        (_, Value::Array(parts)) if !parts[1]["Directory"].is_null() => parts[0]
            .as_str()
            .unwrap()
            .split_once(":table/")
            .unwrap()
            .1
            .replace("${Directory}", "DirectoryTable"),
        (_, Value::String(text)) => match text.split_once(":secret:") {
            Some((_, name)) => name.to_owned(),
            None => text.replace("${", "").replace(".Arn}", ""),
        },
        _ => resource.to_string(),
    }
}

/// `*` stands for any text and `?` for any character.
fn matches(pattern: &str, text: &str) -> bool {
    let mut pattern_chars = pattern.chars();
    match (pattern_chars.next(), text.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            (0..=text.len()).any(|at| text.is_char_boundary(at) && matches(&pattern[1..], &text[at..]))
        }
        (Some('?'), Some(_)) => matches(&pattern[1..], &text[1..]),
        (Some(one), Some(other)) if one == other => {
            matches(&pattern[one.len_utf8()..], &text[other.len_utf8()..])
        }
        _ => false,
    }
}

fn condition_holds(operator: &str, key: &str, expected: &Value, request: &IamRequest) -> bool {
    let values = request.keys.get(key);
    let patterns = list(expected).into_iter().map(|one| one.as_str().unwrap());
    let any = |value: &String| patterns.clone().any(|pattern| matches(pattern, value));
    match operator {
        "Null" => values.is_none() == (expected == "true"),
        "ForAllValues:StringLike" | "ForAllValues:StringEquals" | "StringEqualsIfExists" => {
            values.is_none_or(|values| values.iter().all(any))
        }
        "StringEquals" => values.is_some_and(|values| values.iter().all(any)),
        other => panic!("{other} is not evaluated here"),
    }
}

/// Whether the statement allows the request.
pub fn allows(statement: &Value, request: &IamRequest) -> bool {
    let action = list(&statement["Action"]).into_iter().any(|action| action == request.action.as_str());
    let resource = list(&statement["Resource"])
        .into_iter()
        .any(|resource| resource == "*" || matches(&resource_name(resource), &request.resource));
    let mut conditions = statement["Condition"].as_object().into_iter().flatten();
    action
        && resource
        && conditions.all(|(operator, keys)| {
            keys.as_object()
                .unwrap()
                .iter()
                .all(|(key, expected)| condition_holds(operator, key, expected, request))
        })
}
