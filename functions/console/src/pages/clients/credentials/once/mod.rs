//! The page with the credentials of a new client, or with the value of a secret.
//!
//! The value is kept nowhere for it: the page is the response to the form that created the secret, and each form of the page
//! sends the value back.

mod after;
mod file;

pub use after::{done, download, test};

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::forms::form_target::FormTarget;
use crate::frame::{Frame, Link, display_name};
use crate::pages::clients::credentials::key_rows::{KeyRow, key_rows};
use crate::pages::clients::use_it::program::{ProgramCredential, ProgramLanguage, ProgramValues};
use crate::pages::clients::use_it::resources_of;
use crate::pages::clients::{client_crumbs, credentials_url};
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::response::Response;
use file::CredentialsFile;
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::client::secret::Secret;
use shared::domain::client::{Client, SecretDisplay};
use shared::texts::Texts;
use std::str::FromStr;
use strum::{EnumString, IntoStaticStr};

/// What the page is about.
pub struct ShownCredentials<'a> {
    /// The client.
    pub client: &'a Client,
    /// The secret, with its value.
    pub secret: Option<ShownSecret<'a>>,
    /// What led to the page.
    pub occasion: Occasion,
    /// What a form of the page came to, or what was not done beside the secret.
    pub finding: Option<Finding>,
}

/// A secret with its value.
pub struct ShownSecret<'a> {
    /// The secret.
    pub secret: &'a Secret,
    /// Its value; `None` if it was shown already, and is not known any more.
    pub value: Option<&'a ClientSecret>,
}

/// What led to the page. The forms of the page send it along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Occasion {
    /// A client was created.
    Created,
    /// A secret was added.
    Added,
    /// A secret is shown again.
    ShownAgain,
}

/// What a form of the page came to.
pub enum Finding {
    /// The secret was tried, and a token would have these claims. Empty for a client that gets none of its own.
    Works(String),
    /// The secret was tried, or something was to be done beside it, and this stands against it.
    Fails(String),
    /// It was not said that the secret is saved.
    NotSaved,
}

#[derive(Template)]
#[template(path = "clients/credentials/once.html")]
struct CredentialsPage<'a> {
    frame: Frame<'a>,
    download: FormTarget,
    test: FormTarget,
    done: FormTarget,
    occasion: Occasion,
    occasion_code: &'static str,
    lead: String,
    client_id: &'a str,
    name: String,
    secret_id: &'a str,
    value: Option<&'a str>,
    ends: Option<Instant>,
    token_url: String,
    audiences: Vec<String>,
    files: [CredentialsFile; 6],
    /// What it signs in with in place of a secret.
    keys: Vec<KeyRow>,
    /// URL of the page that compares a token of a platform with these.
    check: String,
    /// Programs, by the name of their language.
    programs: Vec<(&'static str, String)>,
    /// What the programs read.
    programs_hint: String,
    finding: Option<Finding>,
    is_reminded: bool,
    next: Link,
    /// Another page, of a secret that is not shown.
    other: Option<Link>,
}

impl Occasion {
    /// The occasion that a form of the page sends along.
    fn of_form(request: &AccountRequest) -> Result<Self, ConsoleError> {
        let code = request.form.get("occasion").unwrap_or_default();
        Self::from_str(code).map_err(|_| ConsoleError::InvalidForm)
    }

    /// The page that follows.
    fn next(self, request: &AccountRequest, client: &Client) -> String {
        match self {
            Self::Created => request.url(&format!("/clients/{}", client.client_id)),
            Self::Added => credentials_url(request, client.client_id.as_str(), "/rotate"),
            Self::ShownAgain => credentials_url(request, client.client_id.as_str(), ""),
        }
    }
}

