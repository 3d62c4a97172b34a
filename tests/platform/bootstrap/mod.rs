//! Bootstrap of a deployment: missing items are created once, and existing ones are kept.

mod concurrent_bootstrap;
mod custom_resource;
mod faults;
mod operator_member;
mod restore;
mod settings;
mod stage_change;

use crate::support::app::{ISSUER, new_stage};
use local::server::{LocalConfig, REMIND_OPERATOR, config};
use local::tables;
use serde_json::Value;
use shared::adapters::error::BackendError;
use shared::app::AwsClients;
use shared::app::bootstrap;
use shared::app::{AdjustableClock, App, BootstrapOutcome, Clock, Config, ManagementState};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A deployment with empty tables and no secrets.
pub struct EmptyDeployment {
    pub local_config: LocalConfig,
    pub config: Config,
    pub aws: AwsClients,
    pub clock: Arc<AdjustableClock>,
}

impl EmptyDeployment {
    pub async fn new(endpoint: &str) -> Self {
        let local_config =
            LocalConfig { aws_endpoint: endpoint.to_owned(), issuer: ISSUER.to_owned(), stage: new_stage() };
        let config = config(&local_config);
        let aws = AwsClients::new(&config.aws);
        tables::ensure(&aws.dynamodb(), &config.tables).await.unwrap();
        Self { local_config, config, aws, clock: Arc::default() }
    }

    /// Creates the secrets that the stack creates: a pepper with a value, and empty ones for the key ring and the
    /// public keys.
    pub async fn with_stack_secrets(self) -> Self {
        self.create(&self.config.pepper_secret, Some(&pepper())).await;
        self.create(&self.config.signing_keys_secret, None).await;
        self.create(&self.config.verification_keys_secret, None).await;
        self
    }

    pub async fn create(&self, name: &str, value: Option<&str>) {
        let request = self.aws.secrets_manager().create_secret().name(name);
        request.set_secret_string(value.map(str::to_owned)).send().await.unwrap();
    }

    /// Runs the bootstrap as a cold start does.
    pub async fn bootstrap(&self) -> Result<BootstrapOutcome, BackendError> {
        bootstrap(&self.cold_start(), &self.aws.secrets_manager(), REMIND_OPERATOR).await
    }

    pub fn cold_start(&self) -> ManagementState {
        let clock = Clock::Adjustable(Arc::clone(&self.clock));
        ManagementState::new(Arc::new(App::new(self.config.clone(), &self.aws, clock)), &self.aws)
    }

    /// The current value of a secret.
    pub async fn value(&self, name: &str) -> Option<String> {
        let sent = self.aws.secrets_manager().get_secret_value().secret_id(name).send().await;
        sent.ok()?.secret_string.filter(|text| !text.is_empty())
    }

    /// The values that must never change once they exist.
    pub async fn values(&self) -> BTreeMap<&'static str, String> {
        let operator = format!("latchkey/{}/clients/latchkey-operator", self.local_config.stage);
        let mut values = BTreeMap::new();
        for (what, name) in [
            ("pepper", &self.config.pepper_secret),
            ("ring", &self.config.signing_keys_secret),
            ("public keys", &self.config.verification_keys_secret),
            ("operator", &operator),
        ] {
            if let Some(value) = self.value(name).await {
                values.insert(what, value);
            }
        }
        values
    }

    /// The number of the operator's secrets in the directory.
    pub async fn operator_secrets(&self) -> usize {
        let output = self
            .aws
            .dynamodb()
            .query()
            .table_name(&self.config.tables.directory)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(
                ":pk",
                aws_sdk_dynamodb::types::AttributeValue::S("CLIENT#latchkey-operator".to_owned()),
            )
            .send()
            .await
            .unwrap();
        let keys = output.items().iter().filter(|item| item["sk"].as_s().unwrap().starts_with("SECRET#"));
        keys.count()
    }

    /// The stages in use other than those that Secrets Manager sets by itself.
    pub async fn custom_stages(&self, name: &str) -> Vec<String> {
        let described = self.aws.secrets_manager().describe_secret().secret_id(name).send().await.unwrap();
        let labels = described.version_ids_to_stages.unwrap_or_default().into_values().flatten();
        labels.filter(|label| label != "AWSCURRENT" && label != "AWSPREVIOUS").collect()
    }
}

pub fn pepper() -> String {
    serde_json::json!({ "pepper_id": "p1", "pepper": "0123456789abcdef0123456789abcdef" }).to_string()
}

/// The client secret in the value of an operator's secret.
pub fn client_secret(value: &str) -> String {
    let value: Value = serde_json::from_str(value).unwrap();
    value["client_secret"].as_str().unwrap().to_owned()
}
