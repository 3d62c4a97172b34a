//! The three tables, as the stack creates them in AWS.

use crate::error::TableError;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::client::Waiters;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
};
use aws_sdk_dynamodb::waiters::table_exists::WaitUntilTableExistsError;
use shared::adapters::error::{BackendError, ok_or_expected};
use shared::adapters::store::Tables;
use std::time::Duration;

/// Maximum time until a new table is active. In AWS it takes some seconds, and a minute with indexes.
const MAX_WAIT: Duration = Duration::from_mins(5);

/// Creates the tables that do not exist, and returns when all are active.
pub async fn ensure(client: &Client, tables: &Tables) -> Result<(), TableError> {
    let directory = ["pk", "sk", "list_key", "list_sort", "expires_on", "email", "account_id"];
    create(client, &tables.directory, &directory, directory_indexes()).await?;
    create(client, &tables.grants, &["pk", "sk"], Ok(Vec::new())).await?;
    let by_client = index("by_client", "client_key", "sk", ProjectionType::All).map(|index| vec![index]);
    create(client, &tables.audit, &["pk", "sk", "client_key"], by_client).await?;
    for name in [&tables.directory, &tables.grants, &tables.audit] {
        let waited = client.wait_until_table_exists().table_name(name).wait(MAX_WAIT).await;
        let found = waited.map_err(|error| TableError { table: name.clone(), source: wait_error(&error) })?;
        let indexes = found.into_result().ok().and_then(|output| output.table?.global_secondary_indexes);
        if *name == tables.audit && indexes.is_none_or(|indexes| indexes.is_empty()) {
            add_index_by_client(client, name).await?;
        }
    }
    Ok(())
}

/// Adds the index that tables of a version before do not have.
async fn add_index_by_client(client: &Client, table: &str) -> Result<(), TableError> {
    const OPERATION: &str = "adding an index";
    let index = CreateGlobalSecondaryIndexAction::builder()
        .index_name("by_client")
        .set_key_schema(key_schema("client_key", "sk").ok())
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build();
    let sent = async {
        client
            .update_table()
            .table_name(table)
            .set_attribute_definitions(Some(definitions(&["pk", "sk", "client_key"]).map_err(invalid)?))
            .global_secondary_index_updates(
                GlobalSecondaryIndexUpdate::builder().create(index.map_err(invalid)?).build(),
            )
            .send()
            .await
            .map_err(|error| BackendError::aws(OPERATION, &error))
    };
    sent.await.map(|_| ()).map_err(|source| TableError { table: table.to_owned(), source })
}

fn directory_indexes() -> Result<Vec<GlobalSecondaryIndex>, BuildError> {
    Ok(vec![
        index("by_account", "list_key", "list_sort", ProjectionType::All)?,
        index("by_expiry", "expires_on", "pk", ProjectionType::KeysOnly)?,
        index("by_email", "email", "account_id", ProjectionType::KeysOnly)?,
    ])
}

const CREATING: &str = "creating the table";

fn invalid(error: BuildError) -> BackendError {
    BackendError::new(CREATING, error)
}

fn wait_error(error: &WaitUntilTableExistsError) -> BackendError {
    const OPERATION: &str = "waiting until the table is active";
    match error {
        WaitUntilTableExistsError::OperationFailed(failed) => BackendError::aws(OPERATION, failed.error()),
        other => BackendError::new(OPERATION, other.to_string()),
    }
}

/// Creates a table, unless it exists.
async fn create(
    client: &Client,
    name: &str,
    attributes: &[&str],
    indexes: Result<Vec<GlobalSecondaryIndex>, BuildError>,
) -> Result<(), TableError> {
    let sent = async { send_create_table(client, name, attributes, indexes.map_err(invalid)?).await };
    sent.await.map_err(|source| TableError { table: name.to_owned(), source })
}

async fn send_create_table(
    client: &Client,
    name: &str,
    attributes: &[&str],
    indexes: Vec<GlobalSecondaryIndex>,
) -> Result<(), BackendError> {
    let sent = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(definitions(attributes).map_err(invalid)?))
        .set_key_schema(Some(key_schema("pk", "sk").map_err(invalid)?))
        .set_global_secondary_indexes((!indexes.is_empty()).then_some(indexes))
        .send()
        .await;
    ok_or_expected(CREATING, sent, CreateTableError::is_resource_in_use_exception).map(|_| ())
}

/// Attributes of keys, which are all texts.
fn definitions(names: &[&str]) -> Result<Vec<AttributeDefinition>, BuildError> {
    let definition = |name: &&str| {
        AttributeDefinition::builder().attribute_name(*name).attribute_type(ScalarAttributeType::S).build()
    };
    names.iter().map(definition).collect()
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
