//! A foreign application: it sends a person to Latchkey, and goes on when they are back.

use super::super::program::{Program, Said};
use serde_json::Value;

/// A client, and the foreign program that plays it.
pub struct Application<'a> {
    pub program: Program,
    pub issuer: &'a str,
    pub client_id: String,
    /// A public client has none.
    pub client_secret: Option<String>,
    pub redirect_uri: &'a str,
}

/// What the application keeps while the person is away.
#[derive(Debug)]
pub struct StartedFlow {
    pub url: String,
    state: String,
    verifier: String,
}

impl Application<'_> {
    /// The link that the person follows.
    pub async fn begin(&self, scope: &str) -> StartedFlow {
        let reported = self.run("begin", &[("REDIRECT_URI", self.redirect_uri), ("SCOPE", scope)]).await;
        let begun = reported.unwrap_or_else(|complaint| panic!("{:?}: {complaint}", self.program));
        let text = |name: &str| begun[name].as_str().unwrap().to_owned();
        StartedFlow { url: text("url"), state: text("state"), verifier: text("verifier") }
    }

    /// What it makes of the address that the person came back to: a token response, unless it complains.
    pub async fn finish(&self, begun: &StartedFlow, callback: &str) -> Said {
        let StartedFlow { state, verifier, .. } = begun;
        let variables = [
            ("CALLBACK", callback),
            ("STATE", state),
            ("VERIFIER", verifier),
            ("REDIRECT_URI", self.redirect_uri),
        ];
        self.run("finish", &variables).await
    }

    pub async fn refresh(&self, refresh_token: &Value) -> Said {
        self.run("refresh", &[("REFRESH_TOKEN", refresh_token.as_str().unwrap())]).await
    }

    pub async fn revoke(&self, refresh_token: &Value) -> Said {
        self.run("revoke", &[("REFRESH_TOKEN", refresh_token.as_str().unwrap())]).await
    }

    async fn run(&self, step: &str, more: &[(&str, &str)]) -> Said {
        let mut variables =
            vec![("STEP", step), ("ISSUER", self.issuer), ("CLIENT_ID", self.client_id.as_str())];
        variables.extend(self.client_secret.as_deref().map(|secret| ("CLIENT_SECRET", secret)));
        variables.extend(more.iter().copied().filter(|(_, value)| !value.is_empty()));
        // Where there is a browser, there is a node.
        self.program.run(&variables).await.unwrap()
    }
}
