//! Connections to AWS, built by hand: one HTTP client, one retry policy, credentials from the function's
//! own environment. Nothing is probed, so nothing is slow at a cold start.

mod http;
mod trust;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, IdentityCache, Region, SharedHttpClient, StalledStreamProtectionConfig,
};
use std::time::Duration;

/// What is needed to reach AWS, or an emulator of it.
#[derive(Clone)]
pub struct AwsAccess {
    /// `AWS_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
    pub credentials: Credentials,
    /// `AWS_ENDPOINT_URL`: an emulator, or `None` for AWS itself.
    pub endpoint: Option<String>,
}

/// Makes clients of the services, over one pool of connections. Each function makes those that it needs,
/// so that none carries or starts another's.
#[derive(Clone)]
pub struct AwsClients {
    access: AwsAccess,
    http: SharedHttpClient,
    timeouts: TimeoutConfig,
    retries: RetryConfig,
}

/// How long one attempt may take. A token must not wait for a slow store longer than its caller does.
const ATTEMPT: Duration = Duration::from_secs(3);
/// How long all attempts together may take; below the functions' own timeout.
const OPERATION: Duration = Duration::from_secs(8);
const ATTEMPTS: u32 = 3;

macro_rules! client {
    ($(#[$doc:meta])* $name:ident, $sdk:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> $sdk::Client {
            let mut config = $sdk::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new(self.access.region.clone()))
                .credentials_provider(self.access.credentials.clone())
                // They come with the environment and never change in it.
                .identity_cache(IdentityCache::no_cache())
                .http_client(self.http.clone())
                // For streams; here the timeout of an attempt ends with the answer's last byte.
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                .timeout_config(self.timeouts.clone())
                .retry_config(self.retries.clone());
            config.set_endpoint_url(self.access.endpoint.clone());
            $sdk::Client::from_conf(config.build())
        }
    };
}

impl AwsClients {
    /// Connects to nothing yet: the first request does.
    #[must_use]
    pub fn new(access: &AwsAccess) -> Self {
        Self {
            access: access.clone(),
            http: http::client(access),
            timeouts: TimeoutConfig::builder()
                .operation_attempt_timeout(ATTEMPT)
                .operation_timeout(OPERATION)
                .build(),
            retries: RetryConfig::standard().with_max_attempts(ATTEMPTS),
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
        /// SES.
        ses, aws_sdk_ses
    }
    client! {
        /// EventBridge.
        eventbridge, aws_sdk_eventbridge
    }
}
