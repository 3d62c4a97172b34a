//! Recorded calls of AWS as requests that IAM decides on.

use super::evaluation::IamRequest;
use crate::support::fault_injection::aws_proxy::AwsCall;
use serde_json::{Value, json};
use shared::app::Config;
use std::collections::BTreeMap;

/// Operations of DynamoDB and Secrets Manager that functions call. Others are those of the tests themselves.
const DYNAMODB: [&str; 6] = ["Query", "GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"];
const SECRETS_MANAGER: [&str; 7] = [
    "CreateSecret",
    "DeleteSecret",
    "DescribeSecret",
    "GetSecretValue",
    "ListSecretVersionIds",
    "PutSecretValue",
    "UpdateSecretVersionStage",
];

/// Words of DynamoDB's expressions that are no attributes.
const WORDS: [&str; 12] = [
    "SET",
    "REMOVE",
    "ADD",
    "DELETE",
    "AND",
    "OR",
    "NOT",
    "attribute_exists",
    "attribute_not_exists",
    "if_not_exists",
    "begins_with",
    "contains",
];

/// The requests that IAM decides on in one call: several in a transaction, none for other services.
pub fn iam_requests(call: &AwsCall, config: &Config) -> Vec<IamRequest> {
    let operation = call.operation.as_str();
    if operation == "TransactWriteItems" {
        let items = call.input["TransactItems"].as_array().unwrap();
        let parts = items.iter().flat_map(|item| item.as_object().unwrap());
        return parts.map(|(part, input)| dynamodb(&part_action(part), input, config)).collect();
    }
    if operation == "BatchGetItem" {
        let tables = call.input["RequestItems"].as_object().unwrap().iter();
        return tables
            .flat_map(|(table, request)| {
                let keys = request["Keys"].as_array().unwrap().iter();
                keys.map(move |key| dynamodb(operation, &json!({ "TableName": table, "Key": key }), config))
            })
            .collect();
    }
    if DYNAMODB.contains(&operation) {
        return vec![dynamodb(operation, &call.input, config)];
    }
    if SECRETS_MANAGER.contains(&operation) {
        return vec![secrets_manager(operation, &call.input, config)];
    }
    Vec::new()
}

fn part_action(part: &str) -> String {
    if part == "ConditionCheck" { "ConditionCheckItem".to_owned() } else { format!("{part}Item") }
}

fn dynamodb(operation: &str, input: &Value, config: &Config) -> IamRequest {
    let tables = &config.tables;
    let named = [
        (&tables.directory, "DirectoryTable"),
        (&tables.grants, "GrantsTable"),
        (&tables.audit, "AuditTable"),
    ];
    let table = named.into_iter().find(|(name, _)| input["TableName"] == name.as_str()).unwrap().1;
    let index = input["IndexName"].as_str();
    let resource = index.map_or_else(|| table.to_owned(), |index| format!("{table}/index/{index}"));
    let mut keys = BTreeMap::from([("dynamodb:LeadingKeys", vec![leading_key(input)])]);
    if operation == "UpdateItem" {
        keys.insert("dynamodb:Attributes", attributes(input));
    }
    if let Some(returned) = input["ReturnValues"].as_str() {
        keys.insert("dynamodb:ReturnValues", vec![returned.to_owned()]);
    }
    IamRequest { action: format!("dynamodb:{operation}"), resource, keys }
}

/// The value of the partition key.
fn leading_key(input: &Value) -> String {
    if let Some(condition) = input["KeyConditionExpression"].as_str() {
        let (_, value) = condition.split_once(" = ").unwrap();
        let placeholder = value.split_whitespace().next().unwrap();
        return input["ExpressionAttributeValues"][placeholder]["S"].as_str().unwrap().to_owned();
    }
    let item = if input["Item"].is_object() { &input["Item"] } else { &input["Key"] };
    item["pk"]["S"].as_str().unwrap().to_owned()
}

/// The top-level attributes that an update names, also by what is nested in them, in its key and its expressions.
fn attributes(input: &Value) -> Vec<String> {
    let mut names: Vec<String> = input["Key"].as_object().unwrap().keys().cloned().collect();
    for expression in ["UpdateExpression", "ConditionExpression"] {
        let text = input[expression].as_str().unwrap_or_default();
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '#' | ':' | '.');
        for word in text.split(|c| !is_word(c)).filter(|word| !word.is_empty() && !word.starts_with(':')) {
            let word = word.split('.').next().unwrap_or(word);
            let name = input["ExpressionAttributeNames"][word].as_str().unwrap_or(word);
            if !WORDS.contains(&word) && !name.bytes().all(|byte| byte.is_ascii_digit()) {
                names.push(name.to_owned());
            }
        }
    }
    names
}

fn secrets_manager(operation: &str, input: &Value, config: &Config) -> IamRequest {
    let id = input["SecretId"].as_str().or_else(|| input["Name"].as_str()).unwrap();
    let own = [
        (&config.signing_keys_secret, "SigningKeysSecret"),
        (&config.verification_keys_secret, "VerificationKeysSecret"),
        (&config.pepper_secret, "PepperSecret"),
    ];
    let resource = own.into_iter().find(|(name, _)| *name == id).map_or_else(
        || id.replace(&format!("latchkey/{}/", config.stage), "latchkey/${Stage}/"),
        |(_, logical_id)| logical_id.to_owned(),
    );
    let mut keys = BTreeMap::new();
    for (key, member) in
        [("secretsmanager:VersionStage", "VersionStage"), ("secretsmanager:VersionId", "VersionId")]
    {
        if let Some(value) = input[member].as_str() {
            keys.insert(key, vec![value.to_owned()]);
        }
    }
    IamRequest { action: format!("secretsmanager:{operation}"), resource, keys }
}
