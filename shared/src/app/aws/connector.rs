//! The HTTP connector below the SDK's clients: one pool of connections and one trust store for all services.

use crate::app::aws::trust_store;
use crate::app::config::AwsConfig;
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector, http_client_fn};
use std::time::Duration;

/// The most time that a host may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A client that has not connected yet.
pub(super) fn http_client(config: &AwsConfig) -> SharedHttpClient {
    let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT_TIMEOUT).build();
    let tls = TlsContext::builder().with_trust_store(trust_store::trust_store(config)).build();
    let connector = Connector::builder()
        .connector_settings(settings)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(tls.expect("a trust store is all that is set"))
        .build();
    let connector = SharedHttpConnector::new(connector);
    http_client_fn(move |_, _| connector.clone())
}
