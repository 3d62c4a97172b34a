//! Checks JSON against a JSON Schema (2020-12), as far as ours use it: a keyword that is not known here
//! fails the test. Stricter than the standard in one thing: a member that is not described fails it too.

use serde_json::Value;
use std::collections::BTreeSet;

/// Fails the test, with the place, unless `value` is as the schema says.
#[track_caller]
pub fn assert_valid(root: &Value, value: &Value) {
    let described = check(root, root, value, "").unwrap_or_else(|error| panic!("{error}\nin {value:#}"));
    assert_described(&described, value, "");
}

/// The members that the schema describes, as JSON pointers; or what is wrong.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<BTreeSet<String>, String> {
    let mut described = BTreeSet::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        let rules = || rule.as_array().unwrap().iter();
        let holds = match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "title" | "description" => true,
            "type" => is_a(rule.as_str().unwrap(), value),
            "const" => value == rule,
            "enum" => rules().any(|one| one == value),
            "minLength" => value.as_str().unwrap().len() as u64 >= rule.as_u64().unwrap(),
            "minItems" => value.as_array().unwrap().len() as u64 >= rule.as_u64().unwrap(),
            "minimum" => value.as_i64() >= rule.as_i64(),
            "format" => is_formatted(rule.as_str().unwrap(), value.as_str().unwrap()),
            "required" => rules().all(|name| value.get(name.as_str().unwrap()).is_some()),
            "$ref" => {
                let target = root.pointer(rule.as_str().unwrap().trim_start_matches('#')).unwrap();
                described.extend(check(root, target, value, at)?);
                true
            }
            "items" => {
                for item in value.as_array().unwrap() {
                    described.extend(check(root, rule, item, &format!("{at}/-"))?);
                }
                true
            }
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    let Some(member) = value.get(name) else { continue };
                    let at = format!("{at}/{name}");
                    described.extend(check(root, rule, member, &at)?);
                    described.insert(at);
                }
                true
            }
            "allOf" => {
                for rule in rules() {
                    described.extend(check(root, rule, value, at)?);
                }
                true
            }
            "oneOf" => {
                let (valid, wrong): (Vec<_>, Vec<_>) =
                    rules().map(|rule| check(root, rule, value, at)).partition(Result::is_ok);
                if valid.len() != 1 {
                    let wrong: Vec<_> = wrong.into_iter().filter_map(Result::err).collect();
                    return Err(format!("{} of these hold:\n{}", valid.len(), wrong.join("\n")));
                }
                described.extend(valid.into_iter().flatten().flatten());
                true
            }
            unknown => panic!("the keyword {unknown} is not checked"),
        };
        if !holds {
            return Err(format!("{at}: not {keyword} {rule}"));
        }
    }
    Ok(described)
}

#[track_caller]
fn assert_described(described: &BTreeSet<String>, value: &Value, at: &str) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        assert!(described.contains(&at), "{at} is not described");
        assert_described(described, member, &at);
    }
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("the type {other} is not checked"),
    }
}

fn is_formatted(name: &str, text: &str) -> bool {
    match name {
        "date-time" => text.parse::<jiff::Timestamp>().is_ok(),
        "date" => text.parse::<jiff::civil::Date>().is_ok(),
        other => panic!("the format {other} is not checked"),
    }
}
