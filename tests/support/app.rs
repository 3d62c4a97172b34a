//! A whole Latchkey for one test: tables, keys, operator and clock of its own.

use crate::support::aws;
use crate::support::http::{TestRequest, TestResponse};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType};
use axum::Router;
use jiff::{SignedDuration, Timestamp};
use local::server::{LocalConfig, LocalServer, config};
use shared::adapters::signing::KeyRingDocument;
use shared::app::AwsClients;
use shared::app::Config;
use shared::services::client_lifecycle::{Reconciler, SweepSummary};
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

pub const ISSUER: &str = "https://id.latchkey.example";

/// Latchkey under test.
pub struct TestApp {
    pub server: LocalServer,
    pub router: Router,
    admin: OnceCell<String>,
}

/// Signing keys take long to make, so all houses share one ring.
pub fn ring() -> &'static str {
    static RING: OnceLock<String> = OnceLock::new();
    RING.get_or_init(|| {
        serde_json::to_string(&KeyRingDocument::generate(Timestamp::UNIX_EPOCH).unwrap()).unwrap()
    })
}

pub fn new_stage() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    format!("t{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with_config(|_| {}).await
    }

    /// A latchkey with another configuration than the default one.
    pub async fn with_config(adjust: impl FnOnce(&mut Config)) -> Self {
        Self::with_endpoint(aws::endpoint(), adjust).await
    }

    /// A latchkey that reaches AWS through `endpoint`.
    pub async fn with_endpoint(endpoint: &str, adjust: impl FnOnce(&mut Config)) -> Self {
        let ground =
            LocalConfig { aws_endpoint: endpoint.to_owned(), issuer: ISSUER.to_owned(), stage: new_stage() };
        let mut config = config(&ground);
        adjust(&mut config);
        let aws = AwsClients::new(&config.aws);
        let keys = aws.secrets_manager().create_secret().name(&config.signing_keys_secret);
        keys.secret_string(ring()).send().await.unwrap();
        Self::from_server(LocalServer::build(ground, config).await.unwrap())
    }

    /// A latchkey that was built otherwise.
    pub fn from_server(server: LocalServer) -> Self {
        Self { router: server.router(), server, admin: OnceCell::new() }
    }

    /// A latchkey whose requests go through another door than its own: to functions that run elsewhere.
    pub fn with_router(server: LocalServer, router: Router) -> Self {
        Self { server, router, admin: OnceCell::new() }
    }

    pub fn request(&self, method: &str, path: &str) -> TestRequest {
        TestRequest::new(self.router.clone(), method, path)
    }

    pub fn now(&self) -> Timestamp {
        self.server.clock.now()
    }

    /// Moves the clock; the operator's token of before may no longer do.
    pub fn set_time(&mut self, instant: Timestamp) {
        self.server.clock.set(instant);
        self.admin = OnceCell::new();
    }

    pub fn advance(&mut self, by: SignedDuration) {
        self.set_time(self.now().checked_add(by).unwrap());
    }

    /// A token of the operator, whose secret is renewed if it has ended.
    pub async fn admin(&self) -> &str {
        self.admin
            .get_or_init(async || {
                let operator = &self.server.operator;
                let (id, secret) = (operator.client_id.as_str(), operator.client_secret.expose());
                let answer = self.token(id, secret, "").await;
                if answer.status == 401 {
                    return self.renew_operator().await;
                }
                answer.expect(200).string("access_token")
            })
            .await
    }

    /// Asks as the operator.
    pub async fn admin_request(&self, method: &str, path: &str) -> TestRequest {
        self.request(method, path).bearer(self.admin().await)
    }

    /// Exchanges credentials for a token, with further form parameters such as `&scope=a`.
    pub async fn token(&self, id: &str, secret: &str, more: &str) -> TestResponse {
        let form = format!("grant_type=client_credentials{more}");
        self.request("POST", "/oauth/token").basic(id, secret).form(&form).send().await
    }

    /// Settles what crashes have left behind.
    pub async fn sweep(&self) -> SweepSummary {
        let management = &self.server.management;
        let reconciler = Reconciler {
            store: &management.app.store,
            client_secrets: &management.client_secrets,
            now: self.now(),
        };
        reconciler.sweep().await.unwrap()
    }

    /// Every item of a table.
    pub async fn items(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        let pages =
            self.server.aws.dynamodb().scan().table_name(table).consistent_read(true).into_paginator();
        pages.items().send().collect::<Result<_, _>>().await.unwrap()
    }

    /// Every short-lived thing whose key starts so.
    pub async fn grants(&self, prefix: &str) -> Vec<HashMap<String, AttributeValue>> {
        let all = self.items(&self.server.management.app.config.tables.grants).await;
        all.into_iter().filter(|item| item["pk"].as_s().unwrap().starts_with(prefix)).collect()
    }

    /// Every item of one partition of the directory.
    pub async fn partition(&self, pk: &str) -> Vec<HashMap<String, AttributeValue>> {
        let table = &self.server.management.app.config.tables.directory;
        let all = self.items(table).await;
        all.into_iter().filter(|item| item["pk"].as_s().unwrap() == pk).collect()
    }

    /// The clients that the vault has something of, in the order of their ids.
    pub async fn stored_client_ids(&self) -> Vec<String> {
        let prefix = format!("latchkey/{}/clients/", self.server.management.app.config.stage);
        // Only this latchkey's: others come and go meanwhile, and pages of all would shift.
        let own = Filter::builder().key(FilterNameStringType::Name).values(&prefix).build();
        let pages =
            self.server.aws.secrets_manager().list_secrets().filters(own).max_results(100).into_paginator();
        let all: Vec<_> = pages.send().collect::<Result<_, _>>().await.unwrap();
        let names = all.into_iter().flat_map(|page| page.secret_list.unwrap_or_default());
        let names = names.filter_map(|entry| entry.name);
        let own = names.filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned));
        own.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What a workload reads under a label: the value's JSON, or `None` if nothing carries the label.
    pub async fn stored_value(&self, client_id: &str, label: &str) -> Option<serde_json::Value> {
        let name = format!("latchkey/{}/clients/{client_id}", self.server.management.app.config.stage);
        let request = self.server.aws.secrets_manager().get_secret_value();
        let output = request.secret_id(name).version_stage(label).send().await.ok()?;
        serde_json::from_str(&output.secret_string?).ok()
    }

    /// Every label that a version of this client's secret carries.
    pub async fn stored_stages(&self, client_id: &str) -> BTreeSet<String> {
        let name = format!("latchkey/{}/clients/{client_id}", self.server.management.app.config.stage);
        let listed =
            self.server.aws.secrets_manager().list_secret_version_ids().secret_id(name).send().await.unwrap();
        let versions = listed.versions.unwrap_or_default().into_iter();
        versions.flat_map(|version| version.version_stages.unwrap_or_default()).collect()
    }
}
