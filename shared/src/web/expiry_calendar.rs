//! What ends in an account, as a calendar.

use crate::domain::primitives::display_text::Name;
use crate::domain::primitives::visible_text::without_hidden_characters;
use crate::domain::reminder::ExpiringCredential;
use crate::texts::Texts;
use crate::wire::calendar::{self, CalendarEvent};
use jiff::Timestamp;

/// The most events of a calendar.
pub const MAX_EVENTS: usize = 500;

/// A credential that ends. The calendar names its client, and of a secret the last four characters.
#[derive(Clone, Copy, Debug)]
pub struct CalendarEnd<'a> {
    /// What identifies it, and says nothing about it.
    pub uid: &'a str,
    /// The client.
    pub client_name: &'a Name,
    /// The credential.
    pub credential: &'a ExpiringCredential,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The calendar of an account in a language, on the site of this host.
#[must_use]
pub fn document<'a>(
    texts: Texts,
    account: &Name,
    host: &str,
    now: Timestamp,
    ends: impl IntoIterator<Item = CalendarEnd<'a>>,
) -> String {
    let account = without_hidden_characters(account.as_str());
    let name = texts.with("calendar-name", [("account", account.as_str()), ("site", host)]);
    let event = |end: CalendarEnd<'_>| {
        let client = without_hidden_characters(end.client_name.as_str());
        let summary = match end.credential {
            ExpiringCredential::Secret { hint, .. } => {
                texts.with("calendar-secret", [("client", client.as_str()), ("hint", hint)])
            }
            ExpiringCredential::Certificate { .. } => {
                texts.with("calendar-certificate", [("client", client.as_str())])
            }
        };
        let description = texts.with("calendar-description", [("site", host)]);
        CalendarEvent { uid: format!("{}@{host}", end.uid), summary, description, at: end.expires_at }
    };
    calendar::document(&name, now, ends.into_iter().map(event))
}
