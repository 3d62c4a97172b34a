//! The page that shows the value of a secret. It is the response to the form itself: the value is kept nowhere for it.

use super::secret_view::SecretView;
use crate::account_request::AccountRequest;
use crate::frame::Frame;
use crate::pages::clients::client_frame;
use crate::pages::clients::credentials_url;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::response::Response;
use shared::domain::client::client_secret::ClientSecret;
use shared::domain::client::secret::Secret;
use shared::domain::client::{Client, SecretDisplay};
use shared::services::clients::NewSecret;

/// The secret of the page.
pub enum ShownSecret<'a> {
    /// It was created just now.
    New {
        /// The secret with its value.
        new: &'a NewSecret,
        /// What was not done beside it, and is to be repeated.
        warning: Option<String>,
    },
    /// It is shown again, on request.
    Again {
        /// The secret.
        secret: &'a Secret,
        /// Its value.
        value: &'a ClientSecret,
    },
    /// It was created by the same form before, and its value is not known any more.
    Gone(&'a Secret),
}

#[derive(Template)]
#[template(path = "clients/credentials/shown_secret.html")]
struct ShownSecretPage<'a> {
    frame: Frame<'a>,
    is_new: bool,
    /// Whether it can be shown again.
    is_shown_again: bool,
    warning: Option<String>,
    client_id: &'a str,
    secret: SecretView,
    value: Option<&'a str>,
    token_url: String,
    next: String,
}

/// The page.
pub fn respond(
    state: &ConsoleState,
    request: &AccountRequest,
    client: &Client,
    shown: &ShownSecret<'_>,
) -> Response {
    let (texts, now) = (request.texts, request.audit_context.now);
    let (secret, value, warning, title) = match shown {
        ShownSecret::New { new, warning } => {
            (&new.secret, Some(new.value.expose()), warning.clone(), texts.get("shown-secret-title"))
        }
        ShownSecret::Again { secret, value } => {
            let hint = format!("…{}", secret.hint);
            (*secret, Some(value.expose()), None, texts.with("secret-ending-in", [("hint", &hint)]))
        }
        ShownSecret::Gone(secret) => (*secret, None, None, texts.get("shown-secret-gone-title")),
    };
    let is_new = matches!(shown, ShownSecret::New { .. });
    let page = ShownSecretPage {
        frame: client_frame(state, request, client, title),
        is_new,
        is_shown_again: secret.revealable && client.secret_display == SecretDisplay::OnRequest,
        warning,
        client_id: client.client_id.as_str(),
        secret: SecretView::new(texts, secret, now),
        value,
        token_url: format!("{}/oauth/token", state.app().config.issuer),
        next: credentials_url(request, client.client_id.as_str(), if is_new { "/rotate" } else { "" }),
    };
    respond::page(&page)
}
