//! The statements of the roles. Whether they allow exactly what the functions call is tested on the binaries,
//! in `deployed/permissions.rs`.

mod evaluation;
mod operator;
mod people;
mod recorded;
mod refused;
mod requests;

use super::document::{Template, referenced_id};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Actions for which AWS accepts no resource.
const WITHOUT_A_RESOURCE: [&str; 10] = [
    "cloudwatch:DescribeAlarms",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
    "ses:GetSendQuota",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

/// The statements of a role, those included that depend on a parameter.
pub fn statements(role: &Value) -> Vec<&Value> {
    let policies = role["Policies"].as_array().unwrap().iter();
    let all = policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap());
    all.map(|statement| if statement["Fn::If"].is_null() { statement } else { &statement["Fn::If"][1] })
        .collect()
}

pub fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

#[test]
fn every_statement_names_its_actions_and_resources() {
    let template = Template::stack();
    let roles = template.resources("AWS::IAM::Role");
    let mut seen = 0;
    for statement in roles.iter().flat_map(|role| statements(role.properties)) {
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

/// A policy of its own would be attached at any time. AWS checks some permissions when a function is created, and the
/// function waits for its role only.
#[test]
fn all_permissions_of_a_role_are_in_the_role() {
    let template = Template::stack();
    let resources = template.0["Resources"].as_object().unwrap();
    let mut kinds = resources.values().map(|one| one["Type"].as_str().unwrap());
    let apart = ["AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"];
    assert!(kinds.all(|kind| !apart.contains(&kind)));
    for function in template.resources("AWS::Serverless::Function") {
        let role = &resources[referenced_id(&function.properties["Role"]).unwrap()]["Properties"];
        for sid in ["SendTraces", "AttachToVpc", "UseKey"] {
            let count = statements(role).into_iter().filter(|statement| statement["Sid"] == sid).count();
            assert_eq!(count, 1, "{}: {sid}", function.name);
        }
    }
}

#[test]
fn every_role_has_the_path_and_the_boundary_of_the_parameters() {
    let none = json!({ "Ref": "AWS::NoValue" });
    for role in Template::stack().resources("AWS::IAM::Role") {
        let path = json!({ "Fn::If": ["HasRolePath", { "Ref": "RolePath" }, none] });
        let boundary = json!({ "Fn::If": ["HasBoundary", { "Ref": "PermissionsBoundaryArn" }, none] });
        assert_eq!(
            (&role.properties["Path"], &role.properties["PermissionsBoundary"]),
            (&path, &boundary),
            "{}",
            role.name
        );
    }
}

/// Only what rotates the keys reads other versions of them than the current one.
#[test]
fn private_signing_keys_are_read_by_three_roles() {
    let template = Template::stack();
    let reads = |statement: &&Value| {
        list(&statement["Action"]).into_iter().any(|action| action == "secretsmanager:GetSecretValue")
            && list(&statement["Resource"])
                .into_iter()
                .any(|one| referenced_id(one) == Some("SigningKeysSecret"))
    };
    let roles = template.resources("AWS::IAM::Role").into_iter();
    let found: BTreeSet<_> = roles
        .flat_map(|role| {
            statements(role.properties).into_iter().filter(reads).map(move |found| (role.name, found))
        })
        .map(|(role, statement)| (role, statement["Condition"].to_string().contains("AWSCURRENT")))
        .collect();
    let expected =
        [("BootstrapFunctionRole", false), ("RotateKeysFunctionRole", false), ("TokenFunctionRole", true)];
    assert_eq!(found, BTreeSet::from(expected));
}

#[test]
fn mail_is_limited_by_its_sender() {
    let template = Template::stack();
    let roles = template.resources("AWS::IAM::Role");
    let all = roles.iter().flat_map(|role| statements(role.properties));
    let mail: Vec<_> = all.filter(|statement| statement["Action"] == "ses:SendRawEmail").collect();
    assert_eq!(mail.len(), 4);
    for statement in mail {
        assert_eq!(
            statement["Condition"],
            json!({ "StringEquals": { "ses:FromAddress": { "Ref": "MailSender" } } })
        );
        let resources = list(&statement["Resource"]);
        let identities = resources[0]["Fn::Sub"].as_str().unwrap();
        // SES also authorises the identity of a recipient that is one of the account's.
        assert!(identities.ends_with(":${AWS::AccountId}:identity/*"), "{identities}");
        assert!(resources[1]["Fn::Sub"][0].as_str().unwrap().contains(":configuration-set/"));
    }
}

#[test]
fn every_function_has_its_own_role() {
    let template = Template::stack();
    let functions = template.resources("AWS::Serverless::Function");
    let roles: BTreeSet<_> =
        functions.iter().map(|function| referenced_id(&function.properties["Role"]).unwrap()).collect();
    assert_eq!(roles.len(), functions.len());
}
