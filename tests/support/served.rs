//! A house with a door: it answers on a port of its own, for programs that speak HTTP.

use super::house::TestHouse;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// A house that answers at its issuer. It stops with the runtime of the test.
pub struct ServedHouse {
    pub house: TestHouse,
    pub issuer: String,
}

impl ServedHouse {
    pub async fn new() -> Self {
        // The issuer is part of the configuration, so the port comes first.
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let house = TestHouse::configured(|config| config.issuer.clone_from(&issuer)).await;
        let service = house.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { house, issuer }
    }
}
