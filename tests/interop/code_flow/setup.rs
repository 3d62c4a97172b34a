//! A latchkey, a member of its account, an application's place to come back to, and a browser.

use crate::interop::code_flow::application::Application;
use crate::interop::dependencies;
use crate::interop::program::{Program, Said};
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
    pub served: TestServer,
    /// A member of [`ACCOUNT`]. All houses share the emulator's mailbox, so the address is this latchkey's own.
    pub email: String,
    pub redirect_uri: String,
    chromium: &'static Path,
    pictures: PathBuf,
}

/// How somebody goes about it, as variables of `person.mjs`.
pub type SignInMethod<'a> = &'a [(&'static str, &'a str)];

/// Where they got, the headings of the pages on the way, and whether they were asked for their consent.
#[derive(Debug)]
pub struct Visit {
    pub url: String,
    pub pages: Vec<String>,
    pub requested: bool,
}

impl Setup {
    /// `None` where there is no Chromium. The pictures go to a folder of the test's name.
    pub async fn new(test: &str) -> Option<Self> {
        dependencies::chromium()?;
        Self::in_app(test, TestServer::new().await).await
    }

    pub async fn in_app(test: &str, served: TestServer) -> Option<Self> {
        let chromium = dependencies::chromium()?;
        served.latchkey.seed().await;
        let email = format!("ann.{}@acme.example", served.latchkey.server.management.app.config.stage);
        let members = format!("/v1/accounts/{ACCOUNT}/members");
        served.latchkey.post(&members, &json!({ "email": email, "name": "Ann" })).await.expect(201);
        let pictures = target_dir().join("latchkey/screenshots").join(test);
        let _ = fs::remove_dir_all(&pictures);
        fs::create_dir_all(&pictures).unwrap();
        let pictures = pictures.canonicalize().unwrap();
        dependencies::report(&format!("Pictures of the pages: {}", pictures.display()));
        let redirect_uri = a_place_to_come_back_to().await;
        Some(Self { served, email, redirect_uri, chromium, pictures })
    }

    pub fn latchkey(&self) -> &TestApp {
        &self.served.latchkey
    }

    /// An application that can keep a secret.
    pub async fn confidential(&self, program: Program) -> Application<'_> {
        self.application(program, &json!({ "token_endpoint_auth_method": "client_secret_basic" })).await
    }

    /// One that cannot. It is registered for any port of loopback (RFC 8252 §7.3).
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
        let made = self.latchkey().post(&path, &body).await.expect(201).json();
        Application {
            program,
            issuer: &self.served.issuer,
            client_id: made["client_id"].as_str().unwrap().to_owned(),
            client_secret: made["client_secret"].as_str().map(str::to_owned),
            redirect_uri: &self.redirect_uri,
        }
    }

    /// The member follows a link.
    pub async fn visit(&self, url: &str, manner: SignInMethod<'_>) -> Visit {
        let reported = self.browse("visit.mjs", &[&[("AUTHORIZATION_URL", url)], manner].concat()).await;
        visit(&reported.unwrap_or_else(|complaint| panic!("{url}: {complaint}")))
    }

    /// The member follows two links at once, a step here and a step there.
    pub async fn visit_both(&self, urls: [&str; 2]) -> [Visit; 2] {
        let urls = [("AUTHORIZATION_URL", urls[0]), ("ANOTHER_URL", urls[1])];
        let reported = self.browse("visit_in_two_tabs.mjs", &urls).await.unwrap();
        [visit(&reported[0]), visit(&reported[1])]
    }

    async fn browse(&self, script: &'static str, more: SignInMethod<'_>) -> Said {
        let mut variables = vec![
            ("CHROMIUM", self.chromium.to_str().unwrap()),
            ("ISSUER", &self.served.issuer),
            ("PICTURES", self.pictures.to_str().unwrap()),
            ("REDIRECT_URI", &self.redirect_uri),
            ("EMAIL", &self.email),
            ("DECISION", "allow"),
        ];
        variables.extend(more);
        Program::Node(script).run(&variables).await.unwrap()
    }
}

fn visit(reported: &Value) -> Visit {
    let pages = reported["pages"].as_array().unwrap().iter().map(|page| page.as_str().unwrap().to_owned());
    let url = reported["url"].as_str().unwrap().to_owned();
    Visit { url, pages: pages.collect(), requested: reported["asked"].as_bool().unwrap() }
}

const BACK: &str = "<!doctype html><html lang=en><title>Order board</title><h1>Back at the order board</h1>";

/// An application's own page, at an origin that is not Latchkey's. It stops with the runtime of the test.
async fn a_place_to_come_back_to() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(async || Html(BACK));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("{origin}/callback")
}
