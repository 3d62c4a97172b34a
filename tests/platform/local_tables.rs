//! Creation of the local runner's tables in a DynamoDB that is slow, as on AWS.

use crate::support::app::TestApp;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{AsyncSleep, Sleep};
use aws_sdk_dynamodb::types::{DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate};
use axum::extract::State;
use axum::{Json, Router};
use http::HeaderMap;
use local::server::{LocalConfig, config};
use local::tables;
use serde_json::{Value, json};
use shared::app::AwsClients;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// An asynchronous sleep that returns at once.
#[derive(Debug)]
struct NoSleep;

impl AsyncSleep for NoSleep {
    fn sleep(&self, _: Duration) -> Sleep {
        Sleep::new(async {})
    }
}

/// The table name and status of each table description that was returned.
type Described = Arc<Mutex<Vec<(String, &'static str)>>>;

async fn slow_dynamodb(State(described): State<Described>, headers: HeaderMap, body: String) -> Json<Value> {
    let target = headers["x-amz-target"].to_str().unwrap();
    if !target.ends_with(".DescribeTable") {
        return Json(json!({}));
    }
    let input: Value = serde_json::from_str(&body).unwrap();
    let table = input["TableName"].as_str().unwrap().to_owned();
    let mut described = described.lock().unwrap();
    let times = described.iter().filter(|(name, _)| *name == table).count();
    let status = if times < 2 { "CREATING" } else { "ACTIVE" };
    described.push((table, status));
    let indexes =
        ["by_account", "by_expiry", "by_email", "by_client"].map(|name| json!({ "IndexName": name }));
    Json(json!({ "Table": { "TableStatus": status, "GlobalSecondaryIndexes": indexes } }))
}

#[tokio::test]
async fn ensured_tables_are_active() {
    let described = Described::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let local_config = LocalConfig {
        aws_endpoint: format!("http://{}", listener.local_addr().unwrap()),
        issuer: "http://127.0.0.1:8787".to_owned(),
        stage: "local".to_owned(),
    };
    let router = Router::new().fallback(slow_dynamodb).with_state(Arc::clone(&described));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let config = config(&local_config);
    let client = AwsClients::new(&config.aws).dynamodb();
    // Without timeouts, which would also expire at once.
    let config_without_waits =
        client.config().to_builder().sleep_impl(NoSleep).timeout_config(TimeoutConfig::disabled()).build();
    let client = Client::from_conf(config_without_waits);
    tables::ensure(&client, &config.tables).await.unwrap();
    let described = described.lock().unwrap();
    for table in [&config.tables.directory, &config.tables.grants, &config.tables.audit] {
        let statuses = described.iter().filter(|(name, _)| name == table).map(|(_, status)| *status);
        assert_eq!(statuses.collect::<Vec<_>>(), ["CREATING", "CREATING", "ACTIVE"], "{table}");
    }
}

#[tokio::test]
async fn tables_of_a_version_before_get_the_indexes_that_they_do_not_have() {
    let latchkey = TestApp::with_fixtures().await;
    let (client, tables) = (latchkey.server.aws.dynamodb(), &latchkey.server.management.app.config.tables);
    for (table, index) in
        [(&tables.directory, "by_email"), (&tables.directory, "by_expiry"), (&tables.audit, "by_client")]
    {
        let delete = DeleteGlobalSecondaryIndexAction::builder().index_name(index).build().unwrap();
        let update = GlobalSecondaryIndexUpdate::builder().delete(delete).build();
        client.update_table().table_name(table).global_secondary_index_updates(update).send().await.unwrap();
    }
    tables::ensure(&client, tables).await.unwrap();
    // Signing in finds the accounts of an address by an index.
    latchkey.administrator_in_console().await;
}
