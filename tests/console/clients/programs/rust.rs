//! The program in Rust. It is compiled with the tests, so the page must offer just this text.

use super::{Site, offered, run};
use crate::support::fixtures::ACCOUNT;
use serde_json::json;
use std::process::Command;
use tokio::net::TcpListener;

mod program {
    include!("rust_program.rs");

    pub fn run() {
        main().unwrap();
    }
}

/// Set for the process in which the program runs: it reads its secret, and the proxy that is the site, from the environment.
const IN_PROCESS: &str = "LATCHKEY_TEST_RUST_PROGRAM";

#[test]
fn program_in_rust_gets_a_token_and_tries_again_after_503() {
    if std::env::var_os(IN_PROCESS).is_some() {
        return program::run();
    }
    tokio::runtime::Runtime::new().unwrap().block_on(check());
}

async fn check() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    let site = Site::at(listener, "http://auth.example.com".to_owned()).await;
    let id = format!("{ACCOUNT}-program");
    let (_, secret) = site.client(json!({ "client_id": id })).await;
    let browser = site.latchkey.administrator_in_console().await;
    assert_eq!(offered(&browser, &id, "rust").await, include_str!("rust_program.rs").trim_end());
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = "console::clients::programs::rust::program_in_rust_gets_a_token_and_tries_again_after_503";
    command.args([name, "--exact", "--nocapture", "--test-threads=1", "--quiet"]);
    command
        .env(IN_PROCESS, "yes")
        .env("CLIENT_SECRET", secret)
        .env("http_proxy", proxy)
        .env_remove("no_proxy");
    let printed = run(command).await;
    let token = printed.split_whitespace().find(|word| word.starts_with("ey")).unwrap();
    site.check_token("rust", token, &id).await;
}
