//! The statements of the roles. Whether they allow exactly what the functions call is tested on the binaries,
//! in `deployed/permissions.rs`.

use super::document::{Template, referenced_id};
use serde_json::Value;
use std::collections::BTreeSet;

/// Actions for which AWS accepts no resource.
const WITHOUT_A_RESOURCE: [&str; 3] =
    ["ses:GetSendQuota", "xray:PutTelemetryRecords", "xray:PutTraceSegments"];

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

#[test]
fn every_statement_names_its_actions_and_resources() {
    let template = Template::stack();
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
fn every_function_has_its_own_role() {
    let template = Template::stack();
    let functions = template.resources("AWS::Serverless::Function");
    let roles: BTreeSet<_> =
        functions.iter().map(|function| referenced_id(&function.properties["Role"]).unwrap()).collect();
    assert_eq!(roles.len(), functions.len());
}
