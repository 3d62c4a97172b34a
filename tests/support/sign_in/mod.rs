//! Members who sign in, clients that they sign in to, and the codes.

pub mod browser;
pub mod code_flow;
pub mod console;
pub mod form;
pub mod provider;
pub mod references;
pub mod relying_party;
pub mod tokens;

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::{ACCOUNT, Fixtures, TestClient};
use crate::support::inspect::Inspect;
use crate::support::sign_in::browser::{Browser, PageVisit, url_encoded};
use ::authorize::{AuthorizeState, ResponseTiming};
use axum::Router;
use local::mailbox::Message;
use serde_json::{Value, json};
use shared::app::AwsClients;
use shared::app::{App, Clock, Config};
use std::sync::Arc;

/// The redirect URI of the clients.
pub const CALLBACK: &str = "https://app.example.com/callback";
/// The code challenge of every request (RFC 7636, appendix B).
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorization request under construction.
#[derive(Clone)]
pub struct AuthorizeRequest(Vec<(String, String)>);

impl AuthorizeRequest {
    /// A valid request of this client.
    pub fn of(client: &TestClient) -> Self {
        let pairs = [
            ("response_type", "code"),
            ("client_id", &client.client_id),
            ("redirect_uri", CALLBACK),
            ("state", "s t&te"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }

    /// Adds a parameter, even if there is one of that name.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(own, _)| own != name);
        self
    }

    pub fn with(self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    pub fn path(&self) -> String {
        let pairs = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        format!("/oauth/authorize?{}", url_encoded(pairs))
    }
}

impl TestApp {
    /// A mail domain that only this app's members have: all apps share one mailbox.
    pub fn mail_domain(&self) -> String {
        format!("{}.acme.example", self.server.management.app.config.stage)
    }

    /// The sign-in pages with a changed configuration, over the app's tables.
    pub fn pages(&self, adjust: impl FnOnce(&mut Config)) -> Router {
        let mut config = self.server.management.app.config.clone();
        adjust(&mut config);
        let aws = AwsClients::new(&config.aws);
        let app = App::new(config, &aws, Clock::Adjustable(Arc::clone(&self.server.clock)));
        let state = AuthorizeState::new(Arc::new(app), &aws, ResponseTiming::Immediate);
        ::authorize::router(Arc::new(state))
    }

    /// Signs a member in to a client, consents, and returns the authorization code.
    pub async fn sign_in(&self, client: &TestClient, email: &str) -> String {
        let browser = Browser::new(self);
        let visit = browser.enter_email_code(self, &AuthorizeRequest::of(client), email).await;
        let visit =
            if visit.response.status == 303 { visit } else { browser.submit_consent(&visit, "allow").await };
        visit.redirect_target().1["code"].clone()
    }
}

impl Fixtures<'_> {
    /// Adds a member of [`ACCOUNT`], and returns their address.
    pub async fn member(self, name: &str) -> String {
        let email = format!("{name}@{}", self.0.mail_domain());
        let body = json!({ "email": email, "name": name });
        let path = format!("/v1/accounts/{ACCOUNT}/members");
        self.0.admin_request("POST", &path).await.json(&body).send().await.expect(201);
        email
    }

    /// A code-flow client of [`ACCOUNT`] with `orders:read` and `orders:write`.
    pub async fn sign_in_client(self) -> TestClient {
        self.sign_in_client_with(&json!({})).await
    }

    /// The same client with these members.
    pub async fn sign_in_client_with(self, members: &Value) -> TestClient {
        let scopes = ["orders:read", "orders:write"];
        let mut body = json!({
            "client_name": "Order portal",
            "grant_types": ["authorization_code"],
            "redirect_uris": [CALLBACK],
            "permissions": [{ "resource": "backoffice_api", "scopes": scopes }],
        });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        let response = self.0.admin_request("POST", &path).await.json(&body).send().await.expect(201);
        let json = response.json();
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        TestClient {
            account_id: ACCOUNT.to_owned(),
            client_id: text("client_id"),
            client_secret: text("client_secret"),
            secret_id: text("secret_id"),
        }
    }
}

impl Inspect<'_> {
    /// The newest one-time code that was sent to an address.
    pub async fn mailed_code(self, email: &str) -> String {
        let emails = emails_to(email.split_once('@').unwrap().1).await;
        let with_code = |sent: &&Message| sent.to == [email] && find_code(sent).is_some();
        one_time_code(emails.iter().rfind(with_code).expect("an email"))
    }

    /// The number of codes that were sent to an address.
    pub async fn codes_mailed(self, email: &str) -> usize {
        let emails = emails_to(email.split_once('@').unwrap().1).await;
        emails.iter().filter(|sent| sent.to == [email]).count()
    }
}

/// The one-time code in an email.
pub fn one_time_code(email: &Message) -> String {
    find_code(email).expect("a code")
}

fn find_code(email: &Message) -> Option<String> {
    let is_code = |line: &&str| line.len() == 8 && line.bytes().all(|byte| byte.is_ascii_digit());
    email.text.lines().map(str::trim).find(is_code).map(str::to_owned)
}

/// A code that differs from this one.
pub fn another(code: &str) -> String {
    format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000)
}

impl Browser {
    /// Goes to the page that asks for the emailed code.
    pub async fn request_email_code(&self, request: &AuthorizeRequest, email: &str) -> PageVisit {
        let visit = self.get(&request.path()).await.expect(200);
        self.submit(&visit.form("/email").with("email", email)).await
    }

    /// Signs in with the emailed code: to the consent page, or past it.
    pub async fn enter_email_code(
        &self,
        latchkey: &TestApp,
        request: &AuthorizeRequest,
        email: &str,
    ) -> PageVisit {
        let visit = self.request_email_code(request, email).await.expect(200);
        let code = latchkey.inspect().mailed_code(email).await;
        self.submit(&visit.form("/code").with("code", &code)).await
    }

    /// Submits the consent page.
    pub async fn submit_consent(&self, visit: &PageVisit, decision: &str) -> PageVisit {
        let form = visit.find(|form| form.action.ends_with("/consent"));
        self.submit(&form.with("decision", decision)).await
    }
}
