//! The query of the page of what ends.

use crate::paging;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// How many days ahead ends are shown; the first one if none is chosen.
pub const RANGES: [i64; 3] = [90, 30, 365];

/// What the query of the page says.
pub struct PageQuery {
    /// How many days ahead ends are shown.
    pub days: i64,
    /// Position.
    pub after: Option<String>,
}

impl PageQuery {
    /// Reads a query. What it does not know is ignored.
    pub fn parse(query: &str) -> Self {
        let mut read = Self { days: RANGES[0], after: None };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "days" => {
                    let days = value.parse().ok().filter(|days| RANGES.contains(days));
                    read.days = days.unwrap_or(RANGES[0]);
                }
                paging::PARAMETER => read.after = Some(value.into_owned()),
                _ => {}
            }
        }
        read
    }

    /// The last date (UTC) that is shown.
    pub fn until(&self, now: Timestamp) -> Date {
        let today = now.to_zoned(TimeZone::UTC).date();
        today.checked_add(self.days.days()).unwrap_or(today)
    }
}
