//! `oidc-provider`, an OpenID Connect provider, as a process of its own that stops when it is dropped.

use crate::interop::dependencies;
use serde_json::Value;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Longer than the start takes on a busy machine.
const TIMEOUT: Duration = Duration::from_mins(1);

pub const CLIENT_ID: &str = "latchkey";
/// The login name; any password is accepted.
pub const LOGIN: &str = "ann";
pub const EMAIL: &str = "ann@acme.example";

/// The provider, with one account and one confidential client.
pub struct OidcProviderProcess {
    pub issuer: String,
    // Holds the standard input open: the process exits when that ends.
    _process: Child,
}

impl OidcProviderProcess {
    /// Starts it on a free port of loopback, for the client [`CLIENT_ID`]. `None` without node.
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
