//! Instants as people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use shared::texts::Texts;
use shared::texts::days::{days_ago, in_days};

/// An instant: its machine-readable form, as UTC in words, and how far away it is.
pub struct Instant {
    /// RFC 3339.
    pub machine: String,
    /// `2027-02-18 23:59 UTC`.
    pub utc: String,
    /// `in 84 days`, `tomorrow`, `3 hours ago`.
    pub relative: String,
}

impl Instant {
    /// The instant as it is seen at `now`.
    pub fn new(texts: Texts, at: Timestamp, now: Timestamp) -> Self {
        let utc = at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string();
        Self { machine: at.to_string(), utc, relative: relative(texts, at, now) }
    }
}

/// How far away an instant is, in words: less than a day in hours, more in days as e-mails have them.
pub fn relative(texts: Texts, at: Timestamp, now: Timestamp) -> String {
    let seconds = at.duration_since(now).as_secs();
    let (past, distance) = (seconds < 0, seconds.unsigned_abs());
    let (unit, n) = match distance {
        0..60 => return texts.get("time-now"),
        60..3_600 => ("minutes", distance / 60),
        3_600..86_400 => ("hours", distance / 3_600),
        _ if past => return days_ago(texts, at, now),
        _ => return in_days(texts, at, now),
    };
    let id = match (past, unit) {
        (true, "minutes") => "time-minutes-ago",
        (true, _) => "time-hours-ago",
        (false, "minutes") => "time-in-minutes",
        (false, _) => "time-in-hours",
    };
    texts.count(id, n)
}
