//! The functions' environment variables: the configuration reads exactly those that the stack sets.

use crate::template::document::{Template, infra};
use serde_json::Value;
use shared::app::Config;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Variables that Lambda itself sets.
const LAMBDA_VARIABLES: [&str; 4] =
    ["AWS_ACCESS_KEY_ID", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// Variables that AWS documents for its SDKs, which are set where the functions run elsewhere.
const SDK_VARIABLES: [&str; 5] = [
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_EVENTBRIDGE",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_ENDPOINT_URL_SES",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
];

fn variables<'a>(template: &'a Template, function: &'a Value) -> BTreeMap<&'a str, &'a Value> {
    let common = &template.0["Globals"]["Function"]["Environment"]["Variables"];
    let own = &function["Environment"]["Variables"];
    let both = common.as_object().into_iter().chain(own.as_object()).flatten();
    both.map(|(name, value)| (name.as_str(), value)).collect()
}

/// The names that the configuration reads, given these variables.
fn variables_read(environment: &BTreeMap<&str, String>, function: &str) -> BTreeSet<String> {
    let requested = RefCell::new(BTreeSet::new());
    let read = Config::read(&|name| {
        requested.borrow_mut().insert(name.to_owned());
        if LAMBDA_VARIABLES.contains(&name) { Some("set".to_owned()) } else { environment.get(name).cloned() }
    });
    if let Err(error) = read {
        panic!("{function} does not start with the defaults of the template: {error}");
    }
    requested.into_inner()
}

#[test]
fn functions_read_exactly_the_variables_the_stack_sets() {
    let template = Template::stack();
    let (mut set, mut requested) = (BTreeSet::new(), BTreeSet::new());
    for function in template.resources("AWS::Serverless::Function") {
        let variables = variables(&template, function.properties);
        let environment = variables.iter().map(|(name, value)| (*name, template.resolve(value))).collect();
        requested.extend(variables_read(&environment, function.name));
        set.extend(variables.into_keys().map(str::to_owned));
    }
    for name in LAMBDA_VARIABLES.into_iter().chain(SDK_VARIABLES) {
        assert!(requested.remove(name), "{name} is not read any more");
    }
    assert_eq!(requested, set);
}

#[test]
fn configuration_page_lists_every_variable() {
    let readme = std::fs::read_to_string(infra().join("docs/configuration.md")).unwrap();
    let template = Template::stack();
    for function in template.resources("AWS::Serverless::Function") {
        for name in
            variables(&template, function.properties).into_keys().chain(LAMBDA_VARIABLES).chain(SDK_VARIABLES)
        {
            assert!(readme.contains(&format!("`{name}`")), "{name} is not in infra/docs/configuration.md");
        }
    }
}
