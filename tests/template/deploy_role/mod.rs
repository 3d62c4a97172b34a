//! The role that deploys, `infra/docs/deploy-role.json`: it may do what CloudFormation needs for the resources of the
//! templates, and nothing else.

use crate::template::document::Template;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The actions for creating, changing, reading and deleting each type of resource: of those that AWS lists as the handlers'
/// permissions in CloudFormation's resource schemas, the ones for what the templates use of the type.
fn needed() -> BTreeMap<String, BTreeSet<String>> {
    serde_json::from_str(include_str!("actions.json")).unwrap()
}

/// The largest managed policy, in characters without white space.
const MAX_POLICY_LENGTH: usize = 6144;

/// What deploying itself takes: change sets, and the files of a release.
const OF_THE_DEPLOYMENT: [&str; 2] = ["cloudformation:", "s3:"];

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |values| values.iter().collect())
}

fn role() -> Template {
    Template(serde_json::from_str(include_str!("../../../infra/docs/deploy-role.json")).unwrap())
}

fn statements(role: &Template) -> Vec<&Value> {
    let policies = role.resources("AWS::IAM::ManagedPolicy").into_iter();
    policies.flat_map(|policy| list(&policy.properties["PolicyDocument"]["Statement"])).collect()
}

fn allowed(role: &Template) -> BTreeSet<&str> {
    let actions = statements(role).into_iter().flat_map(|statement| list(&statement["Action"]));
    actions.map(|action| action.as_str().unwrap()).collect()
}

/// The types of all resources, those that SAM makes of a function included.
fn resource_types() -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    for template in [Template::stack(), Template::monitoring(), Template::edge()] {
        for resource in template.0["Resources"].as_object().unwrap().values() {
            let properties = &resource["Properties"];
            match resource["Type"].as_str().unwrap() {
                "AWS::Serverless::Function" => {
                    types.insert("AWS::Lambda::Function".to_owned());
                    let made = [
                        ("AutoPublishAlias", vec!["AWS::Lambda::Alias", "AWS::Lambda::Version"]),
                        (
                            "DeploymentPreference",
                            vec!["AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup"],
                        ),
                    ];
                    let made = made.into_iter().filter(|(property, _)| !properties[property].is_null());
                    types.extend(made.flat_map(|(_, types)| types).map(str::to_owned));
                }
                custom if custom.starts_with("Custom::") => {
                    types.insert("Custom::".to_owned());
                }
                other => {
                    types.insert(other.to_owned());
                }
            }
        }
    }
    types
}

#[test]
fn every_resource_type_can_be_created_changed_and_deleted() {
    let (role, needed) = (role(), needed());
    let allowed = allowed(&role);
    for kind in resource_types() {
        let actions = needed.get(&kind).unwrap_or_else(|| {
            panic!(
                "{kind} is not in actions.json: add what CloudFormation needs for it, there and to the role"
            )
        });
        let missing: Vec<_> = actions.iter().filter(|action| !allowed.contains(action.as_str())).collect();
        assert!(missing.is_empty(), "infra/docs/deploy-role.json does not allow {missing:?} for {kind}");
    }
}

#[test]
fn role_may_do_nothing_else() {
    let (role, needed) = (role(), needed());
    let needed: BTreeSet<_> = needed.values().flatten().map(String::as_str).collect();
    let more: Vec<_> = allowed(&role)
        .into_iter()
        .filter(|action| !needed.contains(action))
        .filter(|action| !OF_THE_DEPLOYMENT.iter().any(|prefix| action.starts_with(prefix)))
        .collect();
    assert!(more.is_empty(), "{more:?}");
}

#[test]
fn statements_name_actions_and_what_is_latchkeys() {
    let role = role();
    for statement in statements(&role) {
        let sid = statement["Sid"].as_str().unwrap();
        let actions: Vec<_> = list(&statement["Action"]).iter().map(|one| one.as_str().unwrap()).collect();
        assert!(actions.iter().all(|action| !action.contains('*')), "{sid}: {actions:?}");
        let everything = list(&statement["Resource"]).into_iter().any(|resource| resource == "*");
        assert_eq!(everything, ["Templates", "WithoutAResource"].contains(&sid), "{sid}");
    }
    let pass = statements(&role).into_iter().find(|one| one["Action"] == "iam:PassRole").unwrap();
    assert!(pass["Condition"]["StringEquals"]["iam:PassedToService"].is_array(), "{pass}");
}

#[test]
fn policies_are_short_enough() {
    let role = role();
    for policy in role.resources("AWS::IAM::ManagedPolicy") {
        let text = policy.properties["PolicyDocument"].to_string();
        // With a long name in the place of each reference, and without the function around it.
        let filled = text.replace("{\"Fn::Sub\":", "").replace("\"}", "\"");
        let filled =
            filled.replace("${AWS::Partition}", "aws-us-gov").replace("${AWS::Region}", "ap-southeast-2");
        let filled = filled.replace("${AWS::AccountId}", "123456789012").replace("${Stage}", &"s".repeat(20));
        assert!(filled.len() <= MAX_POLICY_LENGTH, "{}: {}", policy.name, filled.len());
    }
}

#[test]
fn only_one_environment_of_one_repository_may_assume_it() {
    let role = role();
    let trust = &role.resources("AWS::IAM::Role")[0].properties["AssumeRolePolicyDocument"]["Statement"];
    let [statement] = list(trust)[..] else { panic!("one statement: {trust}") };
    assert_eq!(statement["Action"], "sts:AssumeRoleWithWebIdentity");
    let condition = &statement["Condition"];
    assert_eq!(condition.as_object().unwrap().len(), 1, "no StringLike: {condition}");
    let subject = &condition["StringEquals"]["token.actions.githubusercontent.com:sub"]["Fn::Sub"];
    assert_eq!(subject, "repo:${Repository}:environment:${Environment}");
    assert_eq!(condition["StringEquals"]["token.actions.githubusercontent.com:aud"], "sts.amazonaws.com");
}
