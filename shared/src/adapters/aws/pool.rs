//! Connections to AWS: one pool for all services, HTTP/1.1, nothing that is not used.

use super::AwsAccess;
use super::names::Names;
use super::trust;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::time::Duration;

/// How long a host may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(1);

/// Connections, kept for the next request.
pub type Pool = Client<HttpsConnector<HttpConnector<Names>>, SdkBody>;

/// A pool that has not connected to anything.
#[must_use]
pub fn pool(access: &AwsAccess, names: Names) -> Pool {
    let mut tcp = HttpConnector::new_with_resolver(names);
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT));
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(trust::tls_config(access))
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https)
}
