//! The parameters of the stack, and where an operator's answers to them are kept.

use crate::template::document::{Template, infra};
use crate::template::resolved::REQUIRED_PARAMETERS;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;

/// The names in every `Ref` and `Fn::Sub` of a value, without attributes.
pub fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("Ref", Value::String(target)) => {
                        found.insert(target.clone());
                    }
                    ("Fn::Sub", Value::String(text)) => found.extend(substituted(text)),
                    ("Fn::Sub", Value::Array(parts)) => {
                        found.extend(substituted(parts[0].as_str().unwrap()));
                        references(&parts[1], found);
                    }
                    _ => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The names in the `${…}` of a text.
fn substituted(text: &str) -> impl Iterator<Item = String> + '_ {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    names.filter(|name| !name.starts_with('!')).map(|name| name.split('.').next().unwrap().to_owned())
}

/// The names of all parameters.
fn parameters(template: &Template) -> BTreeSet<String> {
    template.0["Parameters"].as_object().unwrap().keys().cloned().collect()
}

fn text_of(path: &str) -> String {
    std::fs::read_to_string(infra().join(path)).unwrap()
}

#[test]
fn two_parameters_are_required_and_all_are_grouped() {
    let template = Template::stack();
    let parameters = template.0["Parameters"].as_object().unwrap();
    let required: Vec<_> =
        parameters.iter().filter(|(_, p)| p["Default"].is_null()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(required, REQUIRED_PARAMETERS.map(|(name, _)| name));
    let groups = &template.0["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"];
    let grouped = groups.as_array().unwrap().iter().flat_map(|group| group["Parameters"].as_array().unwrap());
    let grouped: Vec<_> = grouped.map(|name| name.as_str().unwrap()).collect();
    let unique: BTreeSet<_> = grouped.iter().copied().collect();
    assert_eq!(unique.len(), grouped.len(), "one is in two groups");
    assert_eq!(unique, parameters.keys().map(String::as_str).collect());
    for (name, parameter) in parameters {
        assert!(parameter["Description"].is_string(), "{name} is not described");
    }
}

#[test]
fn every_parameter_is_used() {
    for template in [Template::stack(), Template::monitoring()] {
        let mut used = BTreeSet::new();
        for section in ["Conditions", "Globals", "Resources", "Outputs"] {
            references(&template.0[section], &mut used);
        }
        let unused: Vec<_> = parameters(&template).into_iter().filter(|name| !used.contains(name)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }
}

#[test]
fn configuration_page_lists_every_parameter() {
    let page = text_of("docs/configuration.md");
    let rows = page.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    let listed: BTreeSet<_> =
        rows.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    let missing: Vec<_> =
        parameters(&Template::stack()).into_iter().filter(|name| !listed.contains(name)).collect();
    assert!(missing.is_empty(), "infra/docs/configuration.md has no row for {missing:?}");
}

#[test]
fn addresses_of_example_domains_are_refused() {
    let template = Template::stack();
    for name in ["MailSender", "OperatorEmail", "OperatorMember", "AlarmEmail"] {
        let schema = json!({ "pattern": template.0["Parameters"][name]["AllowedPattern"] });
        let accepts = |address: &str| jsonschema::is_valid(&schema, &json!(address));
        for own in ["a@acme.dev", "latchkey+dev@id.acme.co.uk", "a@example.acme.com", "a@myexample.com"] {
            assert!(accepts(own), "{name}: {own}");
        }
        let examples = ["a@example.com", "latchkey@id.example.org", "operator@a.b.example.net"];
        for refused in examples.map(str::to_owned).into_iter().chain(examples.map(str::to_uppercase)) {
            assert!(!accepts(&refused), "{name}: {refused}");
        }
    }
}

#[test]
fn answers_of_an_operator_are_in_no_tracked_file() {
    let tracked = std::fs::read_to_string(infra().join("../samconfig.toml")).unwrap();
    assert!(!tracked.contains(".deploy.") && !tracked.contains("parameter_overrides"), "{tracked}");
    let example = text_of("deploy.example.toml");
    assert!(!example.contains('@'), "an address that would be offered as the default");
    let mut git = Command::new("git");
    git.args(["check-ignore", "--quiet", "--no-index", "deploy.dev.toml"]).current_dir(infra().join(".."));
    assert!(git.status().unwrap().success(), "deploy.dev.toml is not ignored");
}
