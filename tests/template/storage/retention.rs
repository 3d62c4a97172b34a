//! What outlives the stack, and what no update may replace.

use crate::template::document::{Template, infra};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn policy() -> Value {
    serde_json::from_str(&std::fs::read_to_string(infra().join("stack-policy.json")).unwrap()).unwrap()
}

#[test]
fn stack_policy_denies_replacing_tables_and_secrets() {
    let (template, policy) = (Template::stack(), policy());
    let [allowed, denied] = &policy["Statement"].as_array().unwrap()[..] else { panic!("two statements") };
    assert_eq!(
        (&allowed["Effect"], &allowed["Action"], &allowed["Resource"]),
        (&"Allow".into(), &"Update:*".into(), &"*".into())
    );
    assert_eq!(denied["Effect"], "Deny");
    assert_eq!(denied["Action"], json!(["Update:Replace", "Update:Delete"]));
    let named: BTreeSet<_> = denied["Resource"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource.as_str().unwrap().strip_prefix("LogicalResourceId/").unwrap())
        .collect();
    let tables = template.resources("AWS::DynamoDB::Table").into_iter();
    let secrets = template.resources("AWS::SecretsManager::Secret").into_iter();
    // The public keys are made again from the ring, and a version that does not know them deletes them.
    let kept = secrets.filter(|secret| secret.whole["DeletionPolicy"] != "Delete");
    let expected: BTreeSet<_> = tables.chain(kept).map(|resource| resource.name).collect();
    assert_eq!(named, expected);
    assert!(expected.len() >= 5, "{expected:?}");
}

#[test]
fn logs_and_the_sender_of_mail_outlive_the_stack() {
    let template = Template::stack();
    for kind in ["AWS::Logs::LogGroup", "AWS::SES::EmailIdentity"] {
        for resource in template.resources(kind) {
            // With a first deployment that fails they go, so that it can be repeated.
            assert_eq!(resource.whole["DeletionPolicy"], "RetainExceptOnCreate", "{}", resource.name);
            assert_eq!(resource.whole["UpdateReplacePolicy"], "Retain", "{}", resource.name);
        }
    }
}

/// CloudFormation makes nothing that exists: what a parameter switches off, and is kept, could not be switched on again.
#[test]
fn nothing_that_is_kept_under_its_name_is_switched_by_a_parameter() {
    let template = Template::stack();
    let resources = template.0["Resources"].as_object().unwrap().iter();
    let kept = resources.filter(|(_, resource)| resource["DeletionPolicy"] == "RetainExceptOnCreate");
    let switched: BTreeSet<_> =
        kept.filter(|(_, resource)| resource.get("Condition").is_some()).map(|(name, _)| &**name).collect();
    // The sender and its records, which `MailIdentity=existing` uses again.
    let of_mail = ["MailSenderAddress", "MailSenderDomain", "MailFromMxRecord", "MailFromSpfRecord"];
    let records = ["MailDkimRecord1", "MailDkimRecord2", "MailDkimRecord3"];
    assert_eq!(switched, of_mail.into_iter().chain(records).collect());
}

/// The tag is how what was left behind is found, and whose it is. Alarms have that of the nested stack that they are in, and
/// functions that of the template's globals.
#[test]
fn everything_that_can_be_tagged_has_its_stage() {
    const UNTAGGED: [&str; 14] = [
        "AWS::ApiGatewayV2::ApiMapping",
        "AWS::ApiGatewayV2::Integration",
        "AWS::ApiGatewayV2::Route",
        "AWS::Budgets::Budget",
        "AWS::CloudFront::CachePolicy",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "AWS::Route53::RecordSet",
        "AWS::SES::ConfigurationSetEventDestination",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::Scheduler::Schedule",
        "AWS::SecretsManager::RotationSchedule",
        "AWS::Serverless::Function",
    ];
    let stage = json!({ "Ref": "Stage" });
    assert_eq!(Template::stack().0["Globals"]["Function"]["Tags"]["latchkey:stage"], stage);
    for template in [Template::stack(), Template::edge()] {
        for (name, resource) in template.0["Resources"].as_object().unwrap() {
            let kind = resource["Type"].as_str().unwrap();
            if UNTAGGED.contains(&kind) || kind.starts_with("Custom::") {
                continue;
            }
            let tags = &resource["Properties"]["Tags"];
            let listed = json!([{ "Key": "latchkey:stage", "Value": stage }]);
            assert!(tags["latchkey:stage"] == stage || *tags == listed, "{name}, {kind}: {tags}");
        }
    }
}

/// An update that the bootstrap refuses has not touched them yet.
#[test]
fn serving_functions_wait_for_the_bootstrap() {
    let template = Template::stack();
    let waiting: BTreeSet<_> = template
        .resources("AWS::Serverless::Function")
        .iter()
        .filter(|function| function.whole["DependsOn"] == "Bootstrap")
        .map(|function| function.name.to_owned())
        .collect();
    let expected =
        ["AuthorizeFunction", "ClientsFunction", "ConsoleFunction", "ExpiryFunction", "TokenFunction"];
    assert_eq!(waiting, expected.map(str::to_owned).into());
}
