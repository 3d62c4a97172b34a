//! A deployment, a member of its account, an application's redirect URI, and a browser.

use crate::interop::code_flow::application::Application;
use crate::interop::dependencies;
use crate::interop::program::{Program, ProgramOutput};
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http_server::TestServer;
use axum::Router;
use axum::response::Html;
use local::emulator::target_dir;
use serde_json::{Value, json};
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;

pub struct Setup {
    pub server: TestServer,
    /// A member of [`ACCOUNT`]. All deployments share the emulator's mailbox, so the address is unique to
    /// this one.
    pub email: String,
    pub redirect_uri: String,
    chromium: &'static Path,
    screenshots: PathBuf,
}

/// How the member signs in, as environment variables of `person.mjs`.
pub type SignInMethod<'a> = &'a [(&'static str, &'a str)];

/// The final URL, the headings of the pages, and whether the consent page was among them.
#[derive(Debug)]
pub struct Visit {
    pub url: String,
    pub pages: Vec<String>,
    pub asked_for_consent: bool,
}

impl Setup {
    /// `None` without Chromium. The screenshots are stored in a folder of the test's name.
    pub async fn new(test: &str) -> Option<Self> {
        dependencies::chromium()?;
        Self::in_app(test, TestServer::new().await).await
    }

    pub async fn in_app(test: &str, server: TestServer) -> Option<Self> {
        let chromium = dependencies::chromium()?;
        server.latchkey.fixtures().seed().await;
        let email = format!("ann.{}@acme.example", server.latchkey.server.management.app.config.stage);
        let members = format!("/v1/accounts/{ACCOUNT}/members");
        server.latchkey.post(&members, &json!({ "email": email, "name": "Ann" })).await.expect(201);
        let screenshots = target_dir().join("latchkey/screenshots").join(test);
        let _ = fs::remove_dir_all(&screenshots);
        fs::create_dir_all(&screenshots).unwrap();
        let screenshots = screenshots.canonicalize().unwrap();
        dependencies::report(&format!("Pictures of the pages: {}", screenshots.display()));
        let redirect_uri = serve_callback().await;
        Some(Self { server, email, redirect_uri, chromium, screenshots })
    }

    pub fn latchkey(&self) -> &TestApp {
        &self.server.latchkey
    }

    /// A confidential client.
    pub async fn confidential(&self, program: Program) -> Application<'_> {
        self.application(program, &json!({ "token_endpoint_auth_method": "client_secret_basic" })).await
    }

    /// A public client, registered for any port of loopback (RFC 8252 §7.3).
    pub async fn public(&self, program: Program) -> Application<'_> {
        let members =
            json!({ "token_endpoint_auth_method": "none", "redirect_uris": ["http://127.0.0.1/callback"] });
        self.application(program, &members).await
    }

    pub async fn application(&self, program: Program, members: &Value) -> Application<'_> {
        let mut body = json!({
            "client_name": "Order board",
            "grant_types": ["authorization_code", "refresh_token"],
            "redirect_uris": [self.redirect_uri],
            "permissions": [{ "resource": "backoffice_api", "scopes": ["orders:read", "orders:write"] }],
        });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        let created = self.latchkey().post(&path, &body).await.expect(201).json();
        Application {
            program,
            issuer: &self.server.issuer,
            client_id: created["client_id"].as_str().unwrap().to_owned(),
            client_secret: created["client_secret"].as_str().map(str::to_owned),
            redirect_uri: &self.redirect_uri,
        }
    }

    /// The member follows a link.
    pub async fn visit(&self, url: &str, method: SignInMethod<'_>) -> Visit {
        let output = self.browse("visit.mjs", &[&[("AUTHORIZATION_URL", url)], method].concat()).await;
        visit(&output.unwrap_or_else(|error| panic!("{url}: {error}")))
    }

    /// The member follows two links in two tabs, one step in each in turn.
    pub async fn visit_both(&self, urls: [&str; 2]) -> [Visit; 2] {
        let urls = [("AUTHORIZATION_URL", urls[0]), ("ANOTHER_URL", urls[1])];
        let output = self.browse("visit_in_two_tabs.mjs", &urls).await.unwrap();
        [visit(&output[0]), visit(&output[1])]
    }

    /// A page of another origin runs the flow with this library: what it got.
    pub async fn page(&self, library: &str, client_id: &str) -> Value {
        let variables = [("LIBRARY", library), ("CLIENT_ID", client_id)];
        let output = self.browse("page_flow.mjs", &variables).await;
        output.unwrap_or_else(|error| panic!("{library}: {error}"))
    }

    async fn browse(&self, script: &'static str, more: SignInMethod<'_>) -> ProgramOutput {
        let mut variables = vec![
            ("CHROMIUM", self.chromium.to_str().unwrap()),
            ("ISSUER", &self.server.issuer),
            ("PICTURES", self.screenshots.to_str().unwrap()),
            ("REDIRECT_URI", &self.redirect_uri),
            ("EMAIL", &self.email),
            ("DECISION", "allow"),
        ];
        variables.extend(more);
        Program::Node(script).run(&variables).await.unwrap()
    }
}

fn visit(output: &Value) -> Visit {
    let pages = output["pages"].as_array().unwrap().iter().map(|page| page.as_str().unwrap().to_owned());
    let url = output["url"].as_str().unwrap().to_owned();
    Visit { url, pages: pages.collect(), asked_for_consent: output["asked"].as_bool().unwrap() }
}

const BACK: &str = "<!doctype html><html lang=en><title>Order board</title><h1>Back at the order board</h1>";

/// Serves the application's own page at another origin than Latchkey's. It stops with the runtime of the
/// test.
async fn serve_callback() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(async || Html(BACK));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("{origin}/callback")
}
