//! Creation of the local runner's tables in a DynamoDB that is slow, as on AWS.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{AsyncSleep, Sleep};
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
    Json(json!({ "Table": { "TableStatus": status } }))
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
