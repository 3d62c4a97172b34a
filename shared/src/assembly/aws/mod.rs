//! The AWS SDK's clients, configured once per cold start.
//!
//! What is set here is what the SDK lets one set: static credentials, timeouts, retries, one HTTP connector for all
//! services, and two interceptors. Endpoints, signatures, idempotency tokens and the retry quota are the SDK's.

mod connector;
mod request_deadline;
mod response_check;

use super::config::AwsConfig;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    AppName, BehaviorVersion, IdentityCache, Region, SharedHttpClient, StalledStreamProtectionConfig,
};
use request_deadline::RequestDeadline;
use response_check::ResponseCheck;
use std::time::Duration;

/// Makes clients of the services over one pool of connections. Each function makes those that it needs, so that none
/// carries another's code.
#[derive(Clone, Debug)]
pub struct AwsClients {
    config: AwsConfig,
    http: SharedHttpClient,
    timeouts: TimeoutConfig,
    retries: RetryConfig,
}

/// How long one attempt may take. A token must not wait for a slow store longer than its caller does.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long all attempts together may take.
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
