//! The versions of the functions behind the API: a deployment that changes anything about a function publishes one, and
//! API Gateway invokes it by the alias `live`.

use super::document::{Resource, Template, referenced_id};
use super::parameters::references;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Properties of a function that are no part of a version, or are named after the stage.
const NOT_IN_A_VERSION: [&str; 8] = [
    "CodeUri",
    "DeploymentPreference",
    "Description",
    "LoggingConfig",
    "ProvisionedConcurrencyConfig",
    "ReservedConcurrentExecutions",
    "Role",
    "VersionDescription",
];

/// The functions that API Gateway invokes.
fn behind_the_api(template: &Template) -> Vec<Resource<'_>> {
    let integrations = template.resources("AWS::ApiGatewayV2::Integration");
    let ids: BTreeSet<_> = integrations
        .iter()
        .map(|integration| referenced_id(&integration.properties["IntegrationUri"]).unwrap().to_owned())
        .collect();
    let functions = template.resources("AWS::Serverless::Function").into_iter();
    functions.filter(|function| ids.contains(function.name)).collect()
}

/// The parameters and unconditional resources that a value depends on, by its conditions too.
fn dependencies(template: &Template, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    references(value, &mut found);
    for condition in conditions(value) {
        found.extend(dependencies(template, &template.0["Conditions"][&condition]));
    }
    found.retain(|name| {
        let resource = &template.0["Resources"][name];
        !template.0["Parameters"][name].is_null() || (!resource.is_null() && resource["Condition"].is_null())
    });
    found
}

/// The names of the conditions in `Fn::If` and `Condition`.
fn conditions(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match (name.as_str(), member) {
                ("Fn::If", Value::Array(parts)) => {
                    let mut found: BTreeSet<_> = parts[1..].iter().flat_map(conditions).collect();
                    found.insert(parts[0].as_str().unwrap().to_owned());
                    found
                }
                ("Condition", Value::String(condition)) => BTreeSet::from([condition.clone()]),
                _ => conditions(member),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(conditions).collect(),
        _ => BTreeSet::new(),
    }
}

#[test]
fn api_invokes_the_alias_and_may_do_so_before_it_does() {
    let template = Template::stack();
    for integration in template.resources("AWS::ApiGatewayV2::Integration") {
        let uri = integration.properties["IntegrationUri"]["Fn::Sub"].as_str().unwrap();
        assert!(uri.ends_with("}:live"), "{uri}");
        let permission = integration.whole["DependsOn"].as_str().unwrap();
        let permission = &template.0["Resources"][permission];
        assert_eq!(permission["Type"], "AWS::Lambda::Permission");
        let allowed = permission["Properties"]["FunctionName"]["Ref"].as_str().unwrap();
        let invoked = referenced_id(&integration.properties["IntegrationUri"]).unwrap();
        assert_eq!(allowed, format!("{invoked}.Alias"));
    }
}

#[test]
fn change_of_any_setting_publishes_a_version() {
    let template = Template::stack();
    let settings = &template.0["Resources"]["Settings"]["Properties"]["Values"];
    let common = &template.0["Globals"]["Function"];
    let mut needed = dependencies(&template, common);
    for function in behind_the_api(&template) {
        let mut own = function.properties.clone();
        own.as_object_mut().unwrap().retain(|name, _| !NOT_IN_A_VERSION.contains(&name.as_str()));
        needed.extend(dependencies(&template, &own));
        let properties = function.properties;
        assert_eq!(properties["AutoPublishAlias"], "live");
        assert_eq!(properties["AutoPublishAliasAllProperties"], true);
        // A changed description replaces the version, and a function that is changed has one to publish.
        assert_eq!(properties["VersionDescription"], json!({ "Fn::GetAtt": ["Settings", "Digest"] }));
        assert!(properties["Description"]["Fn::Sub"].as_str().unwrap().contains("${Settings.Digest}"));
        assert_eq!(function.whole["UpdateReplacePolicy"], "Retain", "to go back to the version before");
        assert!(function.whole["DeletionPolicy"].is_null(), "its versions would have it too");
    }
    let listed: BTreeSet<_> = settings.as_object().unwrap().keys().cloned().collect();
    assert_eq!(listed, needed, "Settings must have what the functions behind the API depend on");
    for (name, value) in settings.as_object().unwrap() {
        assert_eq!(value, &json!({ "Ref": name }));
    }
}

#[test]
fn other_resources_are_kept_on_deletion_and_on_replacement_alike() {
    let template = Template::stack();
    for (name, resource) in template.0["Resources"].as_object().unwrap() {
        let has = |policy: &str| !resource[policy].is_null();
        if resource["Type"] != "AWS::Serverless::Function" {
            assert_eq!(has("DeletionPolicy"), has("UpdateReplacePolicy"), "{name}");
        }
    }
}

#[test]
fn gradual_deployments_are_off_and_stop_on_alarms() {
    let template = Template::stack();
    let parameter = &template.0["Parameters"]["DeploymentType"];
    assert_eq!(parameter["Default"], "AllAtOnce");
    let mapping = template.0["Mappings"]["DeploymentTypes"].as_object().unwrap();
    let allowed = parameter["AllowedValues"].as_array().unwrap();
    let allowed: BTreeSet<_> = allowed.iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(allowed, mapping.keys().map(String::as_str).collect());
    for (name, entry) in mapping {
        assert_eq!(entry["IsGradual"], name != "AllAtOnce", "{name}");
    }
    let monitoring = Template::monitoring();
    for function in behind_the_api(&template) {
        let preference = &function.properties["DeploymentPreference"];
        let enabled =
            json!({ "Fn::FindInMap": ["DeploymentTypes", { "Ref": "DeploymentType" }, "IsGradual"] });
        assert_eq!(preference["Enabled"], enabled);
        for alarm in preference["Alarms"].as_array().unwrap() {
            let output = alarm["Fn::GetAtt"][1].as_str().unwrap().strip_prefix("Outputs.").unwrap();
            let alarm = referenced_id(&monitoring.0["Outputs"][output]["Value"]).unwrap();
            assert_eq!(monitoring.0["Resources"][alarm]["Type"], "AWS::CloudWatch::Alarm");
        }
    }
}
