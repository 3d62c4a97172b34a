//! The axis of a timeline: its days and months.

use crate::pages::clients::badges::month;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use shared::texts::Texts;

/// The days that a timeline shows.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first day (UTC).
    pub first: Date,
    /// The last day.
    pub last: Date,
}

/// A month of the axis.
pub struct Month {
    /// Where it begins, in percent.
    pub x: String,
    /// Its first letters.
    pub name: String,
    /// Its first letter, for narrow windows.
    pub letter: String,
}

impl Span {
    /// Twelve months that end so many days ahead; more where more days are ahead.
    pub fn ahead(now: Timestamp, days: i64) -> Self {
        let today = now.to_zoned(TimeZone::UTC).date();
        let back = (365 - days).max(60);
        let date = |days: i64| today.checked_add(days.days()).unwrap_or(today);
        Self { first: date(-back), last: date(days) }
    }

    /// How many days before today it begins.
    pub fn days_back(self, now: Timestamp) -> i64 {
        let today = now.to_zoned(TimeZone::UTC).date();
        self.first.until(today).map_or(0, |span| i64::from(span.get_days()))
    }

    /// Where an instant is, in percent; before and after the days that are shown, at their edge.
    pub(super) fn place(self, at: Timestamp) -> f64 {
        let begin = |date: Date| {
            let midnight = date.to_zoned(TimeZone::UTC).map(|begin| begin.timestamp());
            midnight.map_or(0, Timestamp::as_second)
        };
        let (first, last) = (begin(self.first), begin(self.last) + 86_400);
        #[expect(clippy::cast_precision_loss, reason = "days of some months fit")]
        let share = (at.as_second() - first) as f64 / (last - first).max(1) as f64;
        (share * 100.0).clamp(0.0, 100.0)
    }

    pub(super) fn percent(self, at: Timestamp) -> String {
        percent(self.place(at))
    }

    pub(super) fn months(self, texts: Texts) -> Vec<Month> {
        let next = |date: Date| date.first_of_month().checked_add(1.month()).unwrap_or(Date::MAX);
        let begins = std::iter::successors(Some(next(self.first)), |date| Some(next(*date)));
        let shown = begins.take_while(|date| *date <= self.last);
        shown
            .filter_map(|date| {
                let name = month(texts, date.month());
                let at = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
                Some(Month {
                    x: self.percent(at),
                    name: name.chars().take(3).collect(),
                    letter: name.chars().take(1).collect(),
                })
            })
            .collect()
    }
}

/// A place as an attribute of SVG.
pub(super) fn percent(place: f64) -> String {
    format!("{place:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::primitives::language::Language;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_span_of_twelve_months_has_today_where_it_is() {
        let now = at("2026-11-28T00:00:00Z");
        let span = Span::ahead(now, 90);
        assert_eq!(span.days_back(now), 275);
        let place = span.place(now);
        assert!((place - 275.0 / 366.0 * 100.0).abs() < 0.01, "{place}");
        assert_eq!(span.percent(at("2020-01-01T00:00:00Z")), "0.00%");
        assert_eq!(span.percent(at("2030-01-01T00:00:00Z")), "100.00%");
        let year = Span::ahead(now, 365);
        assert_eq!(year.days_back(now), 60);
    }

    #[test]
    fn an_axis_has_each_month_once_with_its_letter() {
        let span = Span::ahead(at("2026-11-28T00:00:00Z"), 90);
        let months = span.months(Texts::of(Language::English));
        let letters: String = months.iter().map(|month| month.letter.as_str()).collect();
        assert_eq!(letters, "MAMJJASONDJF");
        assert_eq!(months[0].name, "Mar");
    }
}
