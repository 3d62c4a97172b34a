//! A client application written by others: starts the code flow and completes it after the redirect.

use super::super::program::{Program, ProgramOutput};
use crate::support::fixtures::AUDIENCE;
use serde_json::Value;

/// A client, and the program that acts as it.
pub struct Application<'a> {
    pub program: Program,
    pub issuer: &'a str,
    pub client_id: String,
    /// `None` for a public client.
    pub client_secret: Option<String>,
    pub redirect_uri: &'a str,
}

/// The state that the application stores until the redirect.
#[derive(Debug)]
pub struct StartedFlow {
    pub url: String,
    state: String,
    verifier: String,
}

impl Application<'_> {
    /// The authorization request, as a URL.
    pub async fn begin(&self, scope: &str) -> StartedFlow {
        let output = self.run("begin", &[("SCOPE", scope)]).await;
        let started = output.unwrap_or_else(|error| panic!("{:?}: {error}", self.program));
        let text = |name: &str| started[name].as_str().unwrap().to_owned();
        StartedFlow { url: text("url"), state: text("state"), verifier: text("verifier") }
    }

    /// Completes the flow with the URL of the redirect: the token response, or the library's error.
    pub async fn finish(&self, started: &StartedFlow, callback: &str) -> ProgramOutput {
        let StartedFlow { state, verifier, .. } = started;
        let variables = [("CALLBACK", callback), ("STATE", state), ("VERIFIER", verifier)];
        self.run("finish", &variables).await
    }

    pub async fn refresh(&self, refresh_token: &Value) -> ProgramOutput {
        self.run("refresh", &[("REFRESH_TOKEN", refresh_token.as_str().unwrap())]).await
    }

    pub async fn revoke(&self, refresh_token: &Value) -> ProgramOutput {
        self.run("revoke", &[("REFRESH_TOKEN", refresh_token.as_str().unwrap())]).await
    }

    async fn run(&self, step: &str, more: &[(&str, &str)]) -> ProgramOutput {
        let mut variables =
            vec![("STEP", step), ("ISSUER", self.issuer), ("CLIENT_ID", self.client_id.as_str())];
        variables.extend([("RESOURCE", AUDIENCE), ("REDIRECT_URI", self.redirect_uri)]);
        variables.extend(self.client_secret.as_deref().map(|secret| ("CLIENT_SECRET", secret)));
        variables.extend(more.iter().copied().filter(|(_, value)| !value.is_empty()));
        // A test with a browser has node too.
        self.program.run(&variables).await.unwrap()
    }
}
