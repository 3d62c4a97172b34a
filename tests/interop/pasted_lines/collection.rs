//! The collection of requests for Bruno, run by its command.

use crate::interop::dependencies;
use crate::support::http_server::TestServer;
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

/// Requests of the collection.
const REQUESTS: usize = 12;

#[tokio::test]
async fn collection_for_bruno_signs_in_and_makes_uses_rotates_and_deletes_a_client() {
    let server = TestServer::new().await;
    let Some(home) = tokio::task::spawn_blocking(dependencies::node).await.unwrap() else { return };
    let collection = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/operate/bruno");
    let operator = &server.latchkey.server.operator;
    let mut bru = Command::new(home.join("node_modules/.bin/bru"));
    bru.current_dir(collection).args(["run", "--env", "local", "--noproxy"]);
    bru.arg("--env-var").arg(format!("issuer={}", server.issuer));
    bru.arg("--env-var").arg(format!("operator_client_id={}", operator.client_id));
    bru.arg("--env-var").arg(format!("operator_client_secret={}", operator.client_secret.expose()));
    let output = bru.stdin(Stdio::null()).kill_on_drop(true).output().await.unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{said}");
    let passed = said.matches("(200 OK)").count() + said.matches("(201 Created)").count();
    let deleted = said.matches("(204 No Content)").count();
    assert_eq!(passed + deleted, REQUESTS, "{said}");
}
