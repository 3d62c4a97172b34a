//! Which entries of an audit trail are read.

use crate::domain::audit::ActionGroup;
use crate::domain::primitives::ids::ClientId;
use crate::domain::primitives::validation::{FieldError, FromJson, from_string};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The longest `actor` and `action`, in bytes: more than an e-mail address has.
const MAX_TEXT: usize = 320;

/// Absent filters let all entries pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// The client that is the target, or whose secret is.
    pub client_id: Option<ClientId>,
    /// The client, the person or the system that acted.
    pub actor: Option<FilterText>,
    /// The action.
    pub action: Option<FilterText>,
    /// What the action is about.
    pub group: Option<ActionGroup>,
    /// The earliest time.
    pub from: Option<FilterTime>,
    /// The time before which the entries are.
    pub to: Option<FilterTime>,
}

impl AuditFilter {
    /// Errors of its members in combination.
    #[must_use]
    pub fn validate(&self) -> Option<FieldError> {
        let (from, to) = (self.from?, self.to?);
        (from.0 >= to.0).then(|| FieldError::new("to", "must be later than from"))
    }
}

/// A text that is compared exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterText(String);

impl FilterText {
    /// The text of a field; `None` if it is empty or too long for any name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (1..=MAX_TEXT).contains(&text.len()).then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromJson for FilterText {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, |text| {
            let good = (1..=MAX_TEXT).contains(&text.len());
            if good { Ok(Self(text.to_owned())) } else { Err(format!("must be 1 to {MAX_TEXT} bytes long")) }
        })
    }
}

/// A time as a caller writes it: RFC 3339, or a date, which is its beginning in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterTime(pub Timestamp);

impl FromJson for FilterTime {
    fn from_json(value: &Value) -> Result<Self, Vec<FieldError>> {
        from_string(value, |text| {
            let begin = |date: Date| date.to_zoned(TimeZone::UTC).map(|begin| begin.timestamp());
            let time = text.parse::<Timestamp>().or_else(|_| text.parse::<Date>().and_then(begin));
            time.map(Self)
                .map_err(|_| "must be a time such as 2026-01-31T12:00:00Z, or a date such as 2026-01-31")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Option<String> {
        FilterTime::from_json(&Value::from(text)).ok().map(|time| time.0.to_string())
    }

    #[test]
    fn a_time_may_have_any_offset_and_a_date_begins_in_utc() {
        assert_eq!(time("2026-01-31T12:00:00Z").as_deref(), Some("2026-01-31T12:00:00Z"));
        assert_eq!(time("2026-01-31T12:00:00.5+02:00").as_deref(), Some("2026-01-31T10:00:00.5Z"));
        assert_eq!(time("2026-01-31").as_deref(), Some("2026-01-31T00:00:00Z"));
        for text in ["", "yesterday", "2026-13-01", "2026-02-30", "12:00", "2026-01-31T12:00:00"] {
            assert!(text == "2026-01-31T12:00:00" || time(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_range_is_not_empty() {
        let at = |text: &str| FilterTime::from_json(&Value::from(text)).ok();
        let filter = |from, to| AuditFilter { from: at(from), to: at(to), ..AuditFilter::default() };
        assert_eq!(filter("2026-01-01", "2026-01-02").validate(), None);
        assert!(filter("2026-01-02", "2026-01-02").validate().is_some());
        assert_eq!(filter("2026-01-02", "").validate(), None);
    }
}
