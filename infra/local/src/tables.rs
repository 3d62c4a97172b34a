//! The three tables, as the stack makes them in AWS.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::client::Waiters;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use aws_sdk_dynamodb::waiters::table_exists::WaitUntilTableExistsError;
use shared::adapters::error::BackendError;
use shared::adapters::store::Tables;
use std::time::Duration;

/// How long a new table may take to become active. In AWS it takes some seconds, and a minute with indexes.
const MAX_WAIT: Duration = Duration::from_mins(5);

/// Creates the tables that do not exist, and returns when all are active.
pub async fn ensure(client: &Client, tables: &Tables) -> Result<(), String> {
    let directory_indexes = || -> Result<_, BuildError> {
        Ok(vec![
            index("by_account", "list_key", "list_sort", ProjectionType::All)?,
            index("by_expiry", "expires_on", "pk", ProjectionType::KeysOnly)?,
        ])
    };
    let directory = directory_indexes().map_err(|error| error.to_string())?;
    create(client, &tables.directory, &["pk", "sk", "list_key", "list_sort", "expires_on"], directory)
        .await?;
    create(client, &tables.grants, &["pk", "sk"], Vec::new()).await?;
    create(client, &tables.audit, &["pk", "sk"], Vec::new()).await?;
    for name in [&tables.directory, &tables.grants, &tables.audit] {
        let waited = client.wait_until_table_exists().table_name(name).wait(MAX_WAIT).await;
        waited.map_err(|error| format!("table {name}: {}", waiting_failed(&error)))?;
    }
    Ok(())
}

fn waiting_failed(error: &WaitUntilTableExistsError) -> BackendError {
    const OPERATION: &str = "waiting until the table is active";
    match error {
        WaitUntilTableExistsError::OperationFailed(failed) => BackendError::aws(OPERATION, failed.error()),
        other => BackendError::new(OPERATION, other),
    }
}

async fn create(
    client: &Client,
    name: &str,
    attributes: &[&str],
    indexes: Vec<GlobalSecondaryIndex>,
) -> Result<(), String> {
    let attributes: Result<Vec<_>, _> = attributes
        .iter()
        .map(|attribute| {
            AttributeDefinition::builder()
                .attribute_name(*attribute)
                .attribute_type(ScalarAttributeType::S)
                .build()
        })
        .collect();
    let sent = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(attributes.map_err(|error| error.to_string())?))
        .set_key_schema(Some(key_schema("pk", "sk").map_err(|error| error.to_string())?))
        .set_global_secondary_indexes((!indexes.is_empty()).then_some(indexes))
        .send()
        .await;
    match sent {
        Ok(_) => Ok(()),
        Err(error)
            if matches!(error.as_service_error(), Some(CreateTableError::ResourceInUseException(_))) =>
        {
            Ok(())
        }
        Err(error) => Err(format!("table {name}: {}", BackendError::aws("creating the table", &error))),
    }
}

fn key_schema(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>, BuildError> {
    let element = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    Ok(vec![element(hash, KeyType::Hash)?, element(range, KeyType::Range)?])
}

fn index(
    name: &str,
    hash: &str,
    range: &str,
    projection: ProjectionType,
) -> Result<GlobalSecondaryIndex, BuildError> {
    GlobalSecondaryIndex::builder()
        .index_name(name)
        .set_key_schema(Some(key_schema(hash, range)?))
        .projection(Projection::builder().projection_type(projection).build())
        .build()
}
