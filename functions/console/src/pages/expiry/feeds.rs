//! Calendars of what ends, which calendar programs fetch by a URL of their own.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::pages::expiry::feed_section::{NewFeed, may_have};
use crate::pages::expiry::page::page;
use crate::pages::parts::notice::Notice;
use crate::respond;
use crate::state::ConsoleState;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderValue, header};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use shared::adapters::store::Membership;
use shared::domain::console::path::ConsolePath;
use shared::services::audit::AuditContext;
use shared::services::clients::{ClientReader, Expiry, ExpiryQuery};
use shared::services::context::ManagementContext;
use shared::services::members::feeds::{FeedError, OwnFeeds, open_feed};
use shared::services::principal::Principal;
use shared::texts::Texts;
use shared::web::expiry_calendar::{self, CalendarEnd, MAX_EVENTS};
use shared::web::response::see_other;
use shared::web::security_headers::add_security_headers;
use std::sync::Arc;

/// Field of the form that makes a calendar: how many the page shows.
pub const KNOWN_FIELD: &str = "known";

/// How far ahead a calendar goes, in days.
const DAYS_AHEAD: i64 = 365;

fn own<'a>(state: &'a ConsoleState, request: &'a AccountRequest) -> Result<OwnFeeds<'a>, ConsoleError> {
    let feeds = OwnFeeds::authorize(request.management(state), &request.person.member.email)?;
    if may_have(request) {
        return Ok(feeds);
    }
    Err(ConsoleError::ConfirmationRequired(ConsolePath::root(), None))
}

/// `POST …/expiries/calendars`: makes a calendar, and shows its URL this once.
pub async fn add(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    let feeds = own(&state, &request)?;
    let peppers = state.app().peppers(request.audit_context.now).await?;
    let known = request.form.get(KNOWN_FIELD).and_then(|known| known.parse().ok());
    match feeds.add(&peppers, known.ok_or(ConsoleError::InvalidForm)?).await {
        Ok((token, feeds)) => {
            Ok(respond::page(&page(&state, &request, Some(NewFeed { token, feeds })).await?))
        }
        // Sent again, it made one before, whose URL is shown no more.
        Err(FeedError::Outdated | FeedError::Enough) => {
            Ok(see_other(&Notice::CalendarShown.after(&request.url("/expiries"))))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST …/expiries/calendars/end`: ends a calendar.
pub async fn end(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    match own(&state, &request)?.end(request.form.get("feed").unwrap_or_default()).await {
        // Ended twice, it is ended.
        Ok(()) | Err(FeedError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(see_other(&Notice::CalendarEnded.after(&request.url("/expiries"))))
}

/// `GET /calendar/{file}`: a calendar. A URL that is none, and one that is not valid any more, are answered alike.
pub async fn calendar(
    State(state): State<Arc<ConsoleState>>,
    Path(file): Path<String>,
) -> Result<Response, ConsoleError> {
    let (app, now) = (state.app(), state.app().clock.now());
    let peppers = app.peppers(now).await?;
    let token = file.strip_suffix(".ics").unwrap_or_default();
    let membership = open_feed(&app.store, &peppers, token).await?;
    let Membership { account, member } = membership.ok_or(ConsoleError::NotFound)?;
    let language = member.locale.or(account.locale).unwrap_or(app.config.locale);
    let (name, account_id) = (account.account_name.clone(), account.account_id.clone());
    let principal = Principal::calendar(&member, Arc::new(account));
    let audit_context = AuditContext { actor: principal.actor(None)?, now, request: None };
    let ctx = ManagementContext {
        principal: &principal,
        audit_context: &audit_context,
        backend: state.management.backend(),
    };
    let clients = ClientReader::authorize(ctx, account_id.as_str())?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let until = today.checked_add(DAYS_AHEAD.days()).unwrap_or(today);
    let query = ExpiryQuery { until, schedule: &app.config.reminder_days, history_days: 0 };
    let rows = clients.expiries(query, MAX_EVENTS, None).await?.page.items;
    let uids: Vec<String> = rows.iter().map(Expiry::uid).collect();
    let ends = rows.iter().zip(&uids).map(|(row, uid)| CalendarEnd {
        uid,
        client_name: &row.client_name,
        credential: &row.credential,
        expires_at: row.expires_at,
    });
    Ok(response(expiry_calendar::document(Texts::of(language), &name, state.host(), now, ends)))
}

fn response(document: String) -> Response {
    let mut response = Response::new(document.into());
    let headers = response.headers_mut();
    add_security_headers(headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"expiry.ics\""));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

impl From<FeedError> for ConsoleError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Access(error) => error.into(),
            FeedError::NotFound => Self::NotFound,
            FeedError::Enough | FeedError::Outdated => Self::Conflict("other_calendars"),
            FeedError::Contention(contention) => contention.into(),
            FeedError::Backend(error) => error.into(),
        }
    }
}
