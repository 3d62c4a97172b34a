//! The tables: the stack creates the same as the local runner, which all tests use.

use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::template::document::Template;
use aws_sdk_dynamodb::types::{KeySchemaElement, Projection};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The variable that holds a table's name in each function, and the table.
fn stack_tables() -> BTreeMap<String, Value> {
    let template = Template::stack();
    let variables = &template.0["Globals"]["Function"]["Environment"]["Variables"];
    let tables = template.resources("AWS::DynamoDB::Table");
    let described = tables.iter().map(|table| {
        // Or, where a parameter can name another one, unless it does.
        let named = |value: &Value| value["Ref"] == table.name || value["Fn::If"][2]["Ref"] == table.name;
        let variable = variables.as_object().unwrap().iter().find(|(_, value)| named(value)).unwrap().0;
        (variable.clone(), table.properties.clone())
    });
    described.collect()
}

fn keys(schema: &[KeySchemaElement]) -> Value {
    let key = |element: &KeySchemaElement| json!({ "AttributeName": element.attribute_name(), "KeyType": element.key_type().as_str() });
    schema.iter().map(key).collect()
}

fn sorted(mut list: Vec<Value>, by: &str) -> Value {
    list.sort_by_key(|item| item[by].as_str().unwrap().to_owned());
    list.into()
}

async fn described(latchkey: &TestApp, table: &str) -> Value {
    let output = latchkey.server.aws.dynamodb().describe_table().table_name(table).send().await.unwrap();
    let table = output.table.unwrap();
    let attributes = table.attribute_definitions().iter().map(|attribute| {
        json!({ "AttributeName": attribute.attribute_name(), "AttributeType": attribute.attribute_type().as_str() })
    });
    let projection = |projection: &Projection| projection.projection_type().unwrap().as_str().to_owned();
    let indexes = table.global_secondary_indexes().iter().map(|index| {
        json!({
            "IndexName": index.index_name(),
            "KeySchema": keys(index.key_schema()),
            "Projection": { "ProjectionType": projection(index.projection().unwrap()) },
        })
    });
    json!({
        "KeySchema": keys(table.key_schema()),
        "AttributeDefinitions": sorted(attributes.collect(), "AttributeName"),
        "GlobalSecondaryIndexes": sorted(indexes.collect(), "IndexName"),
    })
}

#[tokio::test]
async fn keys_and_indexes_match_local_runner() {
    let latchkey = TestApp::new().await;
    let names = &latchkey.server.management.app.config.tables;
    let local = BTreeMap::from([
        ("DIRECTORY_TABLE", &names.directory),
        ("GRANTS_TABLE", &names.grants),
        ("AUDIT_TABLE", &names.audit),
    ]);
    let deployed = stack_tables();
    assert_eq!(
        deployed.keys().map(String::as_str).collect::<Vec<_>>(),
        local.keys().copied().collect::<Vec<_>>()
    );
    for (variable, properties) in deployed {
        let list = |name: &str| properties[name].as_array().cloned().unwrap_or_default();
        let expected = json!({
            "KeySchema": list("KeySchema"),
            "AttributeDefinitions": sorted(list("AttributeDefinitions"), "AttributeName"),
            "GlobalSecondaryIndexes": sorted(list("GlobalSecondaryIndexes"), "IndexName"),
        });
        assert_eq!(described(&latchkey, local[variable.as_str()]).await, expected, "{variable}");
    }
}

#[test]
fn durable_tables_are_protected_and_short_lived_ones_are_not() {
    let mut durable = Vec::new();
    for table in Template::stack().resources("AWS::DynamoDB::Table") {
        let (name, whole, properties) = (table.name, table.whole, table.properties);
        assert_eq!(properties["BillingMode"], "PAY_PER_REQUEST", "{name}");
        let is_durable = name != "GrantsTable";
        assert_eq!(whole["DeletionPolicy"], if is_durable { "Retain" } else { "Delete" }, "{name}");
        assert_eq!(whole["DeletionPolicy"], whole["UpdateReplacePolicy"], "{name}");
        assert_eq!(properties["DeletionProtectionEnabled"] == true, is_durable, "{name}");
        let recovery = &properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"];
        assert_eq!(recovery == true, is_durable, "{name}");
        // Of the durable ones, only the audit trail can have a retention.
        let has_ttl = !properties["TimeToLiveSpecification"].is_null();
        assert_eq!(has_ttl, name != "DirectoryTable", "{name}");
        durable.extend(is_durable.then(|| name.to_owned()));
    }
    assert_eq!(durable, ["AuditTable", "DirectoryTable"]);
}

#[tokio::test]
async fn ttl_attribute_is_the_one_items_have() {
    let template = stack_tables();
    let attribute = template["GRANTS_TABLE"]["TimeToLiveSpecification"]["AttributeName"].as_str().unwrap();
    let latchkey = TestApp::with_fixtures().await;
    let path = format!("/v1/accounts/{ACCOUNT}/clients");
    let request = latchkey.admin_request("POST", &path).await.header("idempotency-key", "one");
    request.json(&json!({ "client_name": "Swept" })).send().await.expect(201);
    let grants = &latchkey.server.management.app.config.tables.grants;
    let kept = latchkey.inspect().items(grants).await;
    assert!(!kept.is_empty());
    // The TTL attribute must be a number of seconds since 1970.
    let swept = kept.iter().filter(|item| item.get(attribute).is_some_and(|at| at.as_n().is_ok()));
    assert_eq!(swept.count(), 1, "{kept:?}");
}

/// The indexes of version 0.1.0.
const RELEASED: [(&str, &[&str]); 3] =
    [("DIRECTORY_TABLE", &["by_account", "by_expiry"]), ("GRANTS_TABLE", &[]), ("AUDIT_TABLE", &[])];

#[test]
fn release_adds_one_index_to_a_table_at_most() {
    // One update of a stack creates or deletes one index of a table.
    let tables = stack_tables();
    for (variable, released) in RELEASED {
        let indexes = tables[variable]["GlobalSecondaryIndexes"].as_array().cloned().unwrap_or_default();
        let names: Vec<&str> = indexes.iter().map(|index| index["IndexName"].as_str().unwrap()).collect();
        assert!(released.iter().all(|name| names.contains(name)), "{variable} has lost one: {names:?}");
        assert!(names.len() <= released.len() + 1, "{variable} has more than one new: {names:?}");
    }
}
