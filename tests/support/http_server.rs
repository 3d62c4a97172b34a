//! An app on a port of its own, for programs that speak HTTP.

use crate::support::app::TestApp;
use shared::app::Config;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// An app that serves requests at its issuer URL. It stops with the runtime of the test.
pub struct TestServer {
    pub latchkey: TestApp,
    pub issuer: String,
}

/// A loopback port, and the issuer URL of the app that will serve it. The issuer is part of the configuration,
/// so the port comes first.
pub async fn loopback_listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    (listener, issuer)
}

impl TestServer {
    pub async fn new() -> Self {
        Self::on_listener(loopback_listener().await, |_| {}).await
    }

    /// An app with a changed configuration.
    pub async fn on_listener(
        (listener, issuer): (TcpListener, String),
        adjust: impl FnOnce(&mut Config),
    ) -> Self {
        let latchkey = TestApp::with_config(|config| {
            config.issuer.clone_from(&issuer);
            adjust(config);
        })
        .await;
        let service = latchkey.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { latchkey, issuer }
    }
}
