//! Clients of the management API that are generated from the served document.

use super::run_all;
use crate::interop::program::Program;
use crate::support::fixtures::ACCOUNT;
use crate::support::http_server::TestServer;
use local::emulator::target_dir;
use shared::adapters::crypto::random::random_hex;
use std::fs;

const GENERATORS: [Program; 2] =
    [Program::Python("create_client_openapi.py"), Program::Node("create_client_openapi.mjs")];

#[tokio::test]
async fn generated_clients_create_an_api_client() {
    let server = TestServer::new().await;
    server.latchkey.fixtures().seed().await;
    let packages = target_dir().join("latchkey/generated").join(random_hex());
    fs::create_dir_all(&packages).unwrap();
    let variables = [
        ("ISSUER", server.issuer.as_str()),
        ("TOKEN", server.latchkey.admin().await),
        ("ACCOUNT", ACCOUNT),
        ("PACKAGES", packages.to_str().unwrap()),
    ];
    for (program, created) in run_all(&GENERATORS, &variables).await {
        let (id, secret) =
            (created["client_id"].as_str().unwrap(), created["client_secret"].as_str().unwrap());
        let token = server.latchkey.token(id, secret, "").await;
        assert_eq!(token.status, 200, "{program:?}");
        assert!(created["client_name"].as_str().unwrap().starts_with("Made by "), "{program:?}");
    }
    fs::remove_dir_all(&packages).unwrap();
}
