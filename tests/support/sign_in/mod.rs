//! People who sign in, clients that they sign in to, and codes that come of it.

pub mod browser;
pub mod code_flow;
pub mod relying_party;

use crate::support::app::TestApp;
use crate::support::emails::emails_to;
use crate::support::fixtures::{ACCOUNT, TestClient};
use crate::support::sign_in::browser::{Browser, Visit, url_encoded};
use ::authorize::ResponseTiming;
use axum::Router;
use local::mailbox::Message;
use serde_json::{Value, json};
use shared::app::AwsClients;
use shared::app::{App, Clock, Config};
use std::sync::Arc;

/// Where the clients of these tests wait for their answers.
pub const CALLBACK: &str = "https://app.example.com/callback";
/// The challenge of every request (RFC 7636, appendix B).
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorization request under construction.
#[derive(Clone)]
pub struct AuthorizeRequest(Vec<(String, String)>);

impl AuthorizeRequest {
    /// A good one of this client.
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

    /// With one more, though there may be one of that name.
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
    /// A domain that only this latchkey's members have: the outbox is everybody's.
    pub fn mail_domain(&self) -> String {
        format!("{}.acme.example", self.server.management.app.config.stage)
    }

    /// Pages with another configuration than the latchkey's, over its tables.
    pub fn pages(&self, adjust: impl FnOnce(&mut Config)) -> Router {
        let mut config = self.server.management.app.config.clone();
        adjust(&mut config);
        let aws = AwsClients::new(&config.aws);
        let app = App::new(config, &aws, Clock::Adjustable(Arc::clone(&self.server.clock)));
        ::authorize::router(Arc::new(app), &aws, ResponseTiming::Immediate)
    }

    /// A new member of [`ACCOUNT`], by their address.
    pub async fn member(&self, name: &str) -> String {
        let email = format!("{name}@{}", self.mail_domain());
        let body = json!({ "email": email, "name": name });
        let path = format!("/v1/accounts/{ACCOUNT}/members");
        self.admin_request("POST", &path).await.json(&body).send().await.expect(201);
        email
    }

    /// A client of [`ACCOUNT`] that people let act for them, with `orders:read` and `orders:write`.
    pub async fn authorize_state(&self) -> TestClient {
        self.authorize_state_with(&json!({})).await
    }

    /// The same with these members.
    pub async fn authorize_state_with(&self, members: &Value) -> TestClient {
        let scopes = ["orders:read", "orders:write"];
        let mut body = json!({
            "client_name": "Order desk",
            "grant_types": ["authorization_code"],
            "redirect_uris": [CALLBACK],
            "permissions": [{ "resource": "backoffice_api", "scopes": scopes }],
        });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let path = format!("/v1/accounts/{ACCOUNT}/clients");
        let answer = self.admin_request("POST", &path).await.json(&body).send().await.expect(201);
        let json = answer.json();
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        TestClient {
            account_id: ACCOUNT.to_owned(),
            client_id: text("client_id"),
            client_secret: text("client_secret"),
            secret_id: text("secret_id"),
        }
    }

    /// The newest one-time code that was mailed to an address.
    pub async fn mailed_code(&self, email: &str) -> String {
        let emails = emails_to(email.split_once('@').unwrap().1).await;
        code_in(emails.iter().rfind(|sent| sent.to == [email]).expect("a letter"))
    }

    /// How many codes were mailed to an address.
    pub async fn codes_mailed(&self, email: &str) -> usize {
        let emails = emails_to(email.split_once('@').unwrap().1).await;
        emails.iter().filter(|sent| sent.to == [email]).count()
    }

    /// Signs a member in to a client, allows what it asks, and gives the code that the client gets.
    pub async fn sign_in(&self, client: &TestClient, email: &str) -> String {
        let browser = Browser::new(self);
        let visit = browser.identified(self, &AuthorizeRequest::of(client), email).await;
        let visit = if visit.answer.status == 303 { visit } else { browser.decide(&visit, "allow").await };
        visit.sent_to().1["code"].clone()
    }
}

/// The one-time code in a letter.
pub fn code_in(email: &Message) -> String {
    let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
    email.text.lines().map(str::trim).find(is_code).expect("a code").to_owned()
}

/// A code that is not this one.
pub fn another(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

impl Browser {
    /// As far as the page that asks for the code that was mailed.
    pub async fn addressed(&self, asking: &AuthorizeRequest, email: &str) -> Visit {
        let visit = self.get(&asking.path()).await.expect(200);
        self.submit(&visit.form("/email").with("email", email)).await
    }

    /// Through the code that was mailed: to the question, or past it.
    pub async fn identified(&self, latchkey: &TestApp, asking: &AuthorizeRequest, email: &str) -> Visit {
        let visit = self.addressed(asking, email).await.expect(200);
        let code = latchkey.mailed_code(email).await;
        self.submit(&visit.form("/code").with("code", &code)).await
    }

    /// Answers the question of a page.
    pub async fn decide(&self, visit: &Visit, decision: &str) -> Visit {
        let form = visit.find(|form| form.action.ends_with("/consent"));
        self.submit(&form.with("decision", decision)).await
    }
}
