//! What concerns the person who is signed in: their sessions, e-mails and calendars.

mod acting;
mod browser;
pub mod calendars;
pub mod confirm_email;
pub mod mail;

use crate::error::ConsoleError;
use crate::forms::Form;
use crate::forms::form_target::FormTarget;
use crate::frame::navigation::FrameAccount;
use crate::frame::{Frame, Link};
use crate::language;
use crate::pages::me::calendars::OwnCalendars;
use crate::pages::me::mail::OwnMail;
use crate::pages::parts::notice::Notice;
use crate::pages::parts::time::Instant;
use crate::respond;
use crate::session::PersonRequest;
use crate::state::ConsoleState;
use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::Response;
use http::request::Parts;
use shared::domain::console::path::ConsolePath;
use shared::services::console::CurrentPerson;
use shared::web::response::see_other;
use std::sync::Arc;

/// Path of the form that ends the other sessions.
const END_OTHERS: &str = "/console/me/end-others";

struct SessionRow {
    source: String,
    /// The browser and its system, in words.
    browser: String,
    /// What the browser says of itself.
    user_agent: String,
    account: String,
    started: Instant,
    seen: Instant,
    is_this: bool,
}

#[derive(Template)]
#[template(path = "me/me.html")]
struct MePage<'a> {
    frame: Frame<'a>,
    email: &'a str,
    end_others: FormTarget,
    mail: Option<OwnMail>,
    calendars: Option<OwnCalendars>,
    sessions: Vec<SessionRow>,
}

/// `GET /console/me`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    person: PersonRequest,
    head: Parts,
) -> Result<Response, ConsoleError> {
    let texts = language::texts(&state, &head.headers, &head.uri);
    let own = &person.live.session;
    let stored = state.sessions(person.now).list(&own.email).await?;
    let digest = person.live.digest();
    // The holder of a link may be another person than the member.
    let shown = stored.into_iter().filter(|stored| own.proves_person() || stored.digest == digest);
    let sessions = shown.map(|stored| {
        let session = stored.session;
        SessionRow {
            source: session.source_ip.map_or_else(|| texts.get("unknown-address"), |ip| ip.to_string()),
            browser: browser::in_words(texts, &session.user_agent),
            user_agent: session.user_agent,
            account: session.account_id.map(|id| id.to_string()).unwrap_or_default(),
            started: Instant::new(texts, session.started_at, person.now),
            seen: Instant::new(texts, session.seen_at, person.now),
            is_this: stored.digest == digest,
        }
    });
    let current = acting::in_own_account(&state, &person).await?;
    let mut frame = Frame::bare(&state, texts, texts.get("me-title")).for_person(&person.live);
    frame.notice = Notice::text(head.uri.query().unwrap_or_default(), texts);
    if let Some(CurrentPerson { account, principal, .. }) = &current {
        frame.account = Some(FrameAccount::new(account, principal, head.uri.path(), texts));
    } else {
        frame.breadcrumbs.push(Link { href: "/console".to_owned(), text: texts.get("to-the-console") });
    }
    let page = MePage {
        frame,
        email: own.email.as_str(),
        end_others: FormTarget::new(&person.live.cookie, END_OTHERS),
        mail: current.as_ref().map(|current| OwnMail::new(&person, current)),
        calendars: OwnCalendars::load(&state, &person, texts).await?,
        sessions: sessions.collect(),
    };
    Ok(respond::page(&page))
}

/// `POST /console/me/end-others`: ends all sessions of the person but this one (OWASP ASVS 5.0, 7.5.2).
pub async fn end_others(
    State(state): State<Arc<ConsoleState>>,
    request: Request,
) -> Result<Response, ConsoleError> {
    let (mut head, body) = request.into_parts();
    let person = PersonRequest::from_request_parts(&mut head, &state).await?;
    let request = Request::from_parts(head, body);
    Form::read(request, &state.app().config.issuer, &person.live.cookie).await?;
    if !person.live.session.proves_person() {
        return Err(ConsoleError::ConfirmationRequired(ConsolePath::root(), None));
    }
    state.sessions(person.now).end_others(&person.live).await?;
    Ok(see_other(&Notice::SessionsEnded.after("/console/me")))
}