/// The page.
pub async fn respond(
    state: &ConsoleState,
    request: &AccountRequest,
    shown: ShownCredentials<'_>,
) -> Result<Response, ConsoleError> {
    let ShownCredentials { client, secret, occasion, finding } = shown;
    let (texts, now) = (request.texts, request.audit_context.now);
    let issuer = state.app().config.issuer.as_str();
    let catalogue = state.app().catalogue(now).await?.value;
    let resources = resources_of(client, |id| catalogue.resources.get(id));
    let url = credentials_url(request, client.client_id.as_str(), "");
    let target = |action: &str| request.form_target_at(&format!("{url}/{action}"));
    let values = ProgramValues::of(client, issuer, resources.first().map(|(resource, _)| *resource));
    let value = secret.as_ref().and_then(|secret| secret.value).map(ClientSecret::expose);
    let (title, lead) = title_and_lead(texts, client, secret.as_ref(), occasion);
    let leaving = leaving(request, client, secret.as_ref(), occasion);
    let mut frame = Frame::in_account(state, request, title).below(client_crumbs(request, client));
    frame.has_errors = matches!(finding, Some(Finding::NotSaved | Finding::Fails(_)));
    let programs = values.iter().flat_map(|values| {
        let languages = ProgramLanguage::with(values.credential()).iter();
        languages.map(|language| (language.name(), language.program(values)))
    });
    let page = CredentialsPage {
        frame,
        download: target("download"),
        test: target("test"),
        done: target("done"),
        occasion,
        occasion_code: occasion.into(),
        lead,
        client_id: client.client_id.as_str(),
        name: display_name(&client.client_name),
        secret_id: secret.as_ref().map_or("", |shown| shown.secret.secret_id.as_str()),
        value,
        ends: secret.as_ref().map(|shown| Instant::new(texts, shown.secret.expires_at, now)),
        token_url: format!("{issuer}/oauth/token"),
        audiences: resources
            .iter()
            .map(|(resource, _)| resource.audience.for_account(&client.account_id))
            .collect(),
        files: CredentialsFile::ALL,
        keys: if secret.is_none() { key_rows(texts, client, now) } else { Vec::new() },
        check: format!("{url}/keys/check"),
        programs_hint: texts.get(match values.as_ref().map(ProgramValues::credential) {
            Some(ProgramCredential::Key) => "programs-hint-key",
            Some(ProgramCredential::Workload) => "programs-hint-workload",
            Some(ProgramCredential::Secret) | None => "programs-hint",
        }),
        programs: if occasion == Occasion::ShownAgain { Vec::new() } else { programs.collect() },
        is_reminded: matches!(finding, Some(Finding::NotSaved)),
        finding,
        next: leaving.0,
        other: leaving.1,
    };
    Ok(respond::page(&page))
}

/// Whether those who hold the right can show a secret later.
fn can_be_shown_again(client: &Client, secret: &Secret) -> bool {
    secret.revealable && client.secret_display == SecretDisplay::OnRequest
}

/// Where the page leads: to what its occasion was about, or for a secret that is not shown to where there is one.
fn leaving(
    request: &AccountRequest,
    client: &Client,
    secret: Option<&ShownSecret<'_>>,
    occasion: Occasion,
) -> (Link, Option<Link>) {
    let link = |href: String, id: &str| Link { href, text: request.texts.get(id) };
    let own = request.url(&format!("/clients/{}", client.client_id));
    let below = |path: &str| credentials_url(request, client.client_id.as_str(), path);
    match secret {
        Some(ShownSecret { secret, value: None }) => {
            let next = if can_be_shown_again(client, secret) {
                link(below(""), "to-the-credentials")
            } else {
                link(below("/rotate"), "make-new-secret")
            };
            (next, Some(link(own, "to-the-client")))
        }
        _ if occasion == Occasion::Created => (link(own, "to-the-client"), None),
        _ => (link(occasion.next(request, client), "credentials-done"), None),
    }
}

fn title_and_lead(
    texts: Texts,
    client: &Client,
    secret: Option<&ShownSecret<'_>>,
    occasion: Occasion,
) -> (String, String) {
    let Some(ShownSecret { secret, value }) = secret else {
        return (texts.get("client-ready-title"), texts.get("client-ready-lead"));
    };
    let hint = format!("…{}", secret.hint);
    if value.is_none() {
        let id = if can_be_shown_again(client, secret) {
            "shown-secret-gone-for-now"
        } else {
            "shown-secret-gone"
        };
        return (texts.get("shown-secret-gone-title"), texts.with(id, [("hint", &hint)]));
    }
    match occasion {
        Occasion::ShownAgain => {
            (texts.with("secret-ending-in", [("hint", &hint)]), texts.get("shown-secret-again"))
        }
        Occasion::Created | Occasion::Added if can_be_shown_again(client, secret) => {
            (texts.get("shown-secret-title"), texts.get("shown-secret-again-later"))
        }
        Occasion::Created | Occasion::Added => {
            (texts.get("shown-secret-title"), texts.get("shown-secret-once"))
        }
    }
}
