//! The landing page of a console link. A look at it spends nothing, so that scanners of mails and previews of chats do not.

use crate::error::ConsoleError;
use crate::forms::Form;
use crate::frame::{Frame, display_name};
use crate::language;
use crate::respond;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::header;
use http::request::Parts;
use shared::domain::console::path::ConsolePath;
use shared::domain::console::session::{AuthenticationMethod, user_agent};
use shared::domain::net::client_ip::ClientIp;
use shared::services::console::NewSession;
use shared::services::console::links::{self, UseLinkError};
use shared::services::sign_in::ConsolePerson;
use shared::web::response::see_other;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage<'a> {
    frame: Frame<'a>,
    path: &'a str,
    email: &'a str,
    account: String,
}

impl From<UseLinkError> for ConsoleError {
    fn from(error: UseLinkError) -> Self {
        match error {
            UseLinkError::NotFound
            | UseLinkError::AlreadyUsed
            | UseLinkError::Expired
            | UseLinkError::MemberRemoved => Self::LinkUnusable,
            UseLinkError::AccountDisabled => Self::AccountDisabled,
            UseLinkError::LinksNotAllowed(methods) => Self::OtherSignIn(methods, ConsolePath::root()),
            UseLinkError::Contention(contention) => contention.into(),
            UseLinkError::Backend(error) => error.into(),
        }
    }
}

/// `GET /console/link/{token}`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    Path(token): Path<String>,
    head: Parts,
) -> Result<Response, ConsoleError> {
    let texts = language::texts(&state, &head.headers, &head.uri);
    let preview = links::peek(&state.app().store, &token, state.app().clock.now()).await?;
    let page = LinkPage {
        frame: Frame::bare(&state, texts, texts.get("link-title")),
        path: head.uri.path(),
        email: preview.email.as_str(),
        account: display_name(&preview.account.account_name),
    };
    Ok(respond::page(&page))
}

/// `POST /console/link/{token}`: spends the link, and starts a session that may do what both the member and the issuer may.
///
/// The form has no token of a session, because there is none: that another site sends it is seen by what the browser reports,
/// and all that it could do is to sign the browser in by a link that the site has.
pub async fn submit(
    State(state): State<Arc<ConsoleState>>,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response, ConsoleError> {
    let (head, _) = request.into_parts();
    Form::reject_cross_site(&head.headers, &state.app().config.issuer)?;
    let source_ip = head.extensions.get::<ClientIp>().map(|client_ip| client_ip.0);
    let (app, now) = (state.app(), state.app().clock.now());
    let redeemed = links::redeem(&app.store, &app.events, &token, source_ip, now).await?;
    let person = ConsolePerson {
        email: redeemed.membership.member.email.clone(),
        method: AuthenticationMethod::Link,
        external_identity: None,
        memberships: vec![redeemed.membership],
    };
    let browser = head.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let new = NewSession {
        person: &person,
        wanted: None,
        replaces: None,
        scopes: Some(redeemed.scopes),
        source_ip,
        user_agent: user_agent(browser.unwrap_or_default()),
    };
    let cookie = state.sessions(now).start(new).await?;
    let mut response = see_other(redeemed.to.as_str());
    response.headers_mut().insert(header::SET_COOKIE, state.cookie().set(&cookie.expose()));
    Ok(response)
}
