//! How many days away an instant is, in words: on pages and in e-mails alike.

use crate::texts::Texts;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The calendar days in UTC from the date of one instant to that of another; negative if that is before it.
///
/// Pages and e-mails name dates and times in UTC: the number is the difference of the dates that the reader sees.
#[must_use]
pub fn calendar_days(from: Timestamp, to: Timestamp) -> i64 {
    let date = |instant: Timestamp| instant.to_zoned(TimeZone::UTC).date();
    i64::from(date(from).until(date(to)).map_or(0, |span| span.get_days()))
}

/// `today`, `tomorrow`, `in 14 days`. What is over is `today`.
#[must_use]
pub fn in_days(texts: Texts, at: Timestamp, now: Timestamp) -> String {
    texts.count("in-days", u64::try_from(calendar_days(now, at)).unwrap_or(0))
}

/// `today`, `yesterday`, `2 days ago`. What is still to come is `today`.
#[must_use]
pub fn days_ago(texts: Texts, at: Timestamp, now: Timestamp) -> String {
    texts.count("days-ago", u64::try_from(calendar_days(at, now)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::primitives::language::Language;

    const ENGLISH: Texts = Texts::of(Language::English);

    fn at(instant: &str) -> Timestamp {
        instant.parse().expect("RFC 3339")
    }

    #[test]
    fn days_ahead_are_those_between_the_dates() {
        for (now, words) in [
            ("2026-11-20T00:00:00Z", "in 14 days"),
            ("2026-11-20T23:59:59Z", "in 14 days"),
            ("2026-11-21T00:00:00Z", "in 13 days"),
            ("2026-12-02T23:59:59Z", "in 2 days"),
            ("2026-12-03T00:00:00Z", "tomorrow"),
            ("2026-12-03T23:59:59Z", "tomorrow"),
            ("2026-12-04T00:00:00Z", "today"),
            ("2026-12-04T23:59:00Z", "today"),
            ("2026-12-09T00:00:00Z", "today"),
        ] {
            assert_eq!(in_days(ENGLISH, at("2026-12-04T23:59:00Z"), at(now)), words, "{now}");
        }
    }

    #[test]
    fn days_ago_are_those_between_the_dates() {
        for (now, words) in [
            ("2026-12-04T00:00:00Z", "today"),
            ("2026-12-04T23:59:59Z", "today"),
            ("2026-12-05T00:00:00Z", "yesterday"),
            ("2026-12-05T23:59:59Z", "yesterday"),
            ("2026-12-06T00:00:00Z", "2 days ago"),
        ] {
            assert_eq!(days_ago(ENGLISH, at("2026-12-04T23:59:00Z"), at(now)), words, "{now}");
        }
    }

    #[test]
    fn years_and_leap_days_are_days() {
        for (from, to, days) in [
            ("2028-02-28T23:59:00Z", "2028-03-01T23:59:00Z", 2),
            ("2027-02-28T23:59:00Z", "2027-03-01T23:59:00Z", 1),
            ("2026-12-04T00:00:00Z", "2028-12-04T00:00:00Z", 731),
            ("2026-12-04T00:00:00Z", "2026-12-01T23:59:59Z", -3),
        ] {
            assert_eq!(calendar_days(at(from), at(to)), days, "{from} {to}");
        }
    }
}
