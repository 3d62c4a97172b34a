//! Connections to AWS, built by hand: one HTTP client, one retry policy, credentials from the function's
//! own environment. Nothing is probed, so nothing is slow at a cold start.

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, SharedHttpClient};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
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

/// Clients of the services, sharing one pool of connections.
#[derive(Clone)]
pub struct AwsClients {
    /// DynamoDB.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Secrets Manager.
    pub secrets_manager: aws_sdk_secretsmanager::Client,
    /// SES.
    pub ses: aws_sdk_ses::Client,
    /// EventBridge.
    pub eventbridge: aws_sdk_eventbridge::Client,
}

/// How long one attempt may take. A token must not wait for a slow store longer than its caller does.
const ATTEMPT: Duration = Duration::from_secs(3);
/// How long all attempts together may take; below the functions' own timeout.
const OPERATION: Duration = Duration::from_secs(8);
const CONNECT: Duration = Duration::from_secs(1);
const ATTEMPTS: u32 = 3;

impl AwsClients {
    /// Connects to nothing yet: the first request does.
    #[must_use]
    pub fn new(access: &AwsAccess) -> Self {
        let http: SharedHttpClient =
            Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(OPERATION)
            .build();
        let retries = RetryConfig::standard().with_max_attempts(ATTEMPTS);
        macro_rules! client {
            ($sdk:ident) => {{
                let mut config = $sdk::Config::builder()
                    .behavior_version(BehaviorVersion::latest())
                    .region(Region::new(access.region.clone()))
                    .credentials_provider(access.credentials.clone())
                    .http_client(http.clone())
                    .timeout_config(timeouts.clone())
                    .retry_config(retries.clone());
                config.set_endpoint_url(access.endpoint.clone());
                $sdk::Client::from_conf(config.build())
            }};
        }
        Self {
            dynamodb: client!(aws_sdk_dynamodb),
            secrets_manager: client!(aws_sdk_secretsmanager),
            ses: client!(aws_sdk_ses),
            eventbridge: client!(aws_sdk_eventbridge),
        }
    }
}
