//! What the page of what ends says of the person's calendars.

use crate::account_request::AccountRequest;
use crate::forms::form_target::FormTarget;
use crate::pages::parts::time::Instant;
use crate::state::ConsoleState;
use shared::domain::account::{CalendarFeed, MAX_CALENDAR_FEEDS};

/// A calendar of the person.
pub struct FeedRow {
    /// What it is ended by.
    pub id: String,
    /// When it was made.
    pub created: Instant,
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
        let row = |feed: &CalendarFeed| FeedRow {
            id: feed.digest.clone(),
            created: Instant::new(texts, feed.created_at, now),
        };
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
