//! A real OpenID Connect provider, `oidc-provider`, to sign in at. It ends with the value that stands for it.

use crate::interop::dependencies;
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Longer than it takes to start on a busy machine.
const TIMEOUT: Duration = Duration::from_mins(1);

pub const CLIENT_ID: &str = "latchkey";
/// What is typed as the login; any password does.
pub const LOGIN: &str = "ann";
pub const EMAIL: &str = "ann@acme.example";

/// The provider, with one account and one confidential client.
pub struct OidcProviderProcess {
    pub issuer: String,
    // Its standard input is held open with it.
    _process: Child,
}

impl OidcProviderProcess {
    /// Starts it on a free port of loopback, for the client [`CLIENT_ID`]. `None` where there is no node.
    pub async fn start(client_secret: &str, redirect_uri: &str) -> Option<Self> {
        let mut command = Command::new("node");
        command.arg(dependencies::node()?.join("upstream_provider.mjs"));
        command.envs([
            ("CLIENT_ID", CLIENT_ID),
            ("CLIENT_SECRET", client_secret),
            ("REDIRECT_URI", redirect_uri),
            ("LOGIN", LOGIN),
            ("EMAIL", EMAIL),
        ]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(TIMEOUT, lines.next_line()).await.expect("it is ready in time");
        let ready: Value = serde_json::from_str(&line.unwrap().expect("one line")).unwrap();
        Some(Self { issuer: ready["issuer"].as_str().unwrap().to_owned(), _process: process })
    }
}
