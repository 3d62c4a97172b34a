//! What the page of what ends says of the person's calendars.

use crate::account_request::AccountRequest;
use crate::forms::form_target::FormTarget;
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use jiff::Timestamp;
use shared::domain::account::{CalendarFeed, MAX_CALENDAR_FEEDS};
use shared::texts::Texts;

/// A calendar of the person.
pub struct FeedRow {
    /// What it is ended by.
    pub id: String,
    /// Which one it is: how its URL ends, and when it was made.
    pub name: String,
    /// What the button that ends it says to screen readers.
    pub end: String,
}

impl FeedRow {
    /// The row of a calendar.
    pub fn new(texts: Texts, feed: &CalendarFeed, now: Timestamp) -> Self {
        let at = Instant::new(texts, feed.created_at, now).utc;
        let (name, end) = match &feed.hint {
            Some(hint) => {
                let args = [("hint", hint.as_str()), ("at", at.as_str())];
                (texts.with("feed-made-hint", args), texts.with("feed-end-hint", args))
            }
            None => (texts.with("feed-made", [("at", &at)]), texts.with("feed-end-label", [("at", &at)])),
        };
        Self { id: feed.digest.clone(), name, end }
    }
}

/// A calendar that was just made, and all of the person's.
pub struct NewFeed {
    /// The last segment of its URL.
    pub token: String,
    /// The calendars, with this one.
    pub feeds: Vec<CalendarFeed>,
}

/// What the page says of the person's calendars.
pub struct FeedSection {
    /// The calendars.
    pub feeds: Vec<FeedRow>,
    /// URL of one that was just made: it is shown this once.
    pub new_url: Option<String>,
    /// Whether there may be another one.
    pub may_add: bool,
    /// The form that makes one.
    pub add: FormTarget,
    /// The form that ends one.
    pub end: FormTarget,
}

impl FeedSection {
    /// Those of a member in their own account, who has proved who they are: the holder of a link may be another person.
    pub fn of(state: &ConsoleState, request: &AccountRequest, new: Option<NewFeed>) -> Option<Self> {
        if !may_have(request) {
            return None;
        }
        let (texts, now) = (request.texts, request.audit_context.now);
        let row = |feed: &CalendarFeed| FeedRow::new(texts, feed, now);
        let (token, stored) = match new {
            Some(NewFeed { token, feeds }) => (Some(token), feeds),
            None => (None, request.person.member.calendar_feeds.clone()),
        };
        let feeds: Vec<FeedRow> = stored.iter().map(row).collect();
        Some(Self {
            may_add: feeds.len() < MAX_CALENDAR_FEEDS,
            feeds,
            new_url: token.map(|token| format!("{}/calendar/{token}.ics", state.app().config.issuer)),
            add: request.form_target_at(&request.url("/expiries/calendars")),
            end: request.form_target_at(&request.url("/expiries/calendars/end")),
        })
    }
}

/// Whether a request is of a member in their own account, who has proved who they are.
pub fn may_have(request: &AccountRequest) -> bool {
    request.live.session.proves_person() && request.person.member.account_id == request.account.account_id
}
