//! Roles against binaries. An operation of AWS is in a binary if and only if something in it calls it, since
//! the linker drops what nothing reaches: so a role must allow what its function's binary contains, and
//! nothing else. (That the right tables and secrets are named is what the deployed stack shows: the emulator
//! refuses what a role does not allow.)

use super::binaries::{binary, built, functions};
use crate::template::document::{Resource, Template, referred};
use serde_json::Value;
use std::collections::BTreeSet;

/// What roles allow to Lambda itself, in the name of the function.
const OF_LAMBDA: [&str; 3] = ["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"];

#[test]
#[ignore = "builds the functions; .ci/run runs it"]
fn each_role_allows_what_its_function_can_call_and_nothing_else() {
    let template = Template::of_the_stack();
    for function in functions(&template) {
        let token_grant: BTreeSet<_> = token_grant(&template, &function)
            .into_iter()
            .filter(|one| !OF_LAMBDA.contains(&one.as_str()))
            .collect();
        let code = std::fs::read(built(binary(&function))).unwrap();
        let needed = needed(&String::from_utf8_lossy(&code));
        assert!(needed.len() > 2, "{}: no operation is found in the binary", function.name);
        assert_eq!(token_grant, needed, "{}: what the role allows, and what the binary calls", function.name);
        super::report(&format!(
            "the role of {} allows {} actions, as many as it calls",
            function.name,
            token_grant.len()
        ));
    }
}

/// Every action that the function's role allows.
fn token_grant(template: &Template, function: &Resource<'_>) -> BTreeSet<String> {
    let role = &template.0["Resources"][referred(&function.properties["Role"]).unwrap()]["Properties"];
    assert!(role["ManagedPolicyArns"].is_null(), "{}: policies that are not written out", function.name);
    let policies = role["Policies"].as_array().unwrap().iter();
    let statements = policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap());
    statements
        .flat_map(|statement| match &statement["Action"] {
            Value::Array(actions) => actions.clone(),
            action => vec![action.clone()],
        })
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

/// The actions that a binary needs, by the operations of the SDK in it.
fn needed(symbols: &str) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    for (service, operation) in operations(symbols) {
        // A transaction has no action of its own, but those of what is in it.
        if operation != "TransactWriteItems" {
            needed.insert(format!("{service}:{operation}"));
        }
        // Ours are made with tags.
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
        // A name in a symbol stands behind its length.
        let name = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let length = rest[..rest.len() - name.len()].parse::<usize>();
        if let Some(name) = length.ok().and_then(|length| name.get(..length)) {
            found.insert((iam_name(sdk).to_owned(), camel_case(name)));
        }
    }
    found
}

/// What IAM calls a service, by the name of its SDK.
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
