//! People with different rights, each signed in to a browser of their own.

use crate::console::access::routes::SOMEONE;
use crate::support::app::TestApp;
use crate::support::fixtures::ACCOUNT;
use crate::support::http::TestResponse;
use crate::support::sign_in::browser::Browser;
use crate::support::sign_in::console::ADMINISTRATOR;
use serde_json::json;
use shared::adapters::crypto::console_cookie::ConsoleCookie;

/// Another account.
pub const OTHER_ACCOUNT: &str = "T99999999";

/// A person, as [`ACCOUNT`] sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    SignedOut,
    MemberOfAnotherAccount,
    Viewer,
    Developer,
    Administrator,
    Operator,
}

impl Person {
    pub const ALL: [Self; 6] = [
        Self::SignedOut,
        Self::MemberOfAnotherAccount,
        Self::Viewer,
        Self::Developer,
        Self::Administrator,
        Self::Operator,
    ];

    /// The scopes that they hold in the account.
    pub fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::SignedOut | Self::MemberOfAnotherAccount => &[],
            Self::Viewer => &["clients:read"],
            Self::Developer => &["clients:read", "clients:manage"],
            Self::Administrator | Self::Operator => &ADMINISTRATOR,
        }
    }

    /// Whether they are a member of the account.
    pub const fn is_member(self) -> bool {
        matches!(self, Self::Viewer | Self::Developer | Self::Administrator)
    }

    /// Signs them in. The other account exists.
    pub async fn browser(self, latchkey: &TestApp) -> Browser {
        let browser = Browser::new(latchkey);
        let someone = json!({ "email": SOMEONE, "name": "Someone", "permissions": ["clients:read"] });
        let members = format!("/v1/accounts/{ACCOUNT}/members");
        latchkey.admin_request("POST", &members).await.json(&someone).send().await;
        let operators = latchkey.server.operator.account_id.to_string();
        let (account, name) = match self {
            Self::SignedOut => return browser,
            Self::MemberOfAnotherAccount => (OTHER_ACCOUNT, "otto"),
            Self::Viewer => (ACCOUNT, "vera"),
            Self::Developer => (ACCOUNT, "dora"),
            Self::Administrator => (ACCOUNT, "ada"),
            Self::Operator => (operators.as_str(), "olga"),
        };
        let scopes = match self {
            Self::MemberOfAnotherAccount => ADMINISTRATOR.to_vec(),
            Self::Operator => [&ADMINISTRATOR[..], &["accounts:manage", "resources:manage"]].concat(),
            _ => self.scopes().to_vec(),
        };
        let email = latchkey.fixtures().member_with(account, name, &scopes).await;
        browser.sign_in_to_console(latchkey, &email, "/console").await.expect(200);
        browser
    }
}

impl Browser {
    /// The token of a form of its session for a path, as a page has it.
    pub fn form_token(&self, path: &str) -> String {
        let cookies = self.cookies();
        let own = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("__Host-latchkey-console="));
        own.and_then(ConsoleCookie::parse).map_or_else(String::new, |cookie| cookie.form_token(path))
    }

    /// Sends a form of its session to a path, whether or not a page has shown it, and follows no redirect.
    pub async fn send_form(&self, path: &str, fields: &str) -> TestResponse {
        let body = format!("csrf_token={}&{fields}", self.form_token(path));
        self.send(self.request("POST", path).header("sec-fetch-site", "same-origin").form(&body)).await
    }
}
