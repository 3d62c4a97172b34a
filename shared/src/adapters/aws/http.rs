//! The HTTP client below the SDK: one pool of connections for all services, HTTP/1.1, nothing that is not used.
//!
//! The SDK's own brings HTTP/2 and proxies with it, and reads the trust store anew for each service.

use super::AwsAccess;
use super::trust;
use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpConnector as SdkConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{CaptureConnection, HttpConnector, capture_connection};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::time::Duration;

/// How long a host may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
struct Connector(Client<HttpsConnector<HttpConnector>, SdkBody>);

/// A client that has not connected to anything.
pub(super) fn client(access: &AwsAccess) -> SharedHttpClient {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(CONNECT));
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(trust::tls_config(access))
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    let pool = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https);
    let connector = SharedHttpConnector::new(Connector(pool));
    http_client_fn(move |_, _| connector.clone())
}

impl SdkConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let connection = capture_connection(&mut request);
        if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
            capture.set_connection_retriever(move || Some(known_to_the_sdk(connection.clone())));
        }
        let answer = self.0.request(request);
        HttpConnectorFuture::new(async move {
            // Handed on as it comes in: of a body that it has as bytes, the SDK writes every one to its own log.
            let answer = answer.await.map_err(not_sent)?.map(SdkBody::from_body_1_x);
            HttpResponse::try_from(answer).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// A connection that the SDK can give up, where what answers on it is out of order.
fn known_to_the_sdk(connection: CaptureConnection) -> ConnectionMetadata {
    let give_up = move || {
        if let Some(connected) = connection.connection_metadata().as_ref() {
            connected.poison();
        }
    };
    ConnectionMetadata::builder().proxied(false).poison_fn(give_up).build()
}

/// Whatever happens on the way counts as input or output that failed, which the SDK tries again.
fn not_sent(error: Error) -> ConnectorError {
    ConnectorError::io(error.into())
}
