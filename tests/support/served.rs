//! A house with a door: it answers on a port of its own, for programs that speak HTTP.

use super::house::TestHouse;
use shared::app::Config;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// A house that answers at its issuer. It stops with the runtime of the test.
pub struct ServedHouse {
    pub house: TestHouse,
    pub issuer: String,
}

/// A port on loopback, and the issuer of the house that will be behind it. The issuer is part of the
/// configuration, so the port comes first.
pub async fn door() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    (listener, issuer)
}

impl ServedHouse {
    pub async fn new() -> Self {
        Self::behind(door().await, |_| {}).await
    }

    /// A house with another configuration than the default one.
    pub async fn behind((listener, issuer): (TcpListener, String), adjust: impl FnOnce(&mut Config)) -> Self {
        let house = TestHouse::configured(|config| {
            config.issuer.clone_from(&issuer);
            adjust(config);
        })
        .await;
        let service = house.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { house, issuer }
    }
}
