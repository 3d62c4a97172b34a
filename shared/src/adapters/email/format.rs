//! Formats of e-mails: instants, days, and names that fit on a line.

use crate::domain::primitives::visible_text::without_hidden_characters;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const DAY: i64 = 24 * 60 * 60;

/// The longest subject, in characters: RFC 5322 §2.1.1 allows 78 to a line, and the MIME writer encodes
/// what is longer than 77, which is legal but hard to read where mail is read raw.
const MAX_SUBJECT: usize = 77;

/// The fewest characters that a name is shortened to.
const MIN_NAME: usize = 12;

/// `18 February 2027`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `18 February 2027`, in UTC.
pub fn day_of(instant: Timestamp) -> String {
    day(instant.to_zoned(TimeZone::UTC).date())
}

/// `18 February 2027, 23:59:00 UTC`.
pub fn instant(instant: Timestamp) -> String {
    instant.to_zoned(TimeZone::UTC).strftime("%-d %B %Y, %H:%M:%S UTC").to_string()
}

/// `in 14 days`, `in 1 day`, `today`.
///
/// Days are periods of 24 hours, rounded to the nearest, and not calendar days, because the reader's time zone is
/// unknown. Rounded, because a reminder that is due 14 days ahead is sent minutes later, 13 days and many hours ahead.
pub fn in_days(end: Timestamp, now: Timestamp) -> String {
    match (end.duration_since(now).as_secs() + DAY / 2).div_euclid(DAY) {
        ..=0 => "today".to_owned(),
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    }
}

/// `ended 2 days ago`, `ended 1 day ago`, `ended less than a day ago`: whole days of 24 hours.
pub fn days_ago(end: Timestamp, now: Timestamp) -> String {
    match now.duration_since(end).as_secs().div_euclid(DAY) {
        ..=0 => "ended less than a day ago".to_owned(),
        1 => "ended 1 day ago".to_owned(),
        days => format!("ended {days} days ago"),
    }
}

/// The text without characters that break lines, reorder text or are not seen. Names are validated when they are set, but a
/// stored one may be older than the rule.
pub fn sanitize(text: &str) -> String {
    without_hidden_characters(text)
}

/// At most `limit` characters.
pub fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let kept: String = text.chars().take(limit.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}

/// A subject with a name in it, which is shortened so that the subject fits on a line.
pub fn subject(before: &str, name: &str, after: &str) -> String {
    let words = before.chars().count() + after.chars().count();
    let name = shorten(name, MAX_SUBJECT.saturating_sub(words).max(MIN_NAME));
    // Mail programs decode what looks like an encoded word (RFC 2047 §2).
    format!("{before}{name}{after}").replace("=?", "= ?")
}

/// A name for use between quotation marks: its own are replaced, so that they do not end the quotation.
pub fn quote(name: &str) -> String {
    name.replace('"', "'")
}
