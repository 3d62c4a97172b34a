//! People who use the console.

use crate::support::app::{ISSUER, TestApp};
use crate::support::fixtures::{ACCOUNT, Fixtures};
use crate::support::sign_in::browser::{Browser, PageVisit};
use crate::support::sign_in::form::unescaped;
use serde_json::{Value, json};

/// The scopes of an administrator of an account.
pub const ADMINISTRATOR: [&str; 5] =
    ["clients:read", "clients:manage", "members:manage", "secrets:reveal", "audit:read"];

/// The id of the client that a page is about.
pub fn shown_id(visit: &PageVisit) -> String {
    let text = visit.text();
    let start = text.find(">lk_").unwrap_or_else(|| panic!("no id on {}: {text}", visit.at)) + 1;
    text[start..].split('<').next().unwrap().to_owned()
}

/// The secret that a page shows.
#[track_caller]
pub fn shown_secret(visit: &PageVisit) -> String {
    let text = visit.text();
    let start = text.find(">lks_").unwrap_or_else(|| panic!("no secret on {}: {text}", visit.at)) + 1;
    text[start..].split('<').next().unwrap().to_owned()
}

/// A command of "The same by API".
#[derive(Debug)]
pub struct ApiCommand {
    pub method: String,
    pub path: String,
    pub body: Option<Value>,
}

/// The commands of a page, as the shell and curl read them.
pub fn api_commands(visit: &PageVisit) -> Vec<ApiCommand> {
    let text = unescaped(&visit.text());
    let commands = text.split("curl --request ").skip(1).map(|rest| {
        let command = rest.split("</code>").next().unwrap().trim();
        let (method, rest) = command.split_once(" '").unwrap();
        let (url, rest) = rest.split_once('\'').unwrap();
        let body = rest.split_once("--json '").map(|(_, json)| {
            let json = json.strip_suffix('\'').unwrap().replace(r"'\''", "'");
            serde_json::from_str(&json).unwrap()
        });
        let path = url.strip_prefix(ISSUER).unwrap().to_owned();
        ApiCommand { method: method.to_owned(), path, body }
    });
    commands.collect()
}

impl Fixtures<'_> {
    /// Adds a member with these scopes, and returns their address.
    pub async fn member_with(self, account: &str, name: &str, scopes: &[&str]) -> String {
        let email = format!("{name}@{}", self.0.mail_domain());
        let body = json!({ "email": email, "name": name, "permissions": scopes });
        let path = format!("/v1/accounts/{account}/members");
        self.0.admin_request("POST", &path).await.json(&body).send().await.expect(201);
        email
    }
}

impl TestApp {
    /// Sends a command of "The same by API", and returns the status.
    pub async fn run_command(&self, command: &ApiCommand) -> u16 {
        let request = self.admin_request(&command.method, &command.path).await;
        let request = match &command.body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send().await.status.as_u16()
    }

    /// A browser in which an administrator of [`ACCOUNT`] is signed in to the console.
    pub async fn administrator_in_console(&self) -> Browser {
        self.person_in_console("ann").await
    }

    /// A browser in which an operator is signed in to the console.
    pub async fn operator_in_console(&self) -> Browser {
        self.operator_with(&["accounts:manage", "resources:manage"]).await
    }

    /// The same for an operator of another name.
    pub async fn operator_named(&self, name: &str) -> Browser {
        self.operator(name, &["accounts:manage", "resources:manage"]).await
    }

    /// The same for an operator with these scopes besides those of an administrator.
    pub async fn operator_with(&self, scopes: &[&str]) -> Browser {
        self.operator("olga", scopes).await
    }

    async fn operator(&self, name: &str, scopes: &[&str]) -> Browser {
        let operators = self.server.operator.account_id.to_string();
        let scopes = [&ADMINISTRATOR[..], scopes].concat();
        let email = self.fixtures().member_with(&operators, name, &scopes).await;
        let browser = Browser::new(self);
        browser.sign_in_to_console(self, &email, "/console").await.expect(200);
        browser
    }

    /// The same for an administrator of another name.
    pub async fn person_in_console(&self, name: &str) -> Browser {
        let email = self.fixtures().member_with(ACCOUNT, name, &ADMINISTRATOR).await;
        let browser = Browser::new(self);
        browser.sign_in_to_console(self, &email, "/console").await.expect(200);
        browser
    }
}

impl Browser {
    /// Goes to a page of the console signed out, and signs in with the emailed code.
    pub async fn sign_in_to_console(&self, latchkey: &TestApp, email: &str, path: &str) -> PageVisit {
        let visit = self.get(path).await.expect(200);
        let visit = self.submit(&visit.form("/email").with("email", email)).await.expect(200);
        let code = latchkey.inspect().mailed_code(email).await;
        self.submit(&visit.form("/code").with("code", &code)).await
    }
}

/// Confirms at a URL of a confirmation who the person is, with the emailed code, unless they have lately.
pub async fn confirm(browser: &Browser, latchkey: &TestApp, email: &str, url: &str) -> PageVisit {
    let url = if url.starts_with("/console/confirm") {
        url.to_owned()
    } else {
        format!("/console/confirm?to={url}")
    };
    let visit = browser.get(&url).await.expect(200);
    let visit = browser.submit(&visit.form("/email")).await.expect(200);
    let code = latchkey.inspect().mailed_code(email).await;
    browser.submit(&visit.form("/code").with("code", &code)).await
}
