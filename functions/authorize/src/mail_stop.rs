//! The page on which a contact stops the reminders about an account's clients. The link in each e-mail is the permission: it
//! names account and address, encrypted, and its holder can do nothing but stop these e-mails and resume them.

use crate::error::AuthorizeError;
use crate::page_language::PageLanguage;
use crate::pages::response::own_page;
use crate::pages::templates::{MailState, MailStopPage, display_name};
use crate::sign_in::session::PathId;
use crate::state::AuthorizeState;
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::response::Response;
use http::request::Parts;
use jiff::Timestamp;
use shared::adapters::crypto::mail_link::open_mail_link;
use shared::domain::account::Account;
use shared::domain::account::mail::{MAIL_CHANGES, MailRecipient};
use shared::domain::net::client_ip::ClientIp;
use shared::domain::sign_in::rate_limit::{Counter, RateLimitDecision};
use shared::services::accounts::{MailDelivery, MailError};
use shared::texts::Texts;
use shared::web::cross_site::is_cross_site;
use shared::wire::params::OAuthParams;
use std::sync::Arc;
use tracing::Span;

/// Longest form that is read, in bytes.
const MAX_BODY: usize = 8 * 1024;

/// What the field of RFC 8058 §3.1 holds.
const ONE_CLICK: &str = "One-Click";

/// What a form asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Stop,
    Resume,
}

/// `GET /mail/stop/{token}`: asks. It changes nothing, since mail servers follow links to look for malware.
pub async fn get(
    State(state): State<Arc<AuthorizeState>>,
    token: PathId,
    Extension(language): Extension<PageLanguage>,
) -> Result<Response, AuthorizeError> {
    let now = state.app.clock.now();
    let (recipient, account) = open(&state, token, now).await?;
    let is_stopped = state.app.store.is_mail_stopped(&recipient).await?;
    let mail = if is_stopped { MailState::Stopped } else { MailState::Sent };
    Ok(page(&state, language.texts(), &recipient, &account, mail))
}

/// `POST /mail/stop/{token}`: stops or resumes. Mail programs send it too, without cookies and from servers of their own
/// (RFC 8058), and are answered without a redirect, which they do not follow.
pub async fn post(
    State(state): State<Arc<AuthorizeState>>,
    token: PathId,
    Extension(language): Extension<PageLanguage>,
    head: Parts,
    body: Body,
) -> Result<Response, AuthorizeError> {
    let now = state.app.clock.now();
    let (recipient, account) = open(&state, token, now).await?;
    let body = to_bytes(body, MAX_BODY).await.map_err(|_| AuthorizeError::InvalidForm)?;
    let decision = decision(&body).ok_or(AuthorizeError::InvalidForm)?;
    // Stopping needs the link and nothing else; that someone gets e-mails again is for the page to ask.
    if decision == Decision::Resume && is_cross_site(&head.headers, &state.app.config.issuer) {
        return Err(AuthorizeError::CrossSite("cross_site"));
    }
    let counter =
        Counter { limit: MAIL_CHANGES, key: format!("{} {}", recipient.account_id, recipient.email) };
    if let RateLimitDecision::RetryAfter(seconds) = state.app.store.check_rate_limit(&counter, now).await? {
        return Err(AuthorizeError::TooManyMailChanges(seconds));
    }
    let source_ip = head.extensions.get::<ClientIp>().map(|client_ip| client_ip.0);
    let delivery = MailDelivery { store: &state.app.store, events: &state.events, now };
    let mail = match decision {
        Decision::Stop => delivery.stop(&recipient, source_ip).await.map(|()| MailState::Stopped),
        Decision::Resume => delivery.resume(&recipient, source_ip).await.map(|()| MailState::Resumed),
    };
    Ok(page(&state, language.texts(), &recipient, &account, mail?))
}

/// The recipient and the account of a link.
async fn open(
    state: &AuthorizeState,
    token: PathId,
    now: Timestamp,
) -> Result<(MailRecipient, Account), AuthorizeError> {
    let Ok(Path(token)) = token else { return Err(AuthorizeError::MailLinkNotFound) };
    let peppers = state.app.peppers(now).await?;
    let recipient = open_mail_link(&peppers, &token).ok_or(AuthorizeError::MailLinkNotFound)?;
    Span::current().record("account_id", recipient.account_id.as_str());
    let account = state.app.store.load_account(&recipient.account_id).await?;
    Ok((recipient, account.ok_or(AuthorizeError::MailLinkNotFound)?))
}

/// Reads a form, or the same field as `multipart/form-data`, which RFC 8058 §3.1 allows too.
fn decision(body: &[u8]) -> Option<Decision> {
    let text = std::str::from_utf8(body).ok()?;
    if text.starts_with("--") {
        let has_field = text.contains("name=\"List-Unsubscribe\"") && text.contains(ONE_CLICK);
        return has_field.then_some(Decision::Stop);
    }
    let form = OAuthParams::from_form(body).ok()?;
    match (form.get("List-Unsubscribe"), form.get("decision")) {
        (Some(ONE_CLICK), None) => Some(Decision::Stop),
        (None, Some("resume")) => Some(Decision::Resume),
        _ => None,
    }
}

fn page(
    state: &AuthorizeState,
    texts: Texts,
    recipient: &MailRecipient,
    account: &Account,
    mail: MailState,
) -> Response {
    own_page(
        state,
        &MailStopPage {
            texts,
            frame: state.frame(),
            email: recipient.email.as_str(),
            account: &display_name(&account.account_name),
            state: mail,
        },
    )
}

impl From<MailError> for AuthorizeError {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Backend(error) => error.into(),
            MailError::Contention(error) => {
                shared::adapters::error::BackendError::new("changing a recipient's mail", error).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_fields_of_our_page_and_of_mail_programs_decide() {
        let multipart =
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        for (body, expected) in [
            ("List-Unsubscribe=One-Click", Some(Decision::Stop)),
            (multipart, Some(Decision::Stop)),
            ("decision=resume", Some(Decision::Resume)),
            ("", None),
            ("List-Unsubscribe=", None),
            ("List-Unsubscribe=One-Click&decision=resume", None),
            ("decision=stop", None),
            ("--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nOne-Click\r\n--x--\r\n", None),
        ] {
            assert_eq!(decision(body.as_bytes()), expected, "{body}");
        }
        assert_eq!(decision(b"\xff"), None);
    }
}
