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

/// A table as it must be.
struct TableSpec<'a> {
    name: &'a str,
    /// Attributes of its keys and of those of its indexes.
    attributes: &'a [&'a str],
    indexes: Vec<GlobalSecondaryIndex>,
}

/// Creates the tables that do not exist, adds the indexes that tables of a version before do not have, and returns when all
/// are active.
pub async fn ensure(client: &Client, tables: &Tables) -> Result<(), TableError> {
    let indexes = [
        (&tables.directory, directory_indexes()),
        (&tables.grants, Ok(Vec::new())),
        (&tables.audit, index("by_client", "client_key", "sk", ProjectionType::All).map(|index| vec![index])),
    ];
    let attributes: [&[&str]; 3] = [
        &["pk", "sk", "list_key", "list_sort", "expires_on", "email", "account_id"],
        &["pk", "sk"],
        &["pk", "sk", "client_key"],
    ];
    let mut specs = Vec::new();
    for ((name, indexes), attributes) in indexes.into_iter().zip(attributes) {
        let indexes = indexes.map_err(|error| TableError { table: name.clone(), source: invalid(error) })?;
        specs.push(TableSpec { name, attributes, indexes });
    }
    for spec in &specs {
        let sent = create(client, spec).await;
        sent.map_err(|source| TableError { table: spec.name.to_owned(), source })?;
    }
    for spec in &specs {
        let added = add_missing_indexes(client, spec).await;
        added.map_err(|source| TableError { table: spec.name.to_owned(), source })?;
    }
    Ok(())
}

/// Adds indexes one by one, since DynamoDB makes one at a time.
async fn add_missing_indexes(client: &Client, spec: &TableSpec<'_>) -> Result<(), BackendError> {
    loop {
        let waited = client.wait_until_table_exists().table_name(spec.name).wait(MAX_WAIT).await;
        let described = waited.map_err(|error| wait_error(&error))?.into_result();
        let found =
            described.ok().and_then(|output| output.table?.global_secondary_indexes).unwrap_or_default();
        let is_there = |wanted: &&GlobalSecondaryIndex| {
            found.iter().any(|index| index.index_name() == Some(wanted.index_name()))
        };
        let Some(missing) = spec.indexes.iter().find(|wanted| !is_there(wanted)) else { return Ok(()) };
        add_index(client, spec, missing).await?;
    }
}

async fn add_index(
    client: &Client,
    spec: &TableSpec<'_>,
    index: &GlobalSecondaryIndex,
) -> Result<(), BackendError> {
    let action = CreateGlobalSecondaryIndexAction::builder()
        .index_name(index.index_name())
        .set_key_schema(Some(index.key_schema().to_vec()))
        .set_projection(index.projection().cloned())
        .build()
        .map_err(invalid)?;
    let sent = client
        .update_table()
        .table_name(spec.name)
        .set_attribute_definitions(Some(definitions(spec.attributes).map_err(invalid)?))
        .global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().create(action).build())
        .send();
    sent.await.map(|_| ()).map_err(|error| BackendError::aws("adding an index", &error))
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
async fn create(client: &Client, spec: &TableSpec<'_>) -> Result<(), BackendError> {
    let indexes = &spec.indexes;
    let sent = client
        .create_table()
        .table_name(spec.name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(definitions(spec.attributes).map_err(invalid)?))
        .set_key_schema(Some(key_schema("pk", "sk").map_err(invalid)?))
        .set_global_secondary_indexes((!indexes.is_empty()).then(|| indexes.clone()))
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
