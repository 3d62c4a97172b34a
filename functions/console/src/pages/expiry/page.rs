//! The page of what ends in an account: a picture, a table, and the person's calendars.

use crate::account_request::AccountRequest;
use crate::error::ConsoleError;
use crate::frame::{Frame, NavEntry, display_name};
use crate::pages::expiry::feed_section::{FeedSection, NewFeed};
use crate::pages::expiry::query::{PageQuery, RANGES};
use crate::pages::expiry::table::{ExpiryRow, what};
use crate::pages::expiry::timeline::{Span, Timeline, TimelineData};
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use crate::{paging, respond};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use shared::domain::reminder::SentReminder;
use shared::services::clients::{Expiry, ExpiryQuery, MAX_EXPIRY_CLIENTS};
use shared::texts::Texts;
use std::sync::Arc;

/// Rows of a page.
const PAGE_SIZE: usize = 20;

#[derive(Template)]
#[template(path = "expiry/page.html")]
pub struct ExpiryPage<'a> {
    frame: Frame<'a>,
    ranges: Vec<NavEntry>,
    /// The picture, of the first page.
    timeline: Option<Timeline>,
    rows: Vec<ExpiryRow>,
    /// Said where not all clients were looked at.
    truncated: Option<String>,
    /// URL of the first page.
    first: Option<String>,
    /// URL of the next page.
    next: Option<String>,
    /// URL of the table as CSV.
    csv: String,
    feeds: Option<FeedSection>,
}

/// `GET /console/accounts/{account_id}/expiries`
pub async fn show(
    State(state): State<Arc<ConsoleState>>,
    request: AccountRequest,
) -> Result<Response, ConsoleError> {
    Ok(respond::page(&page(&state, &request, None).await?))
}

/// The page, with a new calendar once it was made.
pub async fn page<'a>(
    state: &'a ConsoleState,
    request: &'a AccountRequest,
    new_feed: Option<NewFeed>,
) -> Result<ExpiryPage<'a>, ConsoleError> {
    let clients = request.clients(state)?;
    let (app, now, texts) = (state.app(), request.audit_context.now, request.texts);
    let query = PageQuery::parse(&request.query);
    let path = request.url("/expiries");
    let (span, purpose) = (Span::ahead(now, query.days), format!("{path}?{}", query.days));
    let after = paging::open(app, &purpose, query.after.as_deref(), now).await?;
    let schedule = &app.config.reminder_days;
    let wanted = ExpiryQuery { until: query.until(now), schedule, history_days: span.days_back(now) };
    let found = clients.expiries(wanted, PAGE_SIZE, after.as_ref()).await?;
    let next = paging::seal(app, &purpose, found.page.next.clone(), now).await?;
    let data = TimelineData {
        rows: &found.page.items,
        reminders: &found.reminders,
        schedule,
        span,
        now,
        is_named: true,
    };
    let is_first = after.is_none();
    let timeline = (is_first && !found.page.items.is_empty()).then(|| {
        let title = texts.count("expiry-picture-title", found.total as u64);
        let first = in_words(texts, &found.page.items[0], now);
        let within = texts.count("expiry-picture-range", query.days.unsigned_abs());
        data.draw(texts, title, format!("{within} {first}"))
    });
    let own = |days: i64| format!("{path}?days={days}");
    Ok(ExpiryPage {
        frame: Frame::in_account(state, request, texts.get("expiry-title")),
        ranges: ranges(texts, query.days, own),
        timeline,
        rows: found.page.items.iter().map(|row| ExpiryRow::new(request, row)).collect(),
        truncated: found.is_truncated.then(|| texts.count("expiry-truncated", MAX_EXPIRY_CLIENTS as u64)),
        first: (!is_first).then(|| own(query.days)),
        next: next.map(|position| format!("{}&{}={position}", own(query.days), paging::PARAMETER)),
        csv: format!("{}?days={}", request.url("/expiries.csv"), query.days),
        feeds: FeedSection::of(state, request, new_feed),
    })
}

/// The days that the picture of one client shows: twelve months that end in 90 days.
pub fn span_of_client(now: Timestamp) -> Span {
    Span::ahead(now, RANGES[0])
}

/// The picture of one client. `None` if nothing of it ends. The notices may be those of the whole account.
pub fn of_client(
    state: &ConsoleState,
    request: &AccountRequest,
    rows: &[Expiry],
    sent: &[SentReminder],
) -> Option<Timeline> {
    let (now, texts, first) = (request.audit_context.now, request.texts, rows.first()?);
    let (span, schedule) = (span_of_client(now), &state.app().config.reminder_days);
    let data = TimelineData { rows, reminders: sent, schedule, span, now, is_named: false };
    let title = texts.count("expiry-picture-title", rows.len() as u64);
    Some(data.draw(texts, title, in_words(texts, first, now)))
}

fn ranges(texts: Texts, chosen: i64, url: impl Fn(i64) -> String) -> Vec<NavEntry> {
    let mut ranges = RANGES;
    ranges.sort_unstable();
    let entry = |days: i64| NavEntry {
        href: url(days),
        text: texts.count("expiry-range", days.unsigned_abs()),
        is_current: days == chosen,
    };
    ranges.into_iter().map(entry).collect()
}

/// The first end in words.
fn in_words(texts: Texts, first: &Expiry, now: Timestamp) -> String {
    let at = Instant::new(texts, first.expires_at, now);
    texts.with(
        "expiry-picture-first",
        [
            ("client", display_name(&first.client_name).as_str()),
            ("what", &what(texts, first)),
            ("at", &at.utc),
        ],
    )
}
