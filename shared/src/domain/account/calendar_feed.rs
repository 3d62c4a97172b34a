//! Calendars of what ends, which calendar programs of a member fetch by a URL of their own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most calendars of a member of an account.
pub const MAX_CALENDAR_FEEDS: usize = 3;

/// A calendar of a member. Its URL is kept nowhere: only the digest by which it is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarFeed {
    /// SHA-256 of the random part of its URL, in hex.
    pub digest: String,
    /// The last characters of its URL before the suffix, by which its maker knows it; absent for older ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}
