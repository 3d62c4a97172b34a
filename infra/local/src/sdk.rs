//! The SDK's own clients, for what Latchkey itself never asks of AWS: to make tables, and to look into things from
//! outside.

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, IdentityCache, Region, SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use shared::adapters::aws::{AwsAccess, Names, Pool, pool};

/// Makes the SDK's clients.
#[derive(Clone, Debug)]
pub struct Sdk {
    access: AwsAccess,
    http: SharedHttpClient,
}

macro_rules! client {
    ($(#[$doc:meta])* $name:ident, $sdk:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(&self) -> $sdk::Client {
            let mut config = $sdk::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new(self.access.region.clone()))
                .credentials_provider(self.access.credentials.clone())
                .identity_cache(IdentityCache::no_cache())
                .http_client(self.http.clone())
                .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
                .retry_config(RetryConfig::standard());
            config.set_endpoint_url(self.access.endpoint.clone());
            $sdk::Client::from_conf(config.build())
        }
    };
}

impl Sdk {
    /// Connects to nothing yet.
    #[must_use]
    pub fn new(access: &AwsAccess) -> Self {
        let connector = SharedHttpConnector::new(Connector(pool(access, Names::default())));
        Self { access: access.clone(), http: http_client_fn(move |_, _| connector.clone()) }
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
}

/// Latchkey's own connections, as the SDK takes them.
#[derive(Debug)]
struct Connector(Pool);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let pool = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let answer = pool.request(request).await.map_err(|error| ConnectorError::io(error.into()))?;
            let answer = HttpResponse::try_from(answer.map(SdkBody::from_body_1_x));
            answer.map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}
