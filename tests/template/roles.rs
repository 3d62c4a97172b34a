//! What roles say of themselves. That they allow what their functions call, and nothing else, is seen on the
//! binaries, in `deployed/permissions.rs`.

use super::document::{Template, referred};
use serde_json::Value;
use std::collections::BTreeSet;

/// What AWS takes no resource for.
const WITHOUT_A_RESOURCE: [&str; 3] =
    ["ses:GetSendQuota", "xray:PutTelemetryRecords", "xray:PutTraceSegments"];

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

#[test]
fn every_statement_names_its_actions_and_its_resources() {
    let template = Template::of_the_stack();
    let roles = template.resources("AWS::IAM::Role");
    let own = roles.iter().flat_map(|role| role.properties["Policies"].as_array().unwrap());
    let shared = template.resources("AWS::IAM::Policy");
    let documents = own.chain(shared.iter().map(|policy| policy.properties));
    let mut seen = 0;
    for statement in documents.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap()) {
        assert_eq!(statement["Effect"], "Allow", "{statement}");
        for action in list(&statement["Action"]) {
            let action = action.as_str().unwrap();
            assert!(!action.contains('*'), "{action}");
            let dump = list(&statement["Resource"]).into_iter().any(|resource| resource == "*");
            assert_eq!(dump, WITHOUT_A_RESOURCE.contains(&action), "{action}");
        }
        seen += 1;
    }
    assert!(seen > 10);
}

#[test]
fn every_function_has_a_role_of_its_own() {
    let template = Template::of_the_stack();
    let functions = template.resources("AWS::Serverless::Function");
    let roles: BTreeSet<_> =
        functions.iter().map(|function| referred(&function.properties["Role"]).unwrap()).collect();
    assert_eq!(roles.len(), functions.len());
}
