//! The AWS SDK's clients, configured once per cold start.
//!
//! Configured are: static credentials, timeouts, retries, one HTTP connector for all
//! services, and two interceptors. Endpoints, signatures, idempotency tokens and the retry quota are the SDK's.

mod connector;
mod request_deadline;
mod response_check;
mod trust_store;

use crate::app::config::AwsConfig;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    AppName, BehaviorVersion, IdentityCache, Region, SharedHttpClient, StalledStreamProtectionConfig,
};
use request_deadline::RequestDeadline;
use response_check::ResponseCheck;
use std::time::Duration;

/// Builds clients of the services over one pool of connections. Each function builds only those that it needs, so that
/// the code of the others is not linked.
#[derive(Clone, Debug)]
pub struct AwsClients {
    config: AwsConfig,
    http: SharedHttpClient,
    timeouts: TimeoutConfig,
    retries: RetryConfig,
}

/// The most time that one attempt may take: less than callers of the token endpoint wait.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// The most time that all attempts together may take.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
/// The first attempt and its retries.
const MAX_ATTEMPTS: u32 = 3;
/// The longest pause before the first retry; it doubles for the next one.
const INITIAL_BACKOFF: Duration = Duration::from_millis(100);

macro_rules! client {
    ($(#[$doc:meta])* $name:ident, $sdk:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> $sdk::Client {
            let endpoints = &self.config.endpoints;
            let mut config = $sdk::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new(self.config.region.clone()))
                .credentials_provider(self.config.credentials.clone())
                // The credentials never change, so there is nothing to refresh.
                .identity_cache(IdentityCache::no_cache())
                .http_client(self.http.clone())
                // It watches streams; here the timeout of an attempt covers the last byte of the response.
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                .timeout_config(self.timeouts.clone())
                .retry_config(self.retries.clone())
                // The SDK's retry quota: once it is used up, failing requests are no longer repeated, so that an instance
                // does not multiply its load on a service in trouble. Each client has its own.
                .retry_partition(RetryPartition::custom(stringify!($name)).build())
                .interceptor(RequestDeadline)
                .interceptor(ResponseCheck)
                .use_fips(endpoints.use_fips)
                .use_dual_stack(endpoints.use_dual_stack);
            config.set_endpoint_url(endpoints.$name.clone().or_else(|| endpoints.all.clone()));
            config.set_app_name(AppName::new("latchkey").ok());
            $sdk::Client::from_conf(config.build())
        }
    };
}

impl AwsClients {
    /// Connects to nothing yet: the first request does.
    #[must_use]
    pub fn new(config: &AwsConfig) -> Self {
        Self {
            config: config.clone(),
            http: connector::http_client(config),
            timeouts: TimeoutConfig::builder()
                .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                .operation_timeout(OPERATION_TIMEOUT)
                .build(),
            retries: RetryConfig::standard()
                .with_max_attempts(MAX_ATTEMPTS)
                .with_initial_backoff(INITIAL_BACKOFF),
        }
    }

    client! {
        /// DynamoDB.
        dynamodb, aws_sdk_dynamodb
    }
    client! {
        /// Secrets Manager.
        secrets_manager, aws_sdk_secretsmanager
    }
    client! {
        /// SES, by its first version.
        ses, aws_sdk_ses
    }
    client! {
        /// EventBridge.
        eventbridge, aws_sdk_eventbridge
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::config::Endpoints;
    use aws_credential_types::Credentials;
    use aws_smithy_runtime_api::client::http::{
        HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
    };
    use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use std::sync::{Arc, Mutex};

    /// Records the targets of requests, and sends none.
    #[derive(Clone, Debug, Default)]
    struct Recorder(Arc<Mutex<Vec<String>>>);

    impl HttpConnector for Recorder {
        fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
            self.0.lock().expect("not poisoned").push(request.uri().to_owned());
            HttpConnectorFuture::ready(Err(ConnectorError::user("not sent".into())))
        }
    }

    /// The targets of the clients' requests: DynamoDB, Secrets Manager, SES, EventBridge.
    async fn destinations(region: &str, endpoints: Endpoints) -> Vec<String> {
        let credentials = Credentials::new("AKID", "the key", None, None, "test");
        let config = AwsConfig { region: region.to_owned(), credentials, endpoints };
        let recorder = Recorder::default();
        let connector = SharedHttpConnector::new(recorder.clone());
        let mut aws = AwsClients::new(&config);
        aws.http = http_client_fn(move |_, _| connector.clone());
        let _ = aws.dynamodb().query().table_name("t").send().await;
        let _ = aws.secrets_manager().describe_secret().secret_id("s").send().await;
        let _ = aws.ses().get_send_quota().send().await;
        let _ = aws.eventbridge().put_events().send().await;
        let all = recorder.0.lock().expect("not poisoned");
        all.iter().map(|url| url.trim_end_matches('/').to_owned()).collect()
    }

    #[tokio::test]
    async fn services_are_where_aws_documents_them() {
        assert_eq!(
            destinations("eu-central-1", Endpoints::default()).await,
            [
                "https://dynamodb.eu-central-1.amazonaws.com",
                "https://secretsmanager.eu-central-1.amazonaws.com",
                "https://email.eu-central-1.amazonaws.com",
                "https://events.eu-central-1.amazonaws.com",
            ]
        );
        assert_eq!(
            destinations("us-east-1", Endpoints { use_fips: true, ..Endpoints::default() }).await,
            [
                "https://dynamodb-fips.us-east-1.amazonaws.com",
                "https://secretsmanager-fips.us-east-1.amazonaws.com",
                "https://email-fips.us-east-1.amazonaws.com",
                "https://events-fips.us-east-1.amazonaws.com",
            ]
        );
        let dual_stack =
            destinations("eu-central-1", Endpoints { use_dual_stack: true, ..Endpoints::default() });
        assert_eq!(dual_stack.await[0], "https://dynamodb.eu-central-1.api.aws");
    }

    #[tokio::test]
    async fn a_services_own_endpoint_comes_before_that_of_all() {
        let endpoints = Endpoints {
            dynamodb: Some("http://localhost:1".to_owned()),
            ..Endpoints::at("http://localhost:2")
        };
        let (own, all) = ("http://localhost:1", "http://localhost:2");
        assert_eq!(destinations("eu-central-1", endpoints).await, [own, all, all, all]);
    }
}
