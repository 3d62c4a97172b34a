//! Dates as a calendar (RFC 5545), for calendar programs.

use icalendar::{Calendar, Component, Event, Property};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Media type of calendars.
pub const MEDIA_TYPE: &str = "text/calendar";

/// An instant that a calendar shows. It has no alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEvent {
    /// What identifies it, also when it moves; without regard to the calendar.
    pub uid: String,
    /// Its title.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// When it is.
    pub at: Timestamp,
}

/// A calendar with a name, as it is at `now`.
#[must_use]
pub fn document(name: &str, now: Timestamp, events: impl IntoIterator<Item = CalendarEvent>) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//Latchkey//Expiry//EN"))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .append_property(text("NAME", name))
        .append_property(text("X-WR-CALNAME", name))
        .append_property(Property::new("REFRESH-INTERVAL", "PT12H").add_parameter("VALUE", "DURATION").done())
        .append_property(Property::new("X-PUBLISHED-TTL", "PT12H"));
    for event in events {
        let event = Event::new()
            .uid(&event.uid)
            .append_property(Property::new("DTSTAMP", utc(now)))
            .append_property(Property::new("DTSTART", utc(event.at)))
            .append_property(Property::new("TRANSP", "TRANSPARENT"))
            .summary(&event.summary)
            .description(&event.description)
            .done();
        calendar.push(event);
    }
    calendar.to_string()
}

/// Whether an `Accept` header (RFC 9110 §12.5.1) names calendars, and prefers nothing else to them.
#[must_use]
pub fn is_preferred(accept: &str) -> bool {
    crate::wire::accept::prefers(accept, MEDIA_TYPE)
}

fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text that the crate does not know as one, and would not escape otherwise.
fn text(name: &str, value: &str) -> Property {
    Property::new(name, value).add_parameter("VALUE", "TEXT").done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn event(summary: &str) -> CalendarEvent {
        CalendarEvent {
            uid: "a1@login.example.com".to_owned(),
            summary: summary.to_owned(),
            description: String::new(),
            at: at("2027-02-18T23:59:00Z"),
        }
    }

    /// RFC 5545 §3.1: the lines without the folds.
    fn unfolded(document: &str) -> Vec<String> {
        assert!(document.lines().all(|line| line.len() <= 75), "{document}");
        assert_eq!(document.matches('\n').count(), document.matches("\r\n").count());
        document.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn calendar_has_what_rfc_5545_requires() {
        let lines = unfolded(&document("Ends", at("2026-11-28T10:00:00Z"), [event("Order sync")]));
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Latchkey//Expiry//EN",
            "BEGIN:VEVENT",
            "UID:a1@login.example.com",
            "DTSTAMP:20261128T100000Z",
            "DTSTART:20270218T235900Z",
            "SUMMARY:Order sync",
            "END:VEVENT",
            "END:VCALENDAR",
        ] {
            assert_eq!(lines.iter().filter(|found| *found == line).count(), 1, "{line}: {lines:?}");
        }
        assert!(!lines.iter().any(|line| line.contains("VALARM")));
    }

    #[test]
    fn texts_are_escaped_and_folded() {
        let name = "A; B, C\\D\nEND:VEVENT \u{1d11e}".repeat(9);
        let lines = unfolded(&document(&name, at("2026-11-28T10:00:00Z"), [event(&name)]));
        let summary = lines.iter().find_map(|line| line.strip_prefix("SUMMARY:")).expect("a title");
        assert_eq!(summary, "A\\; B\\, C\\\\D\\nEND:VEVENT \u{1d11e}".repeat(9));
        assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
        assert_eq!(lines.iter().find_map(|line| line.strip_prefix("NAME;VALUE=TEXT:")), Some(summary));
    }
}
