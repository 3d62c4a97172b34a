//! The programs written by others: their input and output.

use super::dependencies;
use crate::support::crypto::assertions::TestKey;
use crate::support::fixtures::TestClient;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::process::Command;

/// Longer than any program takes on a busy machine; one that hangs must not hang the tests.
const TIMEOUT: Duration = Duration::from_mins(8);

/// Removed from the environment: the server is on loopback, where no proxy belongs.
const PROXY_VARIABLES: [&str; 9] = [
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "NODE_USE_ENV_PROXY",
];

/// A program: in `python/` by its path, in `node/` and `go/` by its file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Python(&'static str),
    Node(&'static str),
    Go(&'static str),
}

pub const VERIFIERS: [Program; 3] = [
    Program::Python("verify_pyjwt.py"),
    Program::Node("verify_jose.mjs"),
    Program::Node("verify_aws_jwt_verify.mjs"),
];

pub const REVOKERS: [Program; 3] = [
    Program::Python("revoke_authlib.py"),
    Program::Node("revoke_openid_client.mjs"),
    Program::Node("revoke_oauth4webapi.mjs"),
];

/// Input of a program that fetches a token.
#[derive(Clone, Copy)]
pub struct Fetch<'a> {
    pub issuer: &'a str,
    pub client: &'a TestClient,
    pub resource: &'a str,
    pub auth_method: &'static str,
    pub scope: Option<&'static str>,
}

/// The JSON that a program prints, or its error output.
pub type ProgramOutput = Result<Value, String>;

impl Program {
    /// Runs it with these environment variables. `None` without node for a JavaScript program, or without Go.
    pub async fn run(self, variables: &[(&str, &str)]) -> Option<ProgramOutput> {
        let mut words = self.command_line().await?.into_iter();
        let mut command = Command::new(words.next().unwrap());
        command.args(words);
        for variable in PROXY_VARIABLES.into_iter().chain(["SCOPE"]) {
            command.env_remove(variable);
        }
        command.envs(variables.iter().copied()).stdin(Stdio::null()).kill_on_drop(true);
        let output = tokio::time::timeout(TIMEOUT, command.output()).await;
        Some(parse_output(&output.unwrap_or_else(|_| panic!("{self:?} hangs")).unwrap()))
    }

    /// Whether it can be run here.
    pub async fn is_available(self) -> bool {
        self.command_line().await.is_some()
    }

    /// Installs what it needs on another thread: that takes longer than the programs that run meanwhile wait for the server,
    /// which answers on the thread of the test.
    async fn command_line(self) -> Option<Vec<PathBuf>> {
        let words = move || match self {
            Self::Python(path) => {
                let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/python").join(path);
                // No bytecode: nothing is written beside the programs.
                Some(vec![dependencies::python().to_owned(), PathBuf::from("-B"), script])
            }
            Self::Node(name) => Some(vec![PathBuf::from("node"), dependencies::node()?.join(name)]),
            Self::Go(name) => {
                let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/go").join(name);
                Some(vec![dependencies::go(&source)?])
            }
        };
        tokio::task::spawn_blocking(words).await.unwrap()
    }

    /// Fetches a token.
    pub async fn fetch(self, fetch: Fetch<'_>) -> Option<ProgramOutput> {
        let mut variables = vec![
            ("ISSUER", fetch.issuer),
            ("CLIENT_ID", &fetch.client.client_id),
            ("CLIENT_SECRET", &fetch.client.client_secret),
            ("RESOURCE", fetch.resource),
            ("AUTH_METHOD", fetch.auth_method),
        ];
        variables.extend(fetch.scope.map(|scope| ("SCOPE", scope)));
        self.run(&variables).await
    }

    /// Introspects a token, revokes it, and introspects it again.
    pub async fn revoke(
        self,
        issuer: &str,
        client: &TestClient,
        auth_method: &'static str,
        token: &str,
    ) -> Option<ProgramOutput> {
        let variables = [
            ("ISSUER", issuer),
            ("CLIENT_ID", &client.client_id),
            ("CLIENT_SECRET", &client.client_secret),
            ("AUTH_METHOD", auth_method),
            ("TOKEN", token),
        ];
        self.run(&variables).await
    }

    /// Gets a token by assertions that the program signs, introspects it, revokes it, and introspects it
    /// again.
    pub async fn assert(
        self,
        issuer: &str,
        client_id: &str,
        key: &TestKey,
        resource: &str,
    ) -> Option<ProgramOutput> {
        let variables = [
            ("ISSUER", issuer),
            ("CLIENT_ID", client_id),
            ("PRIVATE_KEY", &key.private_pem()),
            ("ALG", key.alg),
            ("RESOURCE", resource),
        ];
        self.run(&variables).await
    }

    /// Verifies a token.
    pub async fn verify(self, issuer: &str, token: &str, audience: &str) -> Option<ProgramOutput> {
        self.run(&[("ISSUER", issuer), ("TOKEN", token), ("AUDIENCE", audience)]).await
    }
}

fn parse_output(output: &Output) -> ProgramOutput {
    let (response, error) = (&output.stdout, String::from_utf8_lossy(&output.stderr));
    if output.status.success() {
        serde_json::from_slice(response).map_err(|error| format!("not one line of JSON ({error}); {error}"))
    } else {
        Err(error.into_owned())
    }
}
