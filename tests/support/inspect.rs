//! Read access to what an app has stored.

use crate::support::app::TestApp;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType};
use std::collections::{BTreeSet, HashMap};

/// Tables, Secrets Manager and emails of an app.
#[derive(Clone, Copy)]
pub struct Inspect<'a>(pub &'a TestApp);

impl Inspect<'_> {
    /// Every item of a table.
    pub async fn items(self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        let pages =
            self.0.server.aws.dynamodb().scan().table_name(table).consistent_read(true).into_paginator();
        pages.items().send().collect::<Result<_, _>>().await.unwrap()
    }

    /// Every short-lived item whose partition key has this prefix.
    pub async fn grants(self, prefix: &str) -> Vec<HashMap<String, AttributeValue>> {
        let all = self.items(&self.0.server.management.app.config.tables.grants).await;
        all.into_iter().filter(|item| item["pk"].as_s().unwrap().starts_with(prefix)).collect()
    }

    /// Every item of one partition of the directory.
    pub async fn partition(self, pk: &str) -> Vec<HashMap<String, AttributeValue>> {
        let table = &self.0.server.management.app.config.tables.directory;
        let all = self.items(table).await;
        all.into_iter().filter(|item| item["pk"].as_s().unwrap() == pk).collect()
    }

    /// The clients that have a secret in Secrets Manager, by id.
    pub async fn stored_client_ids(self) -> Vec<String> {
        let prefix = format!("latchkey/{}/clients/", self.0.server.management.app.config.stage);
        // Only those of this app: other tests create and delete secrets meanwhile, which would shift the pages.
        let own = Filter::builder().key(FilterNameStringType::Name).values(&prefix).build();
        let pages =
            self.0.server.aws.secrets_manager().list_secrets().filters(own).max_results(100).into_paginator();
        let all: Vec<_> = pages.send().collect::<Result<_, _>>().await.unwrap();
        let names = all.into_iter().flat_map(|page| page.secret_list.unwrap_or_default());
        let names = names.filter_map(|entry| entry.name);
        let own = names.filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned));
        own.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The JSON value in this stage of the client's secret, or `None` if no version has the stage.
    pub async fn stored_value(self, client_id: &str, label: &str) -> Option<serde_json::Value> {
        let name = format!("latchkey/{}/clients/{client_id}", self.0.server.management.app.config.stage);
        let request = self.0.server.aws.secrets_manager().get_secret_value();
        let output = request.secret_id(name).version_stage(label).send().await.ok()?;
        serde_json::from_str(&output.secret_string?).ok()
    }

    /// Every stage of the client's secret that a version has.
    pub async fn stored_stages(self, client_id: &str) -> BTreeSet<String> {
        let name = format!("latchkey/{}/clients/{client_id}", self.0.server.management.app.config.stage);
        let listed = self
            .0
            .server
            .aws
            .secrets_manager()
            .list_secret_version_ids()
            .secret_id(name)
            .send()
            .await
            .unwrap();
        let versions = listed.versions.unwrap_or_default().into_iter();
        versions.flat_map(|version| version.version_stages.unwrap_or_default()).collect()
    }
}
