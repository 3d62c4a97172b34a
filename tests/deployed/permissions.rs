//! Roles against binaries. An operation of AWS is in a binary if and only if code in it calls the operation,
//! since the linker drops unreachable code: so a role must allow what its function's binary contains, and
//! nothing else. (The deployed stack tests that the right tables and secrets are named: the emulator rejects
//! what a role does not allow.)

use super::binaries::{binary, binary_path, functions};
use crate::template::document::{Resource, Template, referenced_id};
use crate::template::roles::statements;
use serde_json::Value;
use std::collections::BTreeSet;

/// Actions that roles allow to Lambda itself, on behalf of the function, and those of the services that take part in it.
const LAMBDA_ACTIONS: [&str; 3] = ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"];
const LAMBDA_SERVICES: [&str; 3] = ["ec2:", "kms:", "xray:"];

#[test]
#[ignore = "builds the functions; .ci/run runs it"]
fn each_role_allows_exactly_what_its_function_calls() {
    let template = Template::stack();
    for function in functions(&template) {
        let allowed: BTreeSet<_> = allowed_actions(&template, &function)
            .into_iter()
            .filter(|one| !LAMBDA_ACTIONS.contains(&one.as_str()))
            .filter(|one| !LAMBDA_SERVICES.iter().any(|service| one.starts_with(service)))
            .collect();
        let code = std::fs::read(binary_path(binary(&function))).unwrap();
        let needed = needed_actions(&String::from_utf8_lossy(&code));
        assert!(needed.len() > 2, "{}: no operation is found in the binary", function.name);
        assert_eq!(allowed, needed, "{}: allowed by the role, and called by the binary", function.name);
        super::report(&format!(
            "the role of {} allows {} actions, as many as it calls",
            function.name,
            allowed.len()
        ));
    }
}

/// Every action that the function's role allows.
fn allowed_actions(template: &Template, function: &Resource<'_>) -> BTreeSet<String> {
    let role = &template.0["Resources"][referenced_id(&function.properties["Role"]).unwrap()]["Properties"];
    assert!(role["ManagedPolicyArns"].is_null(), "{}: policies that are not written out", function.name);
    statements(role)
        .into_iter()
        .flat_map(|statement| match &statement["Action"] {
            Value::Array(actions) => actions.clone(),
            action => vec![action.clone()],
        })
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

/// The actions that a binary needs, by the SDK operations in it.
fn needed_actions(symbols: &str) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    for (service, operation) in operations(symbols) {
        // A transaction has no action of its own; the operations in it have.
        if operation != "TransactWriteItems" {
            needed.insert(format!("{service}:{operation}"));
        }
        // Secrets are created with tags.
        if operation == "CreateSecret" {
            needed.insert(format!("{service}:TagResource"));
        }
    }
    let parts = [
        ("Put", "PutItem"),
        ("Update", "UpdateItem"),
        ("Delete", "DeleteItem"),
        ("ConditionCheck", "ConditionCheckItem"),
    ];
    for (part, action) in parts {
        let builder = format!("{part}Builder");
        if symbols.contains(&format!("{}{builder}5build", builder.len())) {
            needed.insert(format!("dynamodb:{action}"));
        }
    }
    needed
}

/// The operations in the names of the binary's functions: `aws_sdk_dynamodb9operation11update_item`.
fn operations(symbols: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (at, prefix) in symbols.match_indices("aws_sdk_") {
        let rest = &symbols[at + prefix.len()..];
        let service = rest.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let sdk = &rest[..rest.len() - service.len()];
        let Some(rest) = service.strip_prefix("9operation") else { continue };
        // A mangled symbol has the length of each name before it.
        let name = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let length = rest[..rest.len() - name.len()].parse::<usize>();
        if let Some(name) = length.ok().and_then(|length| name.get(..length)) {
            found.insert((iam_name(sdk).to_owned(), camel_case(name)));
        }
    }
    found
}

/// The IAM prefix of a service, by the name of its SDK crate.
fn iam_name(sdk: &str) -> &str {
    match sdk {
        "eventbridge" => "events",
        same => same,
    }
}

fn camel_case(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('_').map(capital).collect()
}
