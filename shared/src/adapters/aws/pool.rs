//! Connections to AWS: one pool for all services, HTTP/1.1, nothing that is not used.

use super::AwsAccess;
use super::trust;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::Mutex;
use tower::Service;

/// How long a host may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(1);

/// Connections, kept for the next request.
pub type Pool = Client<HttpsConnector<HttpConnector<InTurn>>, SdkBody>;

/// A pool that has not connected to anything.
#[must_use]
pub fn pool(access: &AwsAccess) -> Pool {
    let mut tcp = HttpConnector::new_with_resolver(InTurn::default());
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

/// Looks names up one after the other. Each lookup needs a thread; so all have the same, and a cold start makes one
/// less.
#[derive(Clone, Debug)]
pub struct InTurn {
    resolver: GaiResolver,
    turn: Arc<Mutex<()>>,
}

impl Default for InTurn {
    fn default() -> Self {
        Self { resolver: GaiResolver::new(), turn: Arc::default() }
    }
}

impl Service<Name> for InTurn {
    type Response = GaiAddrs;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, io::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
        self.resolver.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (mut resolver, turn) = (self.resolver.clone(), Arc::clone(&self.turn));
        Box::pin(async move {
            let _turn = turn.lock().await;
            resolver.call(name).await
        })
    }
}
